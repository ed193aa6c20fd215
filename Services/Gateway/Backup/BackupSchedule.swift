import Backup
import Foundation
import Kernel
import Logging
import Runtime
import Synchronization

/// Sets by the clock: `HUYING_BACKUP_EVERY` (`24h`, `90m`), into `HUYING_BACKUP_DIR`, sealed to `HUYING_BACKUP_TO` if that is
/// set, of which the last `HUYING_BACKUP_KEEP` stay.
struct BackupSchedule: Sendable {
  private let shelf: BackupShelf
  private let every: Interval
  private let keep: Int
  /// Read for every set: the pair may be another one tomorrow.
  private let keyPath: String?
  private let failures = FailureCount()

  /// `nil` where `HUYING_BACKUP_EVERY` is not set. Throws `SettingError` for settings that cannot be used: a backup that is never
  /// made must not be found out about when it is needed. A folder that cannot be written at this moment is no such setting: the
  /// county does not stand still because its backup disk does. It counts as a failure, and is tried again.
  init?(_ environment: [String: String]) throws {
    func value(_ name: String) -> String? { environment["HUYING_BACKUP_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
    guard let text = value("EVERY") else { return nil }
    guard let every = Self.interval(text) else {
      throw SettingError("HUYING_BACKUP_EVERY: \"\(text)\" is no time like 24h or 90m, of ten minutes at least")
    }
    guard let folder = value("DIR") else { throw SettingError("HUYING_BACKUP_EVERY needs HUYING_BACKUP_DIR") }
    let keepText = value("KEEP") ?? "14"
    guard let keep = Int(keepText), keep > 0 else {
      throw SettingError("HUYING_BACKUP_KEEP: \"\(keepText)\" is not how many sets are to stay")
    }
    keyPath = value("TO")
    do { _ = try keyPath.map { try BackupPublicKey(file: $0) } } catch {
      throw SettingError("HUYING_BACKUP_TO: \(error)")
    }
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    (shelf, self.every, self.keep) = (BackupShelf(folder), every, keep)
  }

  /// `24h`, `90m`; ten minutes at least.
  private static func interval(_ text: String) -> Interval? {
    guard let unit = text.last, let number = Int64(text.dropLast()), number > 0, number < 10_000 else { return nil }
    let minutes: Int64? = unit == "h" ? number * 60 : unit == "m" ? number : unit == "d" ? number * 1_440 : nil
    return minutes.flatMap { $0 >= 10 ? .minutes($0) : nil }
  }

  /// Makes sets until it is cancelled: one at once if the last is too old or there is none.
  func run(_ backup: CountyBackup, _ logger: Logger) async {
    while !Task.isCancelled {
      let now = TimeSource.real.now()
      let due = shelf.lastTime(at: now).map { $0 + every } ?? now
      if due <= now {
        await make(backup, logger)
      }
      try? await Task.sleep(for: failures.count == 0 ? Self.look : Self.lookAgain)
    }
  }

  /// Real time goes on while a machine sleeps, and clocks are set: looked at every so often.
  private static let look: Duration = .seconds(30)
  private static let lookAgain: Duration = .seconds(5)

  private func make(_ backup: CountyBackup, _ logger: Logger) async {
    guard failures.mayTry else { return }
    do {
      let path = try await set(backup)
      failures.reset()
      let now = TimeSource.real.now()
      let gone = shelf.keepLast(keep, at: now)
      logger.notice("backup made", metadata: ["set": "\(path)", "removed_sets": "\(gone.count)"])
      let ahead = shelf.setsAhead(of: now)
      if !ahead.isEmpty {
        logger.warning(
          "sets in the folder say they were made later than now: they are neither counted nor removed",
          metadata: ["sets": "\(ahead.joined(separator: ", "))"])
      }
      let strange = shelf.unreadable
      if !strange.isEmpty {
        logger.warning(
          "sets of somebody else's lie in the folder: they are neither counted nor removed",
          metadata: ["sets": "\(strange.joined(separator: ", "))"])
      }
    } catch is CancellationError {
      return
    } catch {
      failures.add()
      // While a county starts, somebody is not there yet.
      logger.log(
        level: failures.count < 4 ? .warning : .error, "backup failed; tried again soon",
        metadata: ["error": "\(error)"])
    }
  }

  private func set(_ backup: CountyBackup) async throws -> String {
    let key = try keyPath.map { try BackupPublicKey(file: $0) }
    var writer = try SetWriter(in: shelf.folder, at: TimeSource.real.now(), sealedTo: key)
    do {
      try await backup.copySet { try writer.take($0) }
      return try writer.finish(at: TimeSource.real.now())
    } catch {
      writer.discard()
      throw error
    }
  }

  /// For `/metrics`: when the last set was made, how often one is to be made, and how often it failed since.
  var gauges: [GaugeReading] {
    let last = shelf.lastTime(at: TimeSource.real.now())
    return [
      GaugeReading("huying_backup_last_time_seconds", Double(last?.microseconds ?? 0) / 1_000_000),
      GaugeReading("huying_backup_every_seconds", Double(every.microseconds) / 1_000_000),
      GaugeReading("huying_backup_failures", Double(failures.count)),
      GaugeReading("huying_backup_sets", Double(shelf.sets.count)),
    ]
  }
}

/// How often it failed in a row, and when last.
private final class FailureCount: Sendable {
  private let state = Mutex<(count: Int, last: ContinuousClock.Instant?)>((0, nil))

  var count: Int { state.withLock { $0.count } }

  /// Seconds after the first failure (a service that is still starting), ten minutes after many.
  var mayTry: Bool {
    state.withLock { state in
      state.last.map { ContinuousClock.now - $0 >= .seconds(min(5 << min(state.count - 1, 7), 600)) } ?? true
    }
  }

  func add() { state.withLock { $0 = ($0.count + 1, .now) } }

  func reset() { state.withLock { $0 = (0, nil) } }
}
