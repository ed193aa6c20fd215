package import CareVisitDomain
package import Kernel
package import Persistence

/// Visits as rows, and how many people were visited and found in need: never fewer than a group.
package struct VisitStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The visits of one enrolment, oldest first.
  package func list(of enrolment: Enrolment.ID, in reading: some Reading) throws -> [Visit] {
    try reading.all(Self.list, [.text(county.text), .id(enrolment)]) { row in
      (row.id(0, of: Visit.self), row.date(1), row.named(2, or: Visit.Outcome.notMet), row.text(3), row.text(4))
    }.map { id, date, outcome, referral, visitor in
      let needs = try reading.all(Self.needs, [.text(county.text), .id(enrolment), .id(id)]) { $0.text(0) }
      return Visit(
        id: id, enrolmentID: enrolment, date: date, outcome: outcome, needCodes: needs, referralID: referral,
        visitorID: visitor)
    }
  }

  /// `seq` is the journal's line of the visit: what came first stands first.
  package func save(_ visit: Visit, seq: Int64, of programme: Programme.ID, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.insert,
      [
        .text(county.text), .id(visit.enrolmentID), .id(visit.id), .integer(seq), .id(programme), .date(visit.date),
        .text(visit.outcome.rawValue), .text(visit.referralID), .text(visit.visitorID),
      ])
    for (position, need) in visit.needCodes.enumerated() {
      try transaction.run(
        Self.insertNeed,
        [
          .text(county.text), .id(visit.enrolmentID), .id(visit.id), .integer(position), .id(programme), .text(need),
        ])
    }
  }

  /// How many people of a programme were met at least once.
  package func visitedCount(of programme: Programme.ID, in reading: some Reading) throws -> Int {
    try reading.first(Self.visited, [.text(county.text), .id(programme)]) { $0.int(0) } ?? 0
  }

  /// Of how many people of a programme a need was found.
  package func needCount(_ code: String, of programme: Programme.ID, in reading: some Reading) throws -> Int {
    try reading.first(Self.needed, [.text(county.text), .id(programme), .text(code)]) { $0.int(0) } ?? 0
  }
}

extension VisitStore {
  private static let list = Statement(
    "care_visit.list",
    """
    SELECT visit_id, visit_date, outcome, referral_org_id, visitor_person_id
    FROM visits WHERE county_code = $1 AND enrolment_id = $2 ORDER BY seq
    """)
  private static let needs = Statement(
    "care_visit.needs",
    """
    SELECT need_code FROM visit_needs WHERE county_code = $1 AND enrolment_id = $2 AND visit_id = $3 ORDER BY position
    """)
  private static let insert = Statement(
    "care_visit.insert",
    """
    INSERT INTO visits (
      county_code, enrolment_id, visit_id, seq, programme_id, visit_date, outcome, referral_org_id, visitor_person_id
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)
  private static let insertNeed = Statement(
    "care_visit.insert_need",
    """
    INSERT INTO visit_needs (county_code, enrolment_id, visit_id, position, programme_id, need_code)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)
  private static let visited = Statement(
    "care_visit.visited",
    """
    SELECT count(DISTINCT enrolment_id) FROM visits WHERE county_code = $1 AND programme_id = $2 AND outcome = 'DONE'
    """)
  private static let needed = Statement(
    "care_visit.needed",
    """
    SELECT count(DISTINCT enrolment_id) FROM visit_needs WHERE county_code = $1 AND programme_id = $2 AND need_code = $3
    """)

  static let statements = [list, needs, insert, insertNeed, visited, needed]
}
