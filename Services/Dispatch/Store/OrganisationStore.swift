package import DispatchDomain
package import Persistence

/// Organisations as last heard.
package struct OrganisationStore: Sendable {
  private let county: String

  package init(county: String) { self.county = county }

  package func load(_ id: String, in reading: some Reading) throws -> Organisation? {
    try reading.first(Self.load, [.text(county), .text(id)], Self.organisation)
  }

  /// All dispatched agencies. A county has a few hundred.
  package func listAgencies(in reading: some Reading) throws -> [Organisation] {
    try reading.all(Self.listOfType, [.text(county), .text(Organisation.dispatchedAgency)], Self.organisation)
  }

  /// What decisions read of the directory inside one transaction.
  package func findAgencies(
    township orgID: String, code: String, in reading: some Reading
  ) throws -> [Organisation] {
    try listAgencies(in: reading).filter { $0.belongs(toTownship: orgID, code: code) }
  }

  package func save(_ organisation: Organisation, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county), .text(organisation.id), .text(organisation.name), .text(organisation.type),
        .text(organisation.agencyType), .text(organisation.businessParentID), .text(organisation.dailyParentID),
        .texts(organisation.areaCodes), .bool(organisation.isEnded),
      ])
  }

  private static func organisation(_ row: borrowing Row) -> Organisation {
    Organisation(
      id: row.text(0), name: row.text(1), type: row.text(2), agencyType: row.text(3), businessParentID: row.text(4),
      dailyParentID: row.text(5), areaCodes: row.texts(6), isEnded: row.bool(7))
  }

  private static let load = Statement(
    "organisation.load",
    """
    SELECT org_id, name, org_type, agency_type, business_parent_id, daily_parent_id, area_codes, ended
    FROM organisations WHERE county_code = $1 AND org_id = $2
    """)
  private static let listOfType = Statement(
    "organisation.list_of_type",
    """
    SELECT org_id, name, org_type, agency_type, business_parent_id, daily_parent_id, area_codes, ended
    FROM organisations WHERE county_code = $1 AND org_type = $2 ORDER BY org_id
    """)
  private static let save = Statement(
    "organisation.save",
    """
    INSERT INTO organisations (county_code, org_id, name, org_type, agency_type, business_parent_id, daily_parent_id,
      area_codes, ended)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (county_code, org_id) DO UPDATE SET
      name = excluded.name, org_type = excluded.org_type, agency_type = excluded.agency_type,
      business_parent_id = excluded.business_parent_id, daily_parent_id = excluded.daily_parent_id,
      area_codes = excluded.area_codes, ended = excluded.ended
    """)

  static let statements = [load, listOfType, save]
}
