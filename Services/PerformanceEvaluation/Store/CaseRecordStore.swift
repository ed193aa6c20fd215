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

  package func save(_ record: CaseRecord, in transaction: WriteTransaction) throws {
    try transaction.run(
      CaseRecordQueries.save,
      [
        .text(county.text), .text(record.caseID), .text(record.number), .text(record.townshipCode),
        .text(record.importSource), .text(record.verdict.rawValue), .time(record.reportTime),
        .text(record.standing.rawValue), .optionalTime(record.dueTime), .optionalTime(record.suspendTime),
        .optionalTime(record.closeTime), .bool(record.closedOnTime), .text(record.reportEventID),
        .text(record.clockEventID), .text(record.endEventID), .integer(record.lastSeq), .time(record.lastTime),
      ])
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
    return record
  }
}

/// The SQL of case records.
enum CaseRecordQueries {
  static let load = Statement(
    "case_record.load",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time
    FROM case_records WHERE county_code = $1 AND case_id = $2
    """)
  static let list = Statement(
    "case_record.list",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time
    FROM case_records WHERE county_code = $1 ORDER BY case_id
    """)
  static let listOfTownship = Statement(
    "case_record.list_of_township",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time
    FROM case_records WHERE county_code = $1 AND township_code = $2 ORDER BY case_id
    """)
  static let listOfSource = Statement(
    "case_record.list_of_source",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time
    FROM case_records WHERE county_code = $1 AND import_source = $2 ORDER BY case_id
    """)
  static let listOfTownshipAndSource = Statement(
    "case_record.list_of_township_and_source",
    """
    SELECT case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time
    FROM case_records WHERE county_code = $1 AND township_code = $2 AND import_source = $3 ORDER BY case_id
    """)
  static let save = Statement(
    "case_record.save",
    """
    INSERT INTO case_records (
      county_code, case_id, number, township_code, import_source, verdict, report_time, standing, due_time, suspend_time,
      close_time, closed_on_time, report_event_id, clock_event_id, end_event_id, last_seq, last_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    ON CONFLICT (county_code, case_id) DO UPDATE SET
      number = excluded.number, township_code = excluded.township_code, import_source = excluded.import_source,
      verdict = excluded.verdict, report_time = excluded.report_time, standing = excluded.standing,
      due_time = excluded.due_time, suspend_time = excluded.suspend_time, close_time = excluded.close_time,
      closed_on_time = excluded.closed_on_time, report_event_id = excluded.report_event_id,
      clock_event_id = excluded.clock_event_id, end_event_id = excluded.end_event_id, last_seq = excluded.last_seq,
      last_time = excluded.last_time
    """)
  static let clear = Statement("case_record.clear", "DELETE FROM case_records WHERE county_code = $1")

  static let all = [load, list, listOfTownship, listOfSource, listOfTownshipAndSource, save, clear]
}
