package import DispatchDomain
package import Kernel
package import Persistence

/// Cases that wait for a call or a coordination task.
package struct AwaitingCaseStore: Sendable {
  private let county: String

  package init(county: String) { self.county = county }

  /// At most `limit` open ones after (`time`, `id`), longest waiting first; of all townships if `township` is `nil`.
  package func list(
    township: String?, after time: Timestamp, _ id: String, limit: Int, in reading: some Reading
  ) throws -> [AwaitingCase] {
    let page: [Value] = [.time(time), .text(id), .integer(limit)]
    return try reading.all(
      township == nil ? Self.list : Self.listOfTownship,
      [.text(county)] + (township.map { [.text($0)] } ?? []) + page
    ) { row in
      AwaitingCase(
        caseID: row.text(0), number: row.text(1), awaitsCall: row.bool(2), townshipOrgID: row.text(3),
        townshipCode: row.text(4), itemCode: row.text(5), determinationID: row.text(6), awaitTime: row.time(7))
    }
  }

  /// `isOpen`: nothing names the case yet.
  package func save(_ awaiting: AwaitingCase, isOpen: Bool, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county), .text(awaiting.caseID), .text(awaiting.number), .bool(awaiting.awaitsCall),
        .text(awaiting.townshipOrgID), .text(awaiting.townshipCode), .text(awaiting.itemCode),
        .text(awaiting.determinationID), .time(awaiting.awaitTime), .bool(isOpen),
      ])
  }

  /// A call or task names the case now, or it waits no more.
  package func close(_ caseID: String, in transaction: WriteTransaction) throws {
    try transaction.run(Self.close, [.text(county), .text(caseID)])
  }

  private static let list = Statement(
    "awaiting_case.list",
    """
    SELECT case_id, number, awaits_call, township_org_id, township_code, item_code, determination_id, await_time
    FROM awaiting_cases WHERE county_code = $1 AND open = 1 AND (await_time, case_id) > ($2, $3)
    ORDER BY await_time, case_id LIMIT $4
    """)
  private static let listOfTownship = Statement(
    "awaiting_case.list_of_township",
    """
    SELECT case_id, number, awaits_call, township_org_id, township_code, item_code, determination_id, await_time
    FROM awaiting_cases WHERE county_code = $1 AND open = 1 AND township_code = $2 AND (await_time, case_id) > ($3, $4)
    ORDER BY await_time, case_id LIMIT $5
    """)
  private static let save = Statement(
    "awaiting_case.save",
    """
    INSERT INTO awaiting_cases (county_code, case_id, number, awaits_call, township_org_id, township_code, item_code,
      determination_id, await_time, open)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (county_code, case_id) DO UPDATE SET
      number = excluded.number, awaits_call = excluded.awaits_call, township_org_id = excluded.township_org_id,
      township_code = excluded.township_code, item_code = excluded.item_code,
      determination_id = excluded.determination_id, await_time = excluded.await_time, open = excluded.open
    """)
  private static let close = Statement(
    "awaiting_case.close", "UPDATE awaiting_cases SET open = 0 WHERE county_code = $1 AND case_id = $2")

  static let statements = [list, listOfTownship, save, close]
}
