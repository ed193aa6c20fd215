import Foundation
import Journal
import Logging
package import Persistence

extension ProcessSurroundings {
  /// Opens the process's own database with the journal's tables and its own. A file that is damaged, newer or in use is a
  /// start that fails with one clear line. If a COMMIT ever fails the process stops serving and exits, so that a new one reads
  /// from the disk what happened. A `name` is another file of the process beside its own.
  package func openDatabase(
    migrations: [Migration], named name: String? = nil, configuration: DatabaseConfiguration = .init()
  ) throws -> Database {
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
    let logger = logger
    let serving = serving
    database.onFailure { error in
      serving.set(isServing: false)
      logger.critical("storage failed, leaving", metadata: ["error": .string("\(error)")])
      // Long enough for the log line, short enough that a supervisor starts us anew at once.
      Thread.sleep(forTimeInterval: 0.2)
      _exit(1)
    }
    if name == nil { metrics.collect { Self.gauges(database.statistics) + Self.journalGauges(database) } }
    return database
  }

  /// The path of every command over `database`.
  package func shell(_ database: Database) -> CommandShell {
    CommandShell(database: database, cryptography: cryptography, time: time, logger: logger)
  }

  /// Nothing where there is no journal: the gateway has none.
  private static func journalGauges(_ database: Database) -> [GaugeReading] {
    guard let head = try? database.readInline({ try Journal.head(in: $0) }) else { return [] }
    return [GaugeReading("huying_journal_head_seq", Double(head.seq))]
  }

  private static func gauges(_ statistics: DatabaseStatistics) -> [GaugeReading] {
    [
      GaugeReading("huying_storage_commits_total", Double(statistics.groupCount)),
      GaugeReading("huying_storage_writes_total", Double(statistics.writeCount)),
      GaugeReading("huying_storage_refused_writes_total", Double(statistics.refusedCount)),
      GaugeReading("huying_storage_checkpoints_total", Double(statistics.checkpointCount)),
      GaugeReading("huying_storage_wal_pages", Double(statistics.walPageCount)),
      GaugeReading("huying_storage_queued_writes", Double(statistics.queuedCount)),
    ]
  }
}
