package import DispatchDomain
package import Kernel
package import Persistence
import WorkClock

/// Coordination tasks as rows.
package struct CoordinationTaskStore: Sendable {
  /// Which tasks a list shows.
  package enum Filter: Hashable, Sendable {
    case all
    case township(String)
    case agency(String)
    case ofCase(String)
  }

  private let county: String

  package init(county: String) { self.county = county }

  package func load(_ id: ID<CoordinationTask>, in reading: some Reading) throws -> CoordinationTask? {
    try reading.first(Self.load, [.text(county), .id(id)], Self.task)
  }

  /// The task that an import has brought.
  package func find(source: String, externalRef: String, in reading: some Reading) throws -> ID<CoordinationTask>? {
    try reading.first(Self.findImported, [.text(county), .text(source), .text(externalRef)]) { $0.id(0) }
  }

  /// What a township has asked about an item, newest first; the newest hundred are enough to judge by.
  package func find(
    township code: String, item: String, in reading: some Reading
  ) throws -> [CoordinationTask] {
    try load(
      reading.all(Self.findForItem, [.text(county), .text(code), .text(item), .integer(100)]) { $0.id(0) }, in: reading)
  }

  /// Whether a task names the case.
  package func exists(caseID: String, in reading: some Reading) throws -> Bool {
    try reading.exists(Self.ofCase, [.text(county), .text(caseID)])
  }

  /// All open tasks of whose delay nobody has spoken.
  package func findOpen(in reading: some Reading) throws -> [CoordinationTask] {
    try load(listOverdue(before: Timestamp(microseconds: .max), limit: .max, in: reading), in: reading)
  }

  /// At most `limit` open tasks whose time and grace have passed before `now` without anybody having said so, earliest first.
  package func listOverdue(
    before now: Timestamp, limit: Int, in reading: some Reading
  ) throws -> [ID<CoordinationTask>] {
    try reading.all(Self.listOverdue, [.text(county), .time(now), .integer(limit)]) { $0.id(0) }
  }

  /// How many these are.
  package func countOverdue(before now: Timestamp, in reading: some Reading) throws -> Int {
    try reading.first(Self.countOverdue, [.text(county), .time(now)]) { $0.int(0) } ?? 0
  }

  /// When the time and the grace of the next open task pass.
  package func nextOverdue(in reading: some Reading) throws -> Timestamp? {
    try reading.first(Self.nextOverdue, [.text(county)]) { $0.time(0) }
  }

  /// At most `limit` tasks requested before (`time`, `id`), newest first.
  package func list(
    _ filter: Filter, before time: Timestamp, _ id: String, limit: Int, in reading: some Reading
  ) throws -> [CoordinationTask] {
    let (statement, values): (Statement, [Value]) =
      switch filter {
      case .all: (Self.list, [])
      case .township(let code): (Self.listOfTownship, [.text(code)])
      case .agency(let orgID): (Self.listOfAgency, [.text(orgID)])
      case .ofCase(let caseID): (Self.listOfCase, [.text(caseID)])
      }
    let page: [Value] = [.time(time), .text(id), .integer(limit)]
    return try load(reading.all(statement, [.text(county)] + values + page) { $0.id(0) }, in: reading)
  }

  package func save(_ task: CoordinationTask, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county), .id(task.id), .integer(task.version), .text(task.state.rawValue)]
    let end: [Value] = [
      .optionalSealed(task.result), .optionalText(task.unableReason?.rawValue), .optionalSealed(task.unableBasis),
      .optionalTime(task.acceptTime), .optionalTime(task.finishTime), .optionalTime(task.clock.floorDue),
      .optionalTime(task.overdueTime), .bool(task.finishTime == nil && task.overdueTime == nil),
      .time(task.graceDueTime),
    ]
    guard task.version == 1 else {
      try transaction.run(Self.update, key + end)
      return
    }
    let about: [Value] = [
      .text(task.townshipOrgID), .text(task.townshipCode), .text(task.agencyOrgID), .text(task.agencyType),
      .text(task.itemCode), .text(task.determinationID), .text(task.caseID), .sealed(task.ask), .time(task.requestTime),
    ]
    let clock: [Value] =
      [.text(task.clock.policyCode), .integer(task.clock.policyVersion)] + Value.budget(task.clock.budget) + [
        .text(task.importSource), .text(task.externalRef),
      ]
    try transaction.run(Self.insert, key + end + about + clock)
  }

  private func load(_ ids: [ID<CoordinationTask>], in reading: some Reading) throws -> [CoordinationTask] {
    try ids.compactMap { try load($0, in: reading) }
  }

  private static func task(_ row: borrowing Row) -> CoordinationTask {
    let requestTime = row.time(9)
    let finishTime = row.optionalTime(14)
    return CoordinationTask(
      id: row.id(0), version: row.int(1), state: row.named(2, or: .requested), townshipOrgID: row.text(3),
      townshipCode: row.text(4), agencyOrgID: row.text(5), agencyType: row.text(6), itemCode: row.text(7),
      determinationID: row.text(8), caseID: row.text(23), ask: row.sealed(10), result: row.optionalSealed(11),
      unableReason: row.optionalNamed(12, or: .noPower), unableBasis: row.optionalSealed(13), requestTime: requestTime,
      acceptTime: row.optionalTime(15), finishTime: finishTime,
      clock: Clock(
        kind: ClockKind.coordination.rawValue, policyCode: row.text(16), policyVersion: row.int(17),
        budget: row.budget(18), startTime: requestTime, stopTime: finishTime, floorDue: row.optionalTime(20)),
      graceDueTime: row.time(21), overdueTime: row.optionalTime(25), importSource: row.text(22),
      externalRef: row.text(24))
  }
}

extension CoordinationTaskStore {
  private static let load = Statement(
    "task.load",
    """
    SELECT task_id, version, state, township_org_id, township_code, agency_org_id, agency_type, item_code,
      determination_id, request_time, ask, result, unable_reason, unable_basis, finish_time, accept_time, policy_code,
      policy_version, budget_amount, budget_unit, floor_due_time, grace_due_time, import_source, case_id, external_ref,
      overdue_time
    FROM coordination_tasks WHERE county_code = $1 AND task_id = $2
    """)
  private static let findImported = Statement(
    "task.find_imported",
    """
    SELECT task_id FROM coordination_tasks
    WHERE county_code = $1 AND import_source = $2 AND external_ref = $3 AND external_ref <> ''
    """)
  private static let findForItem = Statement(
    "task.find_for_item",
    """
    SELECT task_id FROM coordination_tasks WHERE county_code = $1 AND township_code = $2 AND item_code = $3
    ORDER BY request_time DESC, task_id DESC LIMIT $4
    """)
  private static let listOverdue = Statement(
    "task.list_overdue",
    """
    SELECT task_id FROM coordination_tasks WHERE county_code = $1 AND watched = 1 AND grace_due_time < $2
    ORDER BY grace_due_time, task_id LIMIT $3
    """)
  private static let countOverdue = Statement(
    "task.count_overdue",
    "SELECT count(*) FROM coordination_tasks WHERE county_code = $1 AND watched = 1 AND grace_due_time < $2")
  private static let nextOverdue = Statement(
    "task.next_overdue",
    """
    SELECT grace_due_time FROM coordination_tasks WHERE county_code = $1 AND watched = 1 ORDER BY grace_due_time LIMIT 1
    """)
  private static let ofCase = Statement(
    "task.of_case", "SELECT task_id FROM coordination_tasks WHERE county_code = $1 AND case_id = $2 LIMIT 1")
  private static let list = Statement(
    "task.list",
    """
    SELECT task_id FROM coordination_tasks
    WHERE county_code = $1 AND (request_time, task_id) < ($2, $3)
    ORDER BY request_time DESC, task_id DESC LIMIT $4
    """)
  private static let listOfTownship = Statement(
    "task.list_of_township",
    """
    SELECT task_id FROM coordination_tasks
    WHERE county_code = $1 AND township_code = $2 AND (request_time, task_id) < ($3, $4)
    ORDER BY request_time DESC, task_id DESC LIMIT $5
    """)
  private static let listOfAgency = Statement(
    "task.list_of_agency",
    """
    SELECT task_id FROM coordination_tasks
    WHERE county_code = $1 AND agency_org_id = $2 AND (request_time, task_id) < ($3, $4)
    ORDER BY request_time DESC, task_id DESC LIMIT $5
    """)
  private static let listOfCase = Statement(
    "task.list_of_case",
    """
    SELECT task_id FROM coordination_tasks
    WHERE county_code = $1 AND case_id = $2 AND (request_time, task_id) < ($3, $4)
    ORDER BY request_time DESC, task_id DESC LIMIT $5
    """)
  private static let insert = Statement(
    "task.insert",
    """
    INSERT INTO coordination_tasks (county_code, task_id, version, state, result, unable_reason, unable_basis,
      accept_time, finish_time, floor_due_time, overdue_time, watched, grace_due_time, township_org_id, township_code, agency_org_id,
      agency_type, item_code, determination_id, case_id, ask, request_time, policy_code, policy_version, budget_amount, budget_unit,
      import_source, external_ref)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
      $24, $25, $26, $27, $28)
    """)
  private static let update = Statement(
    "task.update",
    """
    UPDATE coordination_tasks SET version = $3, state = $4, result = $5, unable_reason = $6, unable_basis = $7,
      accept_time = $8, finish_time = $9, floor_due_time = $10, overdue_time = $11, watched = $12,
      grace_due_time = $13
    WHERE county_code = $1 AND task_id = $2
    """)

  static let statements = [
    load, findImported, findForItem, listOverdue, countOverdue, nextOverdue, ofCase, list, listOfTownship, listOfAgency,
    listOfCase, insert,
    update,
  ]
}
