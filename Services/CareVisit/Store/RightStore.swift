package import CareVisitDomain
package import Kernel
package import Persistence
import WorkClock

/// Requests for rights as rows.
package struct RightStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: RightRequest.ID, in reading: some Reading) throws -> RightRequest? {
    try reading.first(Self.load, [.text(county.text), .id(id)], Self.right)
  }

  /// At most `limit` requests after an id, in order.
  package func list(after id: String, limit: Int, in reading: some Reading) throws -> [RightRequest] {
    try reading.all(Self.list, [.text(county.text), .text(id), .integer(limit)], Self.right)
  }

  /// Whether a request of this kind waits for its answer.
  package func hasOpen(
    _ kind: RightRequest.Kind, of enrolment: Enrolment.ID, in reading: some Reading
  ) throws -> Bool {
    try reading.exists(Self.open, [.text(county.text), .id(enrolment), .text(kind.rawValue)])
  }

  /// Open requests whose lateness was not reported, the oldest first.
  package func running(limit: Int, in reading: some Reading) throws -> [RightRequest] {
    try reading.all(Self.running, [.text(county.text), .integer(limit)], Self.right)
  }

  package func save(_ right: RightRequest, in transaction: WriteTransaction) throws {
    let clock = right.clock
    try transaction.run(
      Self.save,
      [
        .text(county.text), .id(right.id), .id(right.enrolmentID), .text(right.kind.rawValue),
        .text(right.state.rawValue), .text(right.filerID), .text(clock.policyCode), .integer(clock.policyVersion),
        .integer(clock.budget.amount), .text(clock.budget.unit.rawValue), .time(clock.startTime),
        .optionalTime(clock.stopTime), .text(right.deciderID), .optionalTime(right.overdueTime),
        .integer(right.version),
      ])
  }

  private static func right(_ row: borrowing Row) -> RightRequest {
    let budget = try? Budget(row.int(7), row.named(8, or: .workingDay))
    if budget == nil { row.reject(7) }
    return RightRequest(
      id: row.id(0), enrolmentID: row.id(1), kind: row.named(2, or: .complaint), state: row.named(3, or: .denied),
      filerID: row.text(4),
      clock: Clock(
        kind: "RIGHT", policyCode: row.text(5), policyVersion: row.int(6), budget: budget ?? .workingDays(1),
        startTime: row.time(9), stopTime: row.optionalTime(10)),
      deciderID: row.text(11), overdueTime: row.optionalTime(12), version: row.int(13))
  }
}

extension RightStore {
  private static let load = Statement(
    "right_request.load",
    """
    SELECT right_request_id, enrolment_id, kind, state, filer_person_id, policy_code, policy_version, budget_amount,
      budget_unit, start_time, stop_time, decider_person_id, overdue_time, version
    FROM right_requests WHERE county_code = $1 AND right_request_id = $2
    """)
  private static let list = Statement(
    "right_request.list",
    """
    SELECT right_request_id, enrolment_id, kind, state, filer_person_id, policy_code, policy_version, budget_amount,
      budget_unit, start_time, stop_time, decider_person_id, overdue_time, version
    FROM right_requests WHERE county_code = $1 AND right_request_id > $2 ORDER BY right_request_id LIMIT $3
    """)
  private static let open = Statement(
    "right_request.open",
    """
    SELECT right_request_id FROM right_requests
    WHERE county_code = $1 AND enrolment_id = $2 AND state = 'OPEN' AND kind = $3
    """)
  private static let running = Statement(
    "right_request.running",
    """
    SELECT right_request_id, enrolment_id, kind, state, filer_person_id, policy_code, policy_version, budget_amount,
      budget_unit, start_time, stop_time, decider_person_id, overdue_time, version
    FROM right_requests WHERE county_code = $1 AND state = 'OPEN' AND overdue_time IS NULL
    ORDER BY start_time, right_request_id LIMIT $2
    """)
  private static let save = Statement(
    "right_request.save",
    """
    INSERT INTO right_requests (
      county_code, right_request_id, enrolment_id, kind, state, filer_person_id, policy_code, policy_version,
      budget_amount, budget_unit, start_time, stop_time, decider_person_id, overdue_time, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (county_code, right_request_id) DO UPDATE SET
      state = excluded.state, stop_time = excluded.stop_time, decider_person_id = excluded.decider_person_id,
      overdue_time = excluded.overdue_time, version = excluded.version
    """)

  static let statements = [load, list, open, running, save]
}
