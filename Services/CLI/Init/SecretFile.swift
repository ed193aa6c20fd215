import Foundation

/// A file of keys that others have mounted: it is changed in place, because a renamed one they would not see.
enum SecretFile {
  /// Replaces the file's content at once and has it on the disk. Its owner and mode stay; secrets are often readable only, also to
  /// their owner.
  static func replace(_ path: String, with text: String) throws {
    let bytes = Array(text.utf8)
    let files = FileManager.default
    let complaint = Complaint.unwritable(path)
    guard let mode = (try? files.attributesOfItem(atPath: path))?[.posixPermissions] as? Int else { throw complaint }
    if mode & 0o200 == 0 { try? files.setAttributes([.posixPermissions: mode | 0o200], ofItemAtPath: path) }
    defer { if mode & 0o200 == 0 { try? files.setAttributes([.posixPermissions: mode], ofItemAtPath: path) } }
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw complaint }
    defer { close(descriptor) }
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0,
      fsync(descriptor) == 0
    else { throw complaint }
  }
}
