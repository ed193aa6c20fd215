import Foundation
package import Kernel

/// A folder of sets: `huying-20261123T141500Z-1f2e3d4c`, so that their names are in order of time.
package struct BackupShelf: Sendable {
  package let folder: String
  private static let start = "huying-"
  /// Before the name of a set that is being made.
  static let draftStart = ".making-"

  package init(_ folder: String) { self.folder = folder }

  static func name(at now: Timestamp, _ setID: String) -> String {
    "\(stem(at: now))-\(setID.prefix(8))"
  }

  private static func stem(at time: Timestamp) -> String {
    "\(start)\(time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" })Z"
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

  /// The sets that say they were made after `now`: the clock was ahead then. They say nothing of when the next one is due, nor may
  /// they push out the ones that are made now.
  package func setsAhead(of now: Timestamp) -> [String] {
    let stem = Self.stem(at: now)
    return sets.filter { ($0 as NSString).lastPathComponent.prefix(stem.count) > stem }
  }

  /// When the last set up to `now` was begun; `nil`: there is none.
  package func lastTime(at now: Timestamp) -> Timestamp? {
    sets.dropLast(setsAhead(of: now).count).last.flatMap { try? BackupManifest(in: $0) }
      .flatMap { Timestamp(rfc3339: $0.beginTime) }
  }

  /// Takes all but the last `count` sets up to `now` away, and what a killed process left half made. Those taken.
  package func keepLast(_ count: Int, at now: Timestamp) -> [String] {
    clearDrafts()
    let old = sets.dropLast(setsAhead(of: now).count).dropLast(max(1, count))
    return old.filter { (try? FileManager.default.removeItem(atPath: $0)) != nil }
  }

  /// Takes away what killed processes left half made; what somebody is making now stays.
  func clearDrafts() { DraftHold.clear(folder, startingWith: Self.draftStart) }
}
