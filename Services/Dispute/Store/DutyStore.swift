package import DisputeDomain
package import Kernel
package import Persistence
package import WorkClock

/// Which duty beside the cases has to be looked at next, and which of its rungs have fired.
package struct DutyStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// Those to be looked at before `now`, earliest first.
  package func due(before now: Timestamp, limit: Int, in reading: some Reading) throws -> [Duty] {
    try reading.all(DutyQueries.due, [.text(county.text), .time(now), .integer(limit)]) { row in
      Duty(row.named(0, or: .alert), row.text(1))
    }
  }

  /// When the next one has to be looked at.
  package func next(in reading: some Reading) throws -> Timestamp? {
    try reading.first(DutyQueries.next, [.text(county.text)]) { $0.time(0) }
  }

  /// How many have to be looked at before `instant`.
  package func count(before instant: Timestamp, in reading: some Reading) throws -> Int {
    try reading.first(DutyQueries.count, [.text(county.text), .time(instant)]) { $0.int(0) } ?? 0
  }

  /// Looks at it at `wakeTime` next, or no more.
  package func set(_ wakeTime: Timestamp?, for duty: Duty, in transaction: WriteTransaction) throws {
    if let wakeTime {
      try transaction.run(DutyQueries.set, key(duty) + [.time(wakeTime)])
    } else {
      try transaction.run(DutyQueries.clear, key(duty))
    }
  }

  /// The rungs of its clock that have fired.
  package func fired(_ duty: Duty, in reading: some Reading) throws -> Set<Rung> {
    Set(try reading.all(DutyQueries.fired, key(duty)) { $0.named(0, or: .red3) })
  }

  /// Claims a rung; a second claim of the same breaks the table's key.
  package func claim(_ rung: Case.FiredRung, of duty: Duty, in transaction: WriteTransaction) throws {
    try transaction.run(
      DutyQueries.claim,
      key(duty) + [
        .integer(rung.round), .text(rung.rung.rawValue), .time(rung.rungTime), .time(rung.fireTime),
        .time(rung.noticeTime),
      ])
  }

  private func key(_ duty: Duty) -> [Value] { [.text(county.text), .text(duty.kind.rawValue), .text(duty.id)] }
}

/// The statements of duties beside the cases.
enum DutyQueries {
  static let due = Statement(
    "duty_timer.due",
    """
    SELECT duty_kind, duty_id FROM duty_timers WHERE county_code = $1 AND wake_time < $2
    ORDER BY wake_time, duty_kind, duty_id LIMIT $3
    """)
  static let count = Statement(
    "duty_timer.count", "SELECT COUNT(*) FROM duty_timers WHERE county_code = $1 AND wake_time < $2")
  static let next = Statement(
    "duty_timer.next",
    "SELECT wake_time FROM duty_timers WHERE county_code = $1 ORDER BY wake_time, duty_kind, duty_id LIMIT 1")
  static let set = Statement(
    "duty_timer.set",
    """
    INSERT INTO duty_timers (county_code, duty_kind, duty_id, wake_time) VALUES ($1, $2, $3, $4)
    ON CONFLICT (county_code, duty_kind, duty_id) DO UPDATE SET wake_time = excluded.wake_time
    """)
  static let clear = Statement(
    "duty_timer.clear", "DELETE FROM duty_timers WHERE county_code = $1 AND duty_kind = $2 AND duty_id = $3")
  static let fired = Statement(
    "duty_rung.list",
    "SELECT rung FROM duty_rungs WHERE county_code = $1 AND duty_kind = $2 AND duty_id = $3 ORDER BY rung_time")
  static let claim = Statement(
    "duty_rung.claim",
    """
    INSERT INTO duty_rungs (county_code, duty_kind, duty_id, round, rung, rung_time, fire_time, notice_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    """)

  static let all = [due, count, next, set, clear, fired, claim]
}
