import Foundation
package import Kernel

/// A folder of sets: `huying-20261123T141500Z-1f2e3d4c`, so that their names are in order of time.
package struct BackupShelf: Sendable {
  package let folder: String
  private static let start = "huying-"

  package init(_ folder: String) { self.folder = folder }

  static func name(at now: Timestamp, _ setID: String) -> String {
    let digits = now.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }
    return "\(start)\(digits)Z-\(setID.prefix(8))"
  }

  /// The whole sets in it, oldest first; what is being made is not among them.
  package var sets: [String] {
    folders.filter { FileManager.default.fileExists(atPath: "\($0)/\(BackupManifest.fileName)") }
  }

  /// Sets that lie in it and may not be looked into: somebody else made them.
  package var unreadable: [String] { folders.filter { !FileManager.default.isReadableFile(atPath: $0) } }

  private var folders: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(Self.start) }.sorted().map { "\(folder)/\($0)" }
  }

  /// When the last set was begun; `nil`: there is none.
  package var lastTime: Timestamp? {
    sets.last.flatMap { try? BackupManifest(in: $0) }.flatMap { Timestamp(rfc3339: $0.beginTime) }
  }

  /// Takes all but the last `count` sets away, and what a killed process left half made. Those taken.
  package func keepLast(_ count: Int) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(".making-") {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    let old = sets.dropLast(max(1, count))
    return old.filter { (try? FileManager.default.removeItem(atPath: $0)) != nil }
  }
}
