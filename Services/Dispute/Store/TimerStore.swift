package import DisputeDomain
package import Kernel
package import Persistence
import WorkClock

/// Which case has to be looked at next, and which rungs have fired.
///
/// A wake time is no due time: it only says when to look. What is due then is derived from the clocks anew.
package struct TimerStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The cases to be looked at before `now`, earliest first.
  package func due(before now: Timestamp, limit: Int, in reading: some Reading) throws -> [ID<Case>] {
    try reading.all(TimerQueries.due, [.text(county.text), .time(now), .integer(limit)]) { $0.id(0) }
  }

  /// When the next case has to be looked at.
  package func next(in reading: some Reading) throws -> Timestamp? {
    try reading.first(TimerQueries.next, [.text(county.text)]) { $0.time(0) }
  }

  /// How many cases have to be looked at before `instant`.
  package func count(before instant: Timestamp, in reading: some Reading) throws -> Int {
    try reading.first(TimerQueries.count, [.text(county.text), .time(instant)]) { $0.int(0) } ?? 0
  }

  /// Looks at the case at `wakeTime` next, or no more.
  package func set(_ wakeTime: Timestamp?, for id: ID<Case>, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .id(id)]
    if let wakeTime {
      try transaction.run(TimerQueries.set, key + [.time(wakeTime)])
    } else {
      try transaction.run(TimerQueries.clear, key)
    }
  }

  /// Claims a rung; a second claim of the same breaks the table's key.
  package func claim(_ rung: Case.FiredRung, of id: ID<Case>, in transaction: WriteTransaction) throws {
    try transaction.run(
      TimerQueries.claim,
      [
        .text(county.text), .id(id), .text(rung.kind), .integer(rung.round), .text(rung.rung.rawValue),
        .time(rung.rungTime), .time(rung.fireTime), .time(rung.noticeTime),
      ])
  }

  static func rung(_ row: borrowing Row) -> Case.FiredRung {
    Case.FiredRung(
      kind: row.text(0), round: row.int(1), rung: row.named(2, or: .red3), rungTime: row.time(3), fireTime: row.time(4),
      noticeTime: row.time(5))
  }
}

/// The statements of timers and rungs.
enum TimerQueries {
  static let due = Statement(
    "case_timer.due",
    """
    SELECT case_id FROM case_timers WHERE county_code = $1 AND wake_time < $2 ORDER BY wake_time, case_id LIMIT $3
    """)
  static let count = Statement(
    "case_timer.count", "SELECT COUNT(*) FROM case_timers WHERE county_code = $1 AND wake_time < $2")
  static let next = Statement(
    "case_timer.next", "SELECT wake_time FROM case_timers WHERE county_code = $1 ORDER BY wake_time, case_id LIMIT 1")
  static let set = Statement(
    "case_timer.set",
    """
    INSERT INTO case_timers (county_code, case_id, wake_time) VALUES ($1, $2, $3)
    ON CONFLICT (county_code, case_id) DO UPDATE SET wake_time = excluded.wake_time
    """)
  static let clear = Statement(
    "case_timer.clear", "DELETE FROM case_timers WHERE county_code = $1 AND case_id = $2")
  static let rungs = Statement(
    "case_rung.list",
    """
    SELECT clock_kind, round, rung, rung_time, fire_time, notice_time FROM case_rungs
    WHERE county_code = $1 AND case_id = $2
    """)
  static let claim = Statement(
    "case_rung.claim",
    """
    INSERT INTO case_rungs (county_code, case_id, clock_kind, round, rung, rung_time, fire_time, notice_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    """)

  static let all = [due, next, set, clear, rungs, claim]
}
