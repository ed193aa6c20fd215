import Wire
import WireTypes

/// Types to speak with: what was asked for, all that it needs, and the well-known ones.
struct Schema: Sendable {
  /// By name, without the built-in ones that nobody imports.
  private let own: [String: SchemaFile]
  /// Imported files first; where the files do not bring a well-known one, our own stands in.
  let files: [SchemaFile]
  let pool: DescriptorPool

  init(_ given: [SchemaFile]) throws {
    own = Dictionary(given.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let known = SchemaFile.builtIn.merging(own) { _, own in own }
    files = Self.ordered(known)
    do throws(DescriptorPool.Failure) {
      pool = try DescriptorPool(files: files.map { ($0.name, $0.bytesWithoutGroups) })
    } catch {
      throw SchemaFailure(error)
    }
  }

  /// This one, and what another has besides.
  func adding(_ other: Schema) throws -> Schema { try Schema(Array(own.values) + Array(other.own.values)) }

  /// Whether the file came with what was asked for: the built-in ones did not.
  func isOwn(_ file: String) -> Bool { own[file] != nil }

  /// The services of the files that were given, in their order.
  var services: [ServiceType] {
    let names = Set(
      files.filter { isOwn($0.name) }.flatMap { file in
        file.descriptor.service.map {
          [file.descriptor.package ?? "", $0.name ?? ""].filter { !$0.isEmpty }.joined(separator: ".")
        }
      })
    return pool.services.filter { names.contains($0.fullName) }
  }

  /// Imported files first.
  private static func ordered(_ files: [String: SchemaFile]) -> [SchemaFile] {
    var result: [SchemaFile] = []
    var seen: Set<String> = []
    func visit(_ name: String) {
      guard seen.insert(name).inserted, let file = files[name] else { return }
      for dependency in file.descriptor.dependency { visit(dependency) }
      result.append(file)
    }
    for name in files.keys.sorted() { visit(name) }
    return result
  }
}

/// Files that are not whole.
struct SchemaFailure: Error {
  let missingType: String?
  let complaint: Complaint

  init(_ failure: DescriptorPool.Failure) {
    switch failure {
    case .missingType(let name, let user):
      missingType = name
      complaint = Complaint(
        "\(user) 用到 \(name)，而没有文件声明它；描述集须用 --include_imports 生成",
        "\(user) needs \(name), which no file declares; a descriptor set needs --include_imports")
    case .unreadable(let file):
      missingType = nil
      complaint = Complaint("\(file) 不是文件描述", "\(file) is no file descriptor", exitCode: 64 + 13)
    case .unsupported(let field):
      missingType = nil
      complaint = Complaint(
        "\(field) 是 group：不支持", "\(field) is a group: groups are not supported", exitCode: 64 + 12)
    }
  }
}
