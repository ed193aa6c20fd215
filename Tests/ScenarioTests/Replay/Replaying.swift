import Foundation
import Journal
import Kernel
import Persistence
import Runtime
import TestSupport
import Testing

/// How one service's journal becomes its rows again: by the service's own decoding, folding and saving.
protocol Replaying: SendableMetatype {
  /// Whose journal it is.
  static var identity: ServiceIdentity { get }
  static var migrations: [Migration] { get }
  /// Tables that the journal alone gives back, each with the columns that it does not.
  static var told: [String: Set<String>] { get }
  /// Tables that it does not give back, and where their rows come from.
  static var elsewhere: [String: String] { get }
  /// Writes what `lines` say into an empty database.
  static func replay(_ lines: [JournalEntry], county: AreaCode, in transaction: WriteTransaction) throws
}

extension Replaying {
  /// What stands in the file and not in what its journal gives, or the other way round; empty: they are the same. The file belongs to
  /// a process that has ended.
  static func differences(in file: String) async throws -> [String] {
    let folder = TemporaryFolder()
    let (copy, empty) = (try folder.copy(of: file, as: "stored.sqlite"), folder.file("replayed.sqlite"))
    let stored = try Database.open(path: copy, migrations: migrations)
    let verification = try await Journal(.testing).verify(in: stored)
    let lines = try await Self.lines(of: stored)
    stored.close()
    guard verification.firstBrokenSeq == nil else {
      return ["\(identity.name): the chain breaks at \(verification.firstBrokenSeq ?? 0)"]
    }
    let replayed = try Database.open(path: empty, migrations: migrations)
    try await replayed.write { transaction in
      try replay(lines, county: try #require(AreaCode("379922000000")), in: transaction)
    }
    replayed.close()
    return try compare(copy, empty)
  }

  /// A journal from its beginning, without the reads of personal fields.
  static func lines(of database: Database) async throws -> [JournalEntry] {
    var lines: [JournalEntry] = []
    while true {
      let after = lines.last?.seq ?? 0
      let page = try await database.read { try Journal.entries(after: after, limit: 5_000, in: $0).entries }
      if page.isEmpty { return lines.filter { $0.eventType != JournalDraft.personalReadType } }
      lines += page
    }
  }

  /// Table by table, row by row; `untold` are left out this time.
  static func compare(_ storedPath: String, _ replayedPath: String, untold: Set<String> = []) throws -> [String] {
    let (stored, replayed) = (try TableRows(storedPath), try TableRows(replayedPath))
    defer {
      stored.close()
      replayed.close()
    }
    var found: [String] = []
    for table in try stored.tables() where !machinery.contains(table) && !untold.contains(table) {
      guard let omitted = told[table] else {
        if elsewhere[table] == nil { found.append("\(identity.name).\(table): nobody says where its rows come from") }
        continue
      }
      // A count that has come down to nothing says what no row says.
      let rows = try stored.rows(of: table, omitting: omitted).filter { $0.value["case_count"] != "0" }
      let again = try replayed.rows(of: table, omitting: omitted).filter { $0.value["case_count"] != "0" }
      for key in Set(rows.keys).union(again.keys).sorted() {
        found += differences(of: rows[key], and: again[key], in: "\(identity.name).\(table)[\(key)]")
      }
    }
    return found
  }

  private static func differences(
    of stored: [String: String]?, and again: [String: String]?, in row: String
  ) -> [String] {
    guard let stored else { return ["\(row): missing, though the journal tells of it"] }
    guard let again else { return ["\(row): stored, though the journal does not tell of it"] }
    return stored.keys.sorted().filter { stored[$0] != again[$0] }.map { column in
      "\(row).\(column): stored \(stored[column] ?? ""), by the journal \(again[column] ?? "")"
    }
  }

  /// What every service keeps besides its own rows.
  private static var machinery: Set<String> {
    [
      "journal", "journal_counter", "sealed_text", "request_log", "schema_migration", "inbox_position", "inbox_heard",
      "inbox_parked", "inbox_withheld", "inbox_lost", "sealing_key",
    ]
  }
}

extension TemporaryFolder {
  /// A copy of a database that no process has open, with its log: opening one may change it.
  func copy(of file: String, as name: String) throws -> String {
    for part in ["", "-wal"] where FileManager.default.fileExists(atPath: file + part) {
      try FileManager.default.copyItem(atPath: file + part, toPath: self.file(name) + part)
    }
    return self.file(name)
  }
}

extension RunningStack {
  /// Ends all processes. Every journal holds, and from empty it gives what its service has stored.
  func expectReplay() async throws {
    try await stopAll()
    let differences = try await replayDifferences()
    #expect(differences.isEmpty, "\(differences.prefix(20).joined(separator: "\n"))")
  }

  /// What the services, which have ended, have stored otherwise than their journals tell.
  func replayDifferences() async throws -> [String] {
    var differences: [String] = []
    let services: [any Replaying.Type] = [
      GridRegistryReplay.self, DisputeReplay.self, ResponsibilityListReplay.self, DispatchReplay.self,
    ]
    for service in services {
      differences += try await service.differences(in: databasePath(service.identity))
    }
    return try await differences
      + PerformanceEvaluationReplay.differences(
        in: databasePath(.performanceEvaluation), hearing: services.map { ($0, databasePath($0.identity)) })
  }

  /// The file of a service's rows.
  nonisolated func databasePath(_ identity: ServiceIdentity) -> String {
    "\(dataFolder(identity))/\(identity.name).sqlite"
  }
}

/// A journal's payload is not what this program writes.
struct NotReplayed: Error, CustomStringConvertible {
  let line: JournalEntry
  var description: String { "line \(line.seq) \(line.eventType) of \(line.draft.aggregateType) cannot be read back" }

  init(_ line: JournalEntry) { self.line = line }
}
