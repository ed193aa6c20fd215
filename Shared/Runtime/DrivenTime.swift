import Foundation
package import Kernel
import Synchronization

/// Business time that stands still until somebody moves it: for tests and the demo county, where months pass in minutes.
///
/// "Now" never goes back, not even over a restart: it is kept beside the database in the file `driven-time`, which also marks the
/// folder, so that driven data is never served as a county's real data, nor the other way round.
package final class DrivenTime: Sendable {
  /// Where driven time begins in an empty folder: nothing in the system is older.
  package static let beginning = Timestamp(seconds: 1_546_272_000)

  private let current: Mutex<Timestamp>
  private let file: FileHandle?

  /// Time that nobody remembers, from `start` on.
  package init(at start: Timestamp = beginning) {
    current = Mutex(start)
    file = nil
  }

  /// Time that goes on where `folder` left it. Throws `SettingError` for a folder whose database was filled in real time.
  package init(in folder: String, database: String) throws {
    let path = Self.path(in: folder)
    let files = FileManager.default
    let known = files.contents(atPath: path).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    if known == nil {
      guard !files.fileExists(atPath: database) else {
        throw SettingError("time: \(database) was filled in real time; driven time needs a folder of its own")
      }
      try? files.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      guard files.createFile(atPath: path, contents: nil) else { throw SettingError("time: cannot write \(path)") }
    }
    guard let handle = FileHandle(forWritingAtPath: path) else { throw SettingError("time: cannot write \(path)") }
    file = handle
    current = Mutex(known.map { Timestamp(microseconds: $0) } ?? Self.beginning)
    keep(now)
  }

  /// Refuses, with `SettingError`, to serve in real time what was filled in driven time.
  package static func expectReal(in folder: String) throws {
    guard !FileManager.default.fileExists(atPath: path(in: folder)) else {
      throw SettingError("time: \(folder) was filled in driven time and is only served with --time driven")
    }
  }

  private static func path(in folder: String) -> String { "\(folder)/driven-time" }

  /// What it is.
  package var now: Timestamp { current.withLock { $0 } }

  /// As the services ask for it.
  package var source: TimeSource { TimeSource { self.now } }

  /// Moves it on; an instant that has passed changes nothing.
  package func move(to instant: Timestamp) {
    current.withLock { now in
      guard instant > now else { return }
      now = instant
      keep(now)
    }
  }

  /// Twenty digits, so that a later time overwrites an earlier one whole. It outlives the process, not a power failure: what is
  /// driven can be driven again.
  private func keep(_ now: Timestamp) {
    guard let file else { return }
    let digits = String(now.microseconds)
    let text = String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    try? file.seek(toOffset: 0)
    try? file.write(contentsOf: Data(text.utf8))
  }
}
