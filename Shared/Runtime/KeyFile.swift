package import Crypto
import Foundation
import Kernel
import Persistence

/// A secret in a file of its own: 32 random bytes in hexadecimal, readable by the owner alone, made on first use.
package enum KeyFile {
  /// Reads the key at `path`, or makes it. Two processes that start at once agree on one: it is made under a lock, gets its name
  /// whole, and who comes second reads the first one's. A key that was made is on the disk before anything is sealed with it.
  package static func loadOrMake(at path: String) throws -> SymmetricKey {
    if let key = try load(at: path) { return key }
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let draft = path + ".making"
    let descriptor = open(draft, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SettingError("cannot write a key file in \(folder)") }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw SettingError("cannot lock \(draft)") }
    }
    if let theirs = try load(at: path) {
      unlink(draft)
      return theirs
    }
    let key = SymmetricKey(size: .bits256)
    let text = Array((key.withUnsafeBytes { Array($0) }.hexadecimal + "\n").utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count,
      fsync(descriptor) == 0
    else { throw SettingError("cannot write \(draft) to the disk: is there room left?") }
    guard rename(draft, path) == 0 else { throw SettingError("cannot make the key file \(path)") }
    try sync(folder)
    return key
  }

  private static func sync(_ path: String) throws {
    do { try DiskSync.wait(for: path) } catch {
      if case .cannotOpen = error { throw SettingError("cannot open \(path)") }
      throw SettingError("cannot write \(path) to the disk: is there room left?")
    }
  }

  /// What the file at `path` holds; `nil` if there is none. One that may not be read is not missing: it throws `SettingError`.
  static func contents(at path: String) throws -> Data? {
    if let data = FileManager.default.contents(atPath: path) { return data }
    guard access(path, R_OK) != 0 else { return FileManager.default.contents(atPath: path) }
    let code = errno
    guard code != ENOENT, code != ENOTDIR else { return nil }
    throw SettingError(
      "cannot read \(path): \(String(cString: strerror(code))); this process's user has to be able to (chmod 444 of the file, in a "
        + "folder that only its owner may enter)")
  }

  private static func load(at path: String) throws -> SymmetricKey? {
    guard let data = try contents(at: path) else { return nil }
    return try KeyRing.keys(String(decoding: data, as: UTF8.self), path)[0]
  }
}
