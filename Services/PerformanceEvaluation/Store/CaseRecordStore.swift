package import Kernel
package import PerformanceEvaluationDomain
package import Persistence

/// Cases as their facts tell them, as rows.
package struct CaseRecordStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ caseID: String, in reading: some Reading) throws -> CaseRecord? {
    try reading.first(CaseRecordQueries.load, [.text(county.text), .text(caseID)], Self.record)
  }

  /// In the order of their ids; of one township, of one import, or all.
  package func list(townshipCode: String?, importSource: String, in reading: some Reading) throws -> [CaseRecord] {
    switch (townshipCode, importSource.isEmpty) {
    case (nil, true): try reading.all(CaseRecordQueries.list, [.text(county.text)], Self.record)
    case (nil, false):
      try reading.all(CaseRecordQueries.listOfSource, [.text(county.text), .text(importSource)], Self.record)
    case (let code?, true):
      try reading.all(CaseRecordQueries.listOfTownship, [.text(county.text), .text(code)], Self.record)
    case (let code?, false):
      try reading.all(
        CaseRecordQueries.listOfTownshipAndSource, [.text(county.text), .text(code), .text(importSource)], Self.record)
    }
  }

  /// Those that lie in a grid, in the order of their ids; of one import, or all.
  package func list(gridID: String, importSource: String, in reading: some Reading) throws -> [CaseRecord] {
    try reading.all(CaseRecordQueries.listOfGrid, [.text(county.text), .text(gridID)], Self.record)
      .filter { importSource.isEmpty || $0.importSource == importSource }
  }

  /// Whether records were written by an earlier version, which folded less of the facts.
  package func isStale(in reading: some Reading) throws -> Bool {
    try reading.exists(CaseRecordQueries.isStale, [.text(county.text)])
  }

  /// All records stand as this version folds them.
  package func clearStale(in transaction: WriteTransaction) throws {
    try transaction.run(CaseRecordQueries.clearStale, [.text(county.text)])
  }

  package func save(_ record: CaseRecord, in transaction: WriteTransaction) throws {
    try transaction.run(
      CaseRecordQueries.save,
      [
        .text(county.text), .text(record.caseID), .text(record.number), .text(record.townshipCode),
        .text(record.importSource), .text(record.verdict.rawValue), .time(record.reportTime),
        .text(record.standing.rawValue), .optionalTime(record.dueTime), .optionalTime(record.suspendTime),
        .optionalTime(record.closeTime), .bool(record.closedOnTime), .text(record.reportEventID),
        .text(record.clockEventID), .text(record.endEventID), .integer(record.lastSeq), .time(record.lastTime),
        .text(record.gridID),
        .text(record.discovery?.rawValue ?? ""), .text(record.acceptLevel?.rawValue ?? ""), .text(record.acceptEventID),
        .text(record.closeLevel?.rawValue ?? ""), .text(record.earlyReopenEventID),
      ])
  }

  /// Throws one away; its facts stay.
  package func remove(_ caseID: String, in transaction: WriteTransaction) throws {
    try transaction.run(CaseRecordQueries.remove, [.text(county.text), .text(caseID)])
  }

  /// Throws all of them away; the facts stay.
  package func clear(in transaction: WriteTransaction) throws {
    try transaction.run(CaseRecordQueries.clear, [.text(county.text)])
  }

  private static func record(_ row: borrowing Row) -> CaseRecord {
    var record = CaseRecord(caseID: row.text(0), reportTime: row.time(5))
    record.number = row.text(1)
    record.townshipCode = row.text(2)
    record.importSource = row.text(3)
    record.verdict = row.named(4, or: .undetermined)
    record.standing = row.named(6, or: .open)
    record.dueTime = row.optionalTime(7)
    record.suspendTime = row.optionalTime(8)
    record.closeTime = row.optionalTime(9)
    record.closedOnTime = row.bool(10)
    record.reportEventID = row.text(11)
    record.clockEventID = row.text(12)
    record.endEventID = row.text(13)
    record.lastSeq = row.integer(14)
    record.lastTime = row.time(15)
    record.gridID = row.text(16)
    record.discovery = CaseFact.Discovery(rawValue: row.text(17))
    record.acceptLevel = CaseFact.Level(rawValue: row.text(18))
    record.acceptEventID = row.text(19)
    record.closeLevel = CaseFact.Level(rawValue: row.text(20))
    record.earlyReopenEventID = row.text(21)
    return record
  }
}

/// The SQL of case records.
enum CaseRecordQueries {
  static let load = Statement(
    "case_record.load",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    FROM case_records WHERE county_code = $1 AND case_id = $2
    """)
  static let list = Statement(
    "case_record.list",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    FROM case_records WHERE county_code = $1 ORDER BY case_id
    """)
  static let listOfTownship = Statement(
    "case_record.list_of_township",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    FROM case_records WHERE county_code = $1 AND township_code = $2 ORDER BY case_id
    """)
  static let listOfGrid = Statement(
    "case_record.list_of_grid",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    FROM case_records WHERE county_code = $1 AND grid_id = $2 ORDER BY case_id
    """)
  static let listOfSource = Statement(
    "case_record.list_of_source",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    FROM case_records WHERE county_code = $1 AND import_source = $2 ORDER BY case_id
    """)
  static let listOfTownshipAndSource = Statement(
    "case_record.list_of_township_and_source",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    FROM case_records WHERE county_code = $1 AND township_code = $2 AND import_source = $3 ORDER BY case_id
    """)
  static let save = Statement(
    "case_record.save",
    """
    INSERT INTO case_records (
      county_code, case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time, grid_id, discovery,
      accept_level, accept_event_id, close_level, early_reopen_event_id
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
    )
    ON CONFLICT (county_code, case_id) DO UPDATE SET
      number = excluded.number, township_code = excluded.township_code, import_source = excluded.import_source,
      verdict = excluded.verdict, report_time = excluded.report_time, standing = excluded.standing,
      due_time = excluded.due_time, suspend_time = excluded.suspend_time, close_time = excluded.close_time,
      closed_on_time = excluded.closed_on_time, report_event_id = excluded.report_event_id,
      clock_event_id = excluded.clock_event_id, end_event_id = excluded.end_event_id, last_seq = excluded.last_seq,
      last_time = excluded.last_time, grid_id = excluded.grid_id, discovery = excluded.discovery,
      accept_level = excluded.accept_level, accept_event_id = excluded.accept_event_id,
      close_level = excluded.close_level, early_reopen_event_id = excluded.early_reopen_event_id
    """)
  static let remove = Statement(
    "case_record.remove", "DELETE FROM case_records WHERE county_code = $1 AND case_id = $2")
  static let clear = Statement("case_record.clear", "DELETE FROM case_records WHERE county_code = $1")
  static let isStale = Statement("stale_record.exists", "SELECT 1 FROM stale_records WHERE county_code = $1")
  static let clearStale = Statement("stale_record.clear", "DELETE FROM stale_records WHERE county_code = $1")

  static let all = [
    load, list, listOfTownship, listOfGrid, listOfSource, listOfTownshipAndSource, save, remove, clear, isStale,
    clearStale,
  ]
}
