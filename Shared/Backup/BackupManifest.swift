import Foundation

/// What a set says of itself: `manifest.json`, readable by people and by other programs. No personal data, no keys.
package struct BackupManifest: Codable, Hashable, Sendable {
  /// What this program writes.
  package static let currentFormat = "huying-backup-1"

  /// How to read the rest.
  package var format = Self.currentFormat
  /// This set, and no other.
  package var setID: String
  /// RFC 3339.
  package var beginTime: String
  package var endTime = ""
  /// Which version of the program made it.
  package var programVersion = ""
  package var engineVersion = ""
  /// To which key its files are sealed: `BackupPublicKey.name`; empty if they are not.
  package var recipient = ""
  package var files: [File] = []

  package init(setID: String, beginTime: String) {
    self.setID = setID
    self.beginTime = beginTime
  }

  /// One file of a set.
  package struct File: Codable, Hashable, Sendable {
    /// The process that it belongs to, `dispute`; of key files `keys`.
    package var service: String
    /// Its name in the process's data folder.
    package var name: String
    /// Where it lies in the set.
    package var path: String
    package var bytes: Int64
    package var sha256: String
    /// The same of the file as it lies in the set, where it is sealed.
    package var storedBytes: Int64
    package var storedSha256: String
    package var copyTime: String
    package var tables: [String: Int64]
    package var migrations: [String]
    package var journal: Journal?
    package var heard: [Heard]
    package var sealingKeys: [String]
  }

  /// Where a journal ends.
  package struct Journal: Codable, Hashable, Sendable {
    package var sourceEpoch: String
    package var seq: Int64
    package var eventID: String
    package var hash: String
  }

  /// How far a service has heard another one.
  package struct Heard: Codable, Hashable, Sendable {
    package var source: String
    package var sourceEpoch: String
    package var seq: Int64
    package var eventID: String
  }
}

extension BackupManifest {
  /// Its name in a set.
  package static let fileName = "manifest.json"

  /// The manifest as it stands in its file.
  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The same as text, without the last line's end.
  package func text() throws -> String { String(decoding: try encoded().dropLast(), as: UTF8.self) }

  /// The manifest of the set in `folder`.
  package init(in folder: String) throws(BackupFailure) {
    let path = "\(folder)/\(Self.fileName)"
    guard let data = FileManager.default.contents(atPath: path) else {
      let files = FileManager.default
      guard files.fileExists(atPath: folder) else {
        throw BackupFailure("没有 \(folder)", "there is no \(folder)")
      }
      if files.fileExists(atPath: path) || !files.isReadableFile(atPath: folder) {
        throw BackupFailure("\(folder) 不可读：请检查其所有者和权限", "\(folder) cannot be read: look at its owner and its mode")
      }
      throw BackupFailure(
        "\(folder) 不是备份：其中没有 \(Self.fileName)", "\(folder) is no backup: there is no \(Self.fileName) in it")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    struct Form: Decodable { var format: String }
    guard let form = try? decoder.decode(Form.self, from: data) else {
      throw Self.damaged(path)
    }
    guard form.format == Self.currentFormat else {
      throw BackupFailure(
        "\(path) 的格式是 \(form.format)，本程序只认 \(Self.currentFormat)",
        "\(path) has the format \(form.format); this program reads \(Self.currentFormat)")
    }
    do { self = try decoder.decode(Self.self, from: data) } catch {
      throw Self.damaged(path)
    }
    var places: Set<String> = []
    for file in files {
      guard Self.isInside(file.path) else {
        throw BackupFailure(
          "\(path) 列出了备份以外的文件：\(file.path)", "\(path) names a file outside of the set: \(file.path)")
      }
      let place = "\(file.service)/\(file.name)"
      // Only keys may lie deeper than their service's folder.
      guard Self.isName(file.service), Self.isInside(file.name), file.service == "keys" || !file.name.contains("/")
      else {
        throw BackupFailure(
          "\(path) 列出了数据目录以外的位置：\(place)", "\(path) names a place outside of the data folders: \(place)")
      }
      guard places.insert(place).inserted else {
        throw BackupFailure("\(path) 两次列出 \(place)", "\(path) names \(place) twice")
      }
    }
  }

  /// Whether a path stays below the folder that it is taken from.
  private static func isInside(_ path: String) -> Bool {
    path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  /// What the set lacks as a whole, or has too much, where it ought to be one of `services`: half a set would be taken for a whole one.
  package func complaints(expecting services: [String]) -> [BackupFailure] {
    let databases = files.filter { $0.service != "keys" }
    let present = Set(databases.filter { $0.name == "\($0.service).sqlite" }.map(\.service))
    let missing = services.filter { !present.contains($0) }.map { service in
      BackupFailure("缺少 \(service) 的数据库：不是完整的一套备份", "there is no database of \(service): this is no whole set")
    }
    let unknown = Set(databases.map(\.service)).subtracting(services).sorted().map { service in
      BackupFailure("没有名为 \(service) 的服务", "there is no service called \(service)")
    }
    return missing + unknown
  }

  private static func damaged(_ path: String) -> BackupFailure {
    BackupFailure("\(path) 读不出：被改动过或不完整", "\(path) cannot be read: it was changed or cut off")
  }
}

// `setID` and `eventID` would come back as `setId` and `eventId` from snake case.
extension BackupManifest {
  private enum CodingKeys: String, CodingKey {
    case format
    case setID = "setId"
    case beginTime, endTime, programVersion, engineVersion, recipient, files
  }
}

extension BackupManifest.Journal {
  private enum CodingKeys: String, CodingKey {
    case sourceEpoch, seq
    case eventID = "eventId"
    case hash
  }
}

extension BackupManifest.Heard {
  private enum CodingKeys: String, CodingKey {
    case source, sourceEpoch, seq
    case eventID = "eventId"
  }
}

/// What is wrong with a set, a key or a folder, in a line for the person who has to mend it: in Chinese and in English.
package struct BackupFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file of the set that it is about, as the set names it; the sentences do not name it again. Empty: they say all.
  package let file: String
  package let chinese: String
  package let english: String

  package init(of file: String = "", _ chinese: String, _ english: String) {
    (self.file, self.chinese, self.english) = (file, chinese, english)
  }

  /// For logs and programs.
  package var description: String { file.isEmpty ? english : "\(file): \(english)" }

  static func unwritable(_ path: String) -> Self { Self("不能写入 \(path)", "cannot write \(path)") }

  static func full(_ path: String) -> Self {
    Self("不能写入 \(path)：磁盘是否已满？", "cannot write \(path): is there room left?")
  }
}
