import WireTypes

/// Finds what a person means by a name: written in full, with a slash or with dots, or only as much of its end as is unique.
struct Lookup: Sendable {
  let source: any SchemaSource

  /// An RPC: `package.Service/Method`, `package.Service.Method`, `/package.Service/Method`, `Service/Method`, `Method`.
  func method(_ text: String) async throws -> (schema: Schema, method: MethodType) {
    let name = Self.dotted(text)
    guard !name.isEmpty, !name.hasPrefix("."), !name.hasSuffix(".") else {
      throw Complaint(
        "\(text) 不是方法名，应写作 package.Service/Method", "\(text) is no method; write package.Service/Method")
    }
    if let dot = name.lastIndex(of: ".") {
      let service = String(name[..<dot])
      if let schema = try await source.schema(declaring: service), let found = schema.pool.service(named: service) {
        let own = String(name[name.index(after: dot)...])
        if let method = found.methods.first(where: { $0.name == own }) { return (schema, method) }
        if let close = Self.only(found.methods.filter({ $0.name.lowercased() == own.lowercased() })) {
          return (schema, close)
        }
        let hint = Self.hint(own, found.methods.map(\.name))
        throw Complaint(
          "\(service) 没有方法 \(own)\(hint)", "\(service) has no method \(own)\(hint)", exitCode: 64 + 12)
      }
    }
    let schema = try await everything()
    let methods = schema.services.flatMap(\.methods)
    let path = try Self.find(
      name, text, methods.map { Self.dotted($0.path) }, exitCode: 64 + 12, noun: Say.of("方法", "method"))
    guard let method = methods.first(where: { Self.dotted($0.path) == path }) else {
      throw Complaint("没有 \(path)", "no \(path)")
    }
    return (schema, method)
  }

  /// A service, in full or by its end.
  func service(_ text: String) async throws -> ServiceType {
    let name = Self.dotted(text)
    if let service = try await source.schema(declaring: name)?.pool.service(named: name) { return service }
    let found = try Self.find(name, text, try await source.services(), exitCode: 64 + 5, noun: Say.of("服务", "service"))
    guard let service = try await source.schema(declaring: found)?.pool.service(named: found) else {
      throw Complaint("服务器没有说明 \(found)", "the server does not describe \(found)", exitCode: 64 + 5)
    }
    return service
  }

  /// Anything that has a name: a service, an RPC, a message, an enum, a field, a value.
  func symbol(_ text: String) async throws -> (schema: Schema, index: SymbolIndex, symbol: SymbolIndex.Symbol) {
    let name = Self.dotted(text)
    var asked = name[...]
    // Not every server knows its methods and fields by name; then what they are part of is asked for.
    for _ in 0..<3 {
      if let schema = try await source.schema(declaring: String(asked)) {
        let index = SymbolIndex(schema)
        if let symbol = index[name] { return (schema, index, symbol) }
      }
      guard let dot = asked.lastIndex(of: ".") else { break }
      asked = asked[..<dot]
    }
    let schema = try await everything()
    let index = SymbolIndex(schema)
    let isMember =
      !index.names.contains { Self.ends($0, in: name) } && index.members.contains { Self.ends($0, in: name) }
    let found = try Self.find(
      name, text, isMember ? index.members : index.names, exitCode: 64 + 5, noun: Say.of("名称", "symbol"))
    guard let symbol = index[found] else { throw Complaint("没有 \(found)", "no \(found)") }
    return (schema, index, symbol)
  }

  /// All services with all their types. Reflection itself is left out: everybody has it and nobody looks for it.
  func everything() async throws -> Schema {
    try await source.schema(of: try await source.services().filter { !$0.hasPrefix("grpc.reflection.") })
  }

  /// `a.b.Service.Method` of whatever way it was written.
  static func dotted(_ text: String) -> String {
    let name = text.hasPrefix("/") || text.hasPrefix(".") ? text.dropFirst() : text[...]
    return String(name.map { $0 == "/" ? "." : $0 })
  }

  /// The only candidate that is `name` or ends in it; letters' case counts only if it has to.
  static func find(
    _ name: String, _ text: String, _ candidates: [String], exitCode: Int32, noun: String
  ) throws(Complaint) -> String {
    for fold in [{ (text: String) in text }, { (text: String) in text.lowercased() }] {
      let wanted = fold(name)
      let fitting = candidates.filter { fold($0) == wanted || fold($0).hasSuffix("." + wanted) }
      if let exact = fitting.first(where: { $0 == name }) ?? only(fitting) { return exact }
      if !fitting.isEmpty {
        let list = fitting.sorted().joined(separator: ", ")
        throw Complaint("\(text) 可能是：\(list)", "\(text) may be any of: \(list)", exitCode: exitCode)
      }
    }
    let hint = hint(name, candidates)
    throw Complaint(
      "服务器没有\(noun) \(text)\(hint)", "the server has no \(noun) \(text)\(hint)", exitCode: exitCode)
  }

  private static func ends(_ candidate: String, in name: String) -> Bool {
    candidate == name || candidate.lowercased().hasSuffix("." + name.lowercased())
  }

  private static func only<Element>(_ elements: [Element]) -> Element? { elements.count == 1 ? elements[0] : nil }

  /// What was probably meant.
  private static func hint(_ name: String, _ candidates: [String]) -> String {
    let last = name.split(separator: ".").last.map(String.init)?.lowercased() ?? ""
    let near = candidates.map { candidate in
      (candidate, Spelling.distance(last, candidate.split(separator: ".").last?.lowercased() ?? ""))
    }.filter { $0.1 <= max(1, last.count / 3) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(3).map(\.0)
    let list = near.joined(separator: ", ")
    return near.isEmpty ? "" : Say.of("；是否指 \(list)？", "; did you mean \(list)?")
  }
}

/// How far two words are apart.
enum Spelling {
  /// Letters to add, to take away or to change (Levenshtein).
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let next = min(row[column + 1] + 1, row[column] + 1, diagonal + (letter == right[column] ? 0 : 1))
        diagonal = row[column + 1]
        row[column + 1] = next
      }
    }
    return row[right.count]
  }
}
