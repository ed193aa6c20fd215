package import CareVisitDomain
package import Kernel
package import Persistence

/// Enrolments as rows. There is a statement for one token, for the own work of a visitor and of a lead's organisation, and for
/// the data protection officer's list; there is none that asks by anything else.
package struct EnrolmentStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Enrolment.ID, in reading: some Reading) throws -> Enrolment? {
    try reading.first(Self.load, [.text(county.text), .id(id)], Self.enrolment)
  }

  /// At most `limit` of all enrolments after a token, in order.
  package func list(after id: String, limit: Int, in reading: some Reading) throws -> [Enrolment] {
    try reading.all(Self.list, [.text(county.text), .text(id), .integer(limit)], Self.enrolment)
  }

  /// At most `limit` enrolments that an organisation answers for.
  package func list(
    ofOrganisation organisation: String, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Enrolment] {
    try reading.all(
      Self.listOfOrganisation, [.text(county.text), .text(organisation), .text(id), .integer(limit)], Self.enrolment)
  }

  /// At most `limit` of the people whom a visitor visits for an organisation now.
  package func list(
    ofVisitor visitor: String, for organisation: String, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Enrolment] {
    try reading.all(
      Self.listOfVisitor,
      [.text(county.text), .text(visitor), .text(organisation), .text(id), .integer(limit)], Self.enrolment)
  }

  /// How many enrolments of a programme are in a state.
  package func count(
    _ state: Enrolment.State, of programme: Programme.ID, in reading: some Reading
  ) throws -> Int {
    try reading.first(Self.count, [.text(county.text), .id(programme), .text(state.rawValue)]) { $0.int(0) } ?? 0
  }

  /// Whose identity is to be destroyed before `now`, the longest due first.
  package func dueForErasure(before now: Timestamp, limit: Int, in reading: some Reading) throws -> [Enrolment] {
    try reading.all(Self.dueForErasure, [.text(county.text), .time(now), .integer(limit)], Self.enrolment)
  }

  /// How many these are.
  package func countForErasure(before now: Timestamp, in reading: some Reading) throws -> Int {
    try reading.first(Self.countForErasure, [.text(county.text), .time(now)]) { $0.int(0) } ?? 0
  }

  package func save(_ enrolment: Enrolment, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county.text), .id(enrolment.id), .id(enrolment.programmeID), .text(enrolment.organisationID),
        .text(enrolment.leadID), .text(enrolment.visitorID), .optionalDate(enrolment.beginDate),
        .optionalDate(enrolment.nextVisit), .text(enrolment.state.rawValue),
        .optionalText(enrolment.endCause?.rawValue), .optionalTime(enrolment.endTime),
        .optionalTime(enrolment.eraseDueTime), .optionalTime(enrolment.eraseTime), .integer(enrolment.version),
      ])
  }

  private static func enrolment(_ row: borrowing Row) -> Enrolment {
    Enrolment(
      id: row.id(0), programmeID: row.id(1), organisationID: row.text(2), leadID: row.text(3), visitorID: row.text(4),
      beginDate: row.optionalDate(5), nextVisit: row.optionalDate(6), state: row.named(7, or: .erased),
      endCause: row.isNull(8) ? nil : row.named(8, or: .needOver), endTime: row.optionalTime(9),
      eraseDueTime: row.optionalTime(10), eraseTime: row.optionalTime(11), version: row.int(12))
  }
}

extension EnrolmentStore {
  private static let load = Statement(
    "enrolment.load",
    """
    SELECT enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, begin_date, next_visit_date, state,
      end_cause, end_time, erase_due_time, erase_time, version
    FROM enrolments WHERE county_code = $1 AND enrolment_id = $2
    """)
  private static let list = Statement(
    "enrolment.list",
    """
    SELECT enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, begin_date, next_visit_date, state,
      end_cause, end_time, erase_due_time, erase_time, version
    FROM enrolments WHERE county_code = $1 AND enrolment_id > $2 ORDER BY enrolment_id LIMIT $3
    """)
  private static let listOfOrganisation = Statement(
    "enrolment.list_of_organisation",
    """
    SELECT enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, begin_date, next_visit_date, state,
      end_cause, end_time, erase_due_time, erase_time, version
    FROM enrolments WHERE county_code = $1 AND org_id = $2 AND enrolment_id > $3 ORDER BY enrolment_id LIMIT $4
    """)
  private static let listOfVisitor = Statement(
    "enrolment.list_of_visitor",
    """
    SELECT enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, begin_date, next_visit_date, state,
      end_cause, end_time, erase_due_time, erase_time, version
    FROM enrolments
    WHERE county_code = $1 AND visitor_person_id = $2 AND state = 'ACTIVE' AND org_id = $3 AND enrolment_id > $4
    ORDER BY enrolment_id LIMIT $5
    """)
  private static let count = Statement(
    "enrolment.count",
    "SELECT count(*) FROM enrolments WHERE county_code = $1 AND programme_id = $2 AND state = $3")
  private static let dueForErasure = Statement(
    "enrolment.due_for_erasure",
    """
    SELECT enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, begin_date, next_visit_date, state,
      end_cause, end_time, erase_due_time, erase_time, version
    FROM enrolments WHERE county_code = $1 AND erase_time IS NULL AND erase_due_time < $2
    ORDER BY erase_due_time, enrolment_id LIMIT $3
    """)
  private static let countForErasure = Statement(
    "enrolment.count_for_erasure",
    "SELECT count(*) FROM enrolments WHERE county_code = $1 AND erase_time IS NULL AND erase_due_time < $2")
  private static let save = Statement(
    "enrolment.save",
    """
    INSERT INTO enrolments (
      county_code, enrolment_id, programme_id, org_id, lead_person_id, visitor_person_id, begin_date, next_visit_date,
      state, end_cause, end_time, erase_due_time, erase_time, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (county_code, enrolment_id) DO UPDATE SET
      visitor_person_id = excluded.visitor_person_id, begin_date = excluded.begin_date,
      next_visit_date = excluded.next_visit_date, state = excluded.state, end_cause = excluded.end_cause,
      end_time = excluded.end_time, erase_due_time = excluded.erase_due_time, erase_time = excluded.erase_time,
      version = excluded.version
    """)

  static let statements = [load, list, listOfOrganisation, listOfVisitor, count, dueForErasure, countForErasure, save]
}
