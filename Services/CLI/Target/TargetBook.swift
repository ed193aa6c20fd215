import Foundation

/// The servers that have names: a small JSON file, readable by its owner alone.
struct TargetBook: Codable, Equatable, Sendable {
  /// What `list`, `describe`, `call` and `bench` talk to when they are not told.
  var current: String?
  var targets: [String: NamedTarget] = [:]

  /// `HUYING_CONFIG`, or the usual place for a program's settings.
  static var path: String {
    if let path = ProcessInfo.processInfo.environment["HUYING_CONFIG"], !path.isEmpty { return path }
    return NSHomeDirectory() + "/.config/huying/config.json"
  }

  /// The book as it is on disk; empty before the first target.
  static func load(_ path: String = path) throws(Complaint) -> TargetBook {
    guard let data = FileManager.default.contents(atPath: path) else {
      guard FileManager.default.fileExists(atPath: path) else { return TargetBook() }
      throw Complaint("\(path) 不可读", "\(path) cannot be read")
    }
    do { return try JSONDecoder().decode(TargetBook.self, from: data) } catch {
      let what = Self.sentence(error)
      throw Complaint("\(path) 不是名称文件：\(what)", "\(path) is not a list of targets: \(what)")
    }
  }

  /// Written whole or not at all.
  func save(_ path: String = path) throws(Complaint) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      let folder = (path as NSString).deletingLastPathComponent
      if !folder.isEmpty { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
      let draft = "\(path).\(getpid())"
      let data = try encoder.encode(self) + Data("\n".utf8)
      guard
        FileManager.default.createFile(atPath: draft, contents: data, attributes: [.posixPermissions: 0o600]),
        rename(draft, path) == 0
      else { throw Complaint.unwritable(path) }
    } catch {
      throw Complaint.unwritable(path)
    }
  }

  /// A name is one word that cannot be taken for an address.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0) }
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context): context.debugDescription
    case DecodingError.keyNotFound(let key, _): Say.of("缺少 \(key.stringValue)", "\(key.stringValue) is missing")
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.map(\.stringValue).joined(separator: ".") + Say.of(" 不符合要求", " does not fit")
    default: "\(error)"
    }
  }
}

/// One server: where it is and how one talks to it.
struct NamedTarget: Codable, Equatable, Sendable {
  var address: String
  var tls: TLSSettings?
  var authority: String?
  /// Metadata of every call, `name: value`; `${NAME}` in a value is taken from the environment when the call is made.
  var headers: [String]?
}
