package import Kernel
package import PerformanceEvaluationDomain
package import Persistence

/// Calls as their facts tell them, as rows: one per call and one per round of its response clock.
package struct CallRecordStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ callID: String, in reading: some Reading) throws -> CallRecord? {
    let key: [Value] = [.text(county.text), .text(callID)]
    guard var record = try reading.first(CallRecordQueries.load, key, Self.record) else { return nil }
    record.rounds = try reading.all(CallRecordQueries.rounds, key) { Self.round($0) }
    return record
  }

  /// All of them, in the order of their ids. Calls are few beside cases.
  package func list(in reading: some Reading) throws -> [CallRecord] {
    let rounds = try reading.all(CallRecordQueries.allRounds, [.text(county.text)]) { ($0.text(7), Self.round($0)) }
    let byCall = Dictionary(grouping: rounds) { $0.0 }
    return try reading.all(CallRecordQueries.list, [.text(county.text)], Self.record).map { record in
      var record = record
      record.rounds = byCall[record.callID, default: []].map(\.1)
      return record
    }
  }

  package func save(_ record: CallRecord, in transaction: WriteTransaction) throws {
    let verification = record.verification
    try transaction.run(
      CallRecordQueries.save,
      [
        .text(county.text), .text(record.callID), .text(record.number), .text(record.townshipCode),
        .text(record.mainOrgID), .text(record.importSource), .optionalTime(record.submitTime),
        .text(record.submitEventID), .text(record.overCallEventID), .optionalInteger(verification?.workRound),
        .optionalBool(verification?.isSolved), .optionalText(verification?.orgID), .optionalText(verification?.eventID),
        .optionalTime(record.endTime), .integer(record.lastSeq), .time(record.lastTime),
      ])
    for round in record.rounds {
      try transaction.run(
        CallRecordQueries.saveRound,
        [
          .text(county.text), .text(record.callID), .integer(round.round), .text(round.orgID),
          .optionalTime(round.dueTime), .text(round.answer.rawValue), .integer(round.workingTime.microseconds),
          .text(round.startEventID), .text(round.answerEventID),
        ])
    }
  }

  /// Throws one away; its facts stay.
  package func remove(_ callID: String, in transaction: WriteTransaction) throws {
    try transaction.run(CallRecordQueries.remove, [.text(county.text), .text(callID)])
    try transaction.run(CallRecordQueries.removeRounds, [.text(county.text), .text(callID)])
  }

  /// Throws all of them away; the facts stay.
  package func clear(in transaction: WriteTransaction) throws {
    try transaction.run(CallRecordQueries.clear, [.text(county.text)])
    try transaction.run(CallRecordQueries.clearRounds, [.text(county.text)])
  }

  private static func record(_ row: borrowing Row) -> CallRecord {
    var record = CallRecord(callID: row.text(0))
    record.number = row.text(1)
    record.townshipCode = row.text(2)
    record.mainOrgID = row.text(3)
    record.importSource = row.text(4)
    record.submitTime = row.optionalTime(5)
    record.submitEventID = row.text(6)
    record.overCallEventID = row.text(7)
    if !row.isNull(8) {
      record.verification = CallRecord.Verification(
        workRound: row.int(8), isSolved: row.bool(9), orgID: row.text(10), eventID: row.text(11))
    }
    record.endTime = row.optionalTime(12)
    record.lastSeq = row.integer(13)
    record.lastTime = row.time(14)
    return record
  }

  private static func round(_ row: borrowing Row) -> CallRecord.Round {
    var round = CallRecord.Round(round: row.int(0), orgID: row.text(1))
    round.dueTime = row.optionalTime(2)
    round.answer = row.named(3, or: .none)
    round.workingTime = Interval(microseconds: row.integer(4))
    round.startEventID = row.text(5)
    round.answerEventID = row.text(6)
    return round
  }
}

/// The SQL of call records.
enum CallRecordQueries {
  static let load = Statement(
    "call_record.load",
    """
    SELECT call_id, number, township_code, main_org_id, import_source, submit_time, submit_event_id, over_call_event_id,
      verified_round, verified_solved, verified_org_id, verified_event_id, end_time, last_seq, last_time
    FROM call_records WHERE county_code = $1 AND call_id = $2
    """)
  static let list = Statement(
    "call_record.list",
    """
    SELECT call_id, number, township_code, main_org_id, import_source, submit_time, submit_event_id, over_call_event_id,
      verified_round, verified_solved, verified_org_id, verified_event_id, end_time, last_seq, last_time
    FROM call_records WHERE county_code = $1 ORDER BY call_id
    """)
  static let rounds = Statement(
    "call_round.list_of_call",
    """
    SELECT round, org_id, due_time, answer, working_time, start_event_id, answer_event_id
    FROM call_rounds WHERE county_code = $1 AND call_id = $2 ORDER BY round
    """)
  static let allRounds = Statement(
    "call_round.list",
    """
    SELECT round, org_id, due_time, answer, working_time, start_event_id, answer_event_id, call_id
    FROM call_rounds WHERE county_code = $1 ORDER BY call_id, round
    """)
  static let save = Statement(
    "call_record.save",
    """
    INSERT INTO call_records (
      county_code, call_id, number, township_code, main_org_id, import_source, submit_time, submit_event_id,
      over_call_event_id, verified_round, verified_solved, verified_org_id, verified_event_id, end_time, last_seq, last_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (county_code, call_id) DO UPDATE SET
      number = excluded.number, township_code = excluded.township_code, main_org_id = excluded.main_org_id,
      import_source = excluded.import_source, submit_time = excluded.submit_time,
      submit_event_id = excluded.submit_event_id, over_call_event_id = excluded.over_call_event_id,
      verified_round = excluded.verified_round, verified_solved = excluded.verified_solved,
      verified_org_id = excluded.verified_org_id, verified_event_id = excluded.verified_event_id,
      end_time = excluded.end_time, last_seq = excluded.last_seq, last_time = excluded.last_time
    """)
  static let saveRound = Statement(
    "call_round.save",
    """
    INSERT INTO call_rounds (
      county_code, call_id, round, org_id, due_time, answer, working_time, start_event_id, answer_event_id
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (county_code, call_id, round) DO UPDATE SET
      org_id = excluded.org_id, due_time = excluded.due_time, answer = excluded.answer,
      working_time = excluded.working_time, start_event_id = excluded.start_event_id,
      answer_event_id = excluded.answer_event_id
    """)
  static let remove = Statement(
    "call_record.remove", "DELETE FROM call_records WHERE county_code = $1 AND call_id = $2")
  static let removeRounds = Statement(
    "call_round.remove", "DELETE FROM call_rounds WHERE county_code = $1 AND call_id = $2")
  static let clear = Statement("call_record.clear", "DELETE FROM call_records WHERE county_code = $1")
  static let clearRounds = Statement("call_round.clear", "DELETE FROM call_rounds WHERE county_code = $1")

  static let all = [load, list, rounds, allRounds, save, saveRound, remove, removeRounds, clear, clearRounds]
}
