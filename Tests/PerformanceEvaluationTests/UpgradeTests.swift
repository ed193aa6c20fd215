import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationService
import Persistence
import TestSupport
import Testing

/// A file that an earlier version has written.
struct UpgradeTests {
  typealias V1 = PerformanceEvaluationV1

  /// What m0003 did not find: the file as it was before, with the facts and the records of that time.
  static func earlier(_ relay: Relay) async throws {
    try await relay.bench.database.write { transaction in
      for statement in before { try transaction.run(statement, []) }
    }
  }

  private static let before = [
    Statement(
      "test.forget",
      """
      UPDATE case_records SET grid_id = '', discovery = '', accept_level = '', accept_event_id = '', close_level = '',
        early_reopen_event_id = ''
      """),
    Statement("test.stale", "INSERT INTO stale_records (county_code) SELECT DISTINCT county_code FROM case_records"),
  ]

  @Test func `records of an earlier version show the numbers of their facts, before and after they are folded anew`()
    async throws
  {
    let relay = try Relay()
    var facts = relay.twelve()
    let last = facts.removeLast()
    try await relay.deliver(facts)
    try await relay.deliver(relay.twoCalls())
    let whole = try Relay()
    for message in relay.sent { try await whole.deliver([message]) }
    try await Self.earlier(relay)
    #expect(try await relay.cards() == whole.cards())
    #expect(try await relay.checksum() == whole.checksum())
    // A fact that comes before they are folded anew finds its record's other facts.
    try await relay.deliver([last])
    try await whole.deliver([last])
    #expect(try await relay.cards() == whole.cards())
    await relay.service.refreshStaleRecords()
    #expect(try await Self.grids(relay) == ["g1", "g2"])
    #expect(try await relay.cards() == whole.cards())
    #expect(try await relay.checksum() == whole.checksum())
  }

  @Test func `a file of the version before is brought up, and is marked only if it has records`() async throws {
    let folder = TemporaryFolder()
    let all = PerformanceEvaluationService.migrations
    for (name, hasRecords) in [("full", true), ("empty", false)] {
      let path = folder.file("\(name).sqlite")
      let old = try Database.open(path: path, migrations: all.filter { $0.name != "m0003_case_levels" })
      if hasRecords { _ = try await old.write { try $0.run(Self.record, []) } }
      old.close()
      let new = try Database.open(path: path, migrations: all)
      let marked = try await new.read { try $0.all(Self.marks, []) { $0.text(0) } }
      #expect(marked == (hasRecords ? ["379922000000"] : []))
      new.close()
    }
  }

  private static let marks = Statement("test.marks", "SELECT county_code FROM stale_records")
  private static let record = Statement(
    "test.record",
    """
    INSERT INTO case_records (
      county_code, case_id, number, township_code, import_source, verdict, report_time, standing, closed_on_time,
      report_event_id, clock_event_id, end_event_id, last_seq, last_time
    ) VALUES ('379922000000', 'c', 'DJ-c', '379922001000', '', '', 1, 'OPEN', 0, 'e', '', '', 1, 1)
    """)

  private static func grids(_ relay: Relay) async throws -> [String] {
    try await relay.bench.database.read { reading in
      try reading.all(grids, []) { $0.text(0) }
    }
  }

  private static let grids = Statement(
    "test.grids", "SELECT DISTINCT grid_id FROM case_records WHERE grid_id <> '' ORDER BY grid_id")
}
