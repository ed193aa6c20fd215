import Access
import Foundation
import Journal
import Logging
package import Persistence

extension ProcessSurroundings {
  /// Opens the process's own database with the journal's tables and its own. A file that is damaged, newer or in use is a
  /// start that fails with one clear line. If a COMMIT ever fails the process stops serving and exits, so that a new one reads
  /// from the disk what happened. A second file of the same process has a name of its own (`care-visit`); every file that is
  /// opened here is in backups. `sealing` are the keys of what is sealed in it, where they are not the process's own.
  package func openDatabase(
    migrations: [Migration], named name: String? = nil, configuration: DatabaseConfiguration = .init(),
    sealing other: KeyRing? = nil
  ) async throws -> Database {
    let folder = settings.dataDirectory
    let path = name.map { "\(folder)/\($0).sqlite" } ?? settings.databasePath
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw SettingError("data-dir: \(folder) cannot be made") }
    let database: Database
    do { database = try Database.open(path: path, migrations: migrations, configuration: configuration) } catch {
      let why = "\(error)"
      throw SettingError(why.contains(path) ? why : "\(path): \(why)")
    }
    func has(_ migration: Migration?) -> Bool { migrations.contains { $0.name == migration?.name } }
    let hasJournal = has(Journal.migrations.first)
    do {
      if hasJournal {
        try expectWholeJournal(database)
        try expectOurCounty(database)
      }
      if has(SealingKeys.migrations.first), let ring = other ?? (name == nil ? sealing : nil) {
        // What lies under a key of another ring is its owner's to renew.
        let renewal: SealingWatch.Renewal =
          other != nil ? .never : hasJournal ? .of(cryptography) : .nothingSealed
        let watch = try SealingWatch(database, ring, renewal, logger: logger)
        try await watch.begin()
        databases.add(watch)
        let labels = name.map { [("database", $0)] } ?? []
        metrics.collect { watch.readings(labels) }
      }
    } catch {
      database.close(leavingLog: true)
      throw error
    }
    databases.add(database)
    let logger = logger
    let serving = serving
    database.onFailure { error in
      serving.set(isServing: false)
      logger.critical("storage failed, leaving", metadata: ["error": .string("\(error)")])
      // Long enough for the log line, short enough that a supervisor starts us anew at once.
      Thread.sleep(forTimeInterval: 0.2)
      _exit(1)
    }
    let labels = name.map { [("database", $0)] } ?? []
    metrics.collect { Self.gauges(database.statistics, labels) + Self.journalGauges(database, labels) }
    return database
  }

  /// Lines of the journal that are walked over at a start: a few tenths of a second. A backup walks over all of them.
  private static let walkedLines: Int64 = 20_000

  /// Refuses a file whose journal was changed: its pages may be sound and its content not.
  private func expectWholeJournal(_ database: Database) throws {
    let broken: Int64?
    do { broken = try Journal(cryptography).verifyEnd(Self.walkedLines, of: database).firstBrokenSeq } catch {
      throw SettingError("\(database.path): \(error)")
    }
    guard let broken else { return }
    let why = StorageError.corrupt("the journal's chain is broken at line \(broken)")
    throw SettingError("\(database.path): \(why)")
  }

  /// Refuses another county's file: two counties in one could never be told apart again.
  private func expectOurCounty(_ database: Database) throws {
    let county: String?
    do { county = try database.readInline { try Journal.entry(1, in: $0)?.actor.countyCode } } catch {
      throw SettingError("\(database.path): \(error)")
    }
    guard let county, !county.isEmpty, county != settings.county else { return }
    throw SettingError(
      "\(database.path) holds the data of county \(county), and this process is set to \(settings.county): put HUYING_COUNTY back"
    )
  }

  /// The path of every command over `database`.
  package func shell(_ database: Database) -> CommandShell {
    CommandShell(database: database, cryptography: cryptography, time: time, logger: logger)
  }

  /// Nothing where there is no journal: the gateway has none.
  private static func journalGauges(_ database: Database, _ labels: [(String, String)]) -> [GaugeReading] {
    guard let head = try? database.readInline({ try Journal.head(in: $0) }) else { return [] }
    return [GaugeReading("huying_journal_head_seq", Double(head.seq), labels: labels)]
  }

  private static func gauges(_ statistics: DatabaseStatistics, _ labels: [(String, String)]) -> [GaugeReading] {
    [
      GaugeReading("huying_storage_commits_total", Double(statistics.groupCount), labels: labels),
      GaugeReading("huying_storage_writes_total", Double(statistics.writeCount), labels: labels),
      GaugeReading("huying_storage_refused_writes_total", Double(statistics.refusedCount), labels: labels),
      GaugeReading("huying_storage_lost_groups_total", Double(statistics.lostGroupCount), labels: labels),
      GaugeReading("huying_storage_checkpoints_total", Double(statistics.checkpointCount), labels: labels),
      GaugeReading("huying_storage_wal_pages", Double(statistics.walPageCount), labels: labels),
      GaugeReading("huying_storage_queued_writes", Double(statistics.queuedCount), labels: labels),
    ] + groupSizes(statistics, labels)
  }

  /// A histogram: how many writes shared a commit.
  private static func groupSizes(_ statistics: DatabaseStatistics, _ labels: [(String, String)]) -> [GaugeReading] {
    let name = "huying_storage_group_size"
    var below = 0
    let buckets = statistics.groupSizes.enumerated().map { index, count in
      below += count
      return GaugeReading("\(name)_bucket", Double(below), labels: labels + [("le", "\(1 << index)")])
    }
    return buckets + [
      GaugeReading("\(name)_bucket", Double(statistics.groupCount), labels: labels + [("le", "+Inf")]),
      GaugeReading("\(name)_count", Double(statistics.groupCount), labels: labels),
      GaugeReading("\(name)_sum", Double(statistics.writeCount), labels: labels),
    ]
  }
}
