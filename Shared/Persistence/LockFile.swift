import Glibc

/// Keeps a second process (or a second opening in this one) away from a file: two writers would destroy it.
final class LockFile: Sendable {
  private let descriptor: Int32

  init(guarding path: String) throws(StorageError) {
    let lockPath = path + ".lock"
    let opened = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      let code = errno
      // Where there is none it is the folder that may not be written.
      throw code == EACCES && access(lockPath, F_OK) != 0 ? .readOnly : .cannotOpen(path: lockPath, code: code)
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.processID(in: opened)
      close(opened)
      throw .locked(path: path, processID: holder)
    }
    descriptor = opened
    ftruncate(opened, 0)
    let text = Array("\(getpid())\n".utf8)
    pwrite(opened, text, text.count, 0)
  }

  /// The system lets go of the lock with the descriptor, however the process ends; the file stays.
  deinit { close(descriptor) }

  private static func processID(in descriptor: Int32) -> Int32 {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    return Int32(String(decoding: buffer.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)) ?? 0
  }
}
