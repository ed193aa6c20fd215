import Glibc

/// Waiting for the disk, by path: for files that were written by somebody else, and for names in folders.
package enum DiskSync {
  /// Waits until a file's content, or a folder's names, would outlive a power cut. The empty path is the folder we are in.
  package static func wait(for path: String) throws(StorageError) {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw errno == ENOSPC ? .full : .inputOutput(code: errno) }
  }
}
