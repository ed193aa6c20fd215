package import Crypto
import Foundation
import Kernel
import Persistence

/// A secret in a file of its own: 32 random bytes in hexadecimal, readable by the owner alone, made on first use.
package enum KeyFile {
  /// Reads the key at `path`, or makes it. Two processes that start at once agree on one: the file is linked into place
  /// whole, and who comes second reads the first one's. A key that was made is on the disk before anything is sealed with it.
  package static func loadOrMake(at path: String) throws -> SymmetricKey {
    if let key = try load(at: path) { return key }
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let key = SymmetricKey(size: .bits256)
    let text = key.withUnsafeBytes { Array($0) }.hexadecimal + "\n"
    let draft = "\(path).\(UUID().uuidString)"
    guard
      FileManager.default.createFile(
        atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw SettingError("cannot write a key file in \(folder)") }
    defer { try? FileManager.default.removeItem(atPath: draft) }
    try sync(draft)
    if link(draft, path) == 0 {
      try sync(folder)
      return key
    }
    guard let theirs = try load(at: path) else { throw SettingError("cannot make the key file \(path)") }
    return theirs
  }

  private static func sync(_ path: String) throws {
    do { try DiskSync.wait(for: path) } catch {
      if case .cannotOpen = error { throw SettingError("cannot open \(path)") }
      throw SettingError("cannot write \(path) to the disk: is there room left?")
    }
  }

  private static func load(at path: String) throws -> SymmetricKey? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try KeyRing.keys(String(decoding: data, as: UTF8.self), path)[0]
  }
}
