import Foundation
import Glibc

/// Holds a folder that is good for nothing once its process has ended (a set that is being made), against whoever clears away what
/// killed processes left: the system lets go of it with the process, however that ends.
final class DraftHold: Sendable {
  private let descriptor: Int32

  /// Throws if somebody else holds it, or if there is no such folder.
  init(_ folder: String) throws(BackupFailure) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BackupFailure("不能打开 \(folder)", "cannot open \(folder)") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(descriptor)
      throw BackupFailure("\(folder) 正在生成", "\(folder) is being made")
    }
  }

  deinit { close(descriptor) }

  /// Takes the folders in `folder` away whose names start so and that nobody holds.
  static func clear(_ folder: String, startingWith start: String) {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: folder)) ?? []
    for path in names.filter({ $0.hasPrefix(start) }).map({ "\(folder)/\($0)" }) {
      guard let hold = try? DraftHold(path) else { continue }
      withExtendedLifetime(hold) { try? files.removeItem(atPath: path) }
    }
  }
}
