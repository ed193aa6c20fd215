package import Persistence
package import ResponsibilityListDomain

/// What has been heard of the county's organisations, as far as answers need it.
package struct DirectoryStore: Sendable {
  /// An organisation as the relay told it.
  package struct Organisation: Hashable, Sendable {
    package let id: String
    package let name: String
    package let kind: String
    /// Empty for the county's own.
    package let townshipCode: String
    /// Empty unless it is an agency.
    package let agencyType: String
    package let departmentID: String
    package let isClosed: Bool

    package init(
      id: String, name: String, kind: String, townshipCode: String, agencyType: String, departmentID: String,
      isClosed: Bool
    ) {
      self.id = id
      self.name = name
      self.kind = kind
      self.townshipCode = townshipCode
      self.agencyType = agencyType
      self.departmentID = departmentID
      self.isClosed = isClosed
    }

    /// Whether answers can depend on it: a department, a township, an agency. The many rooms and villages do not matter.
    var matters: Bool { townshipCode.isEmpty || kind == Self.township || !agencyType.isEmpty }

    static let township = "TOWNSHIP"
  }

  private let county: String

  package init(county: String) { self.county = county }

  /// Grows with every change that matters; 0 while nothing was heard.
  package func version(in reading: some Reading) throws -> Int64 {
    try reading.first(Self.version, [.text(county)]) { $0.integer(0) } ?? 0
  }

  /// The directory as a question from one township needs it.
  package func view(ofTownship code: String, in reading: some Reading) throws -> DirectoryView {
    let own = try organisations(ofTownship: "", in: reading)
    let local = try organisations(ofTownship: code, in: reading)
    let township = local.first { $0.kind == Organisation.township }
    return DirectoryView(
      version: try version(in: reading),
      agencies: local.filter { !$0.agencyType.isEmpty }.map {
        Agency(organisationID: $0.id, name: $0.name, agencyType: $0.agencyType, departmentID: $0.departmentID)
      },
      departmentIDs: Dictionary(own.map { ($0.name, $0.id) }) { first, _ in first }, townshipID: township?.id ?? "",
      townshipName: township?.name ?? "")
  }

  /// Takes in what was heard; the version grows if that changes anything that matters.
  package func save(_ organisation: Organisation, in transaction: WriteTransaction) throws {
    let before = try transaction.first(Self.load, [.text(county), .text(organisation.id)], Self.map)
    guard organisation.matters || before != nil, organisation != before else { return }
    try transaction.run(
      Self.save,
      [
        .text(county), .text(organisation.id), .text(organisation.name), .text(organisation.kind),
        .text(organisation.townshipCode), .text(organisation.agencyType), .text(organisation.departmentID),
        .bool(organisation.isClosed),
      ])
    try transaction.run(Self.raiseVersion, [.text(county)])
  }

  private func organisations(ofTownship code: String, in reading: some Reading) throws -> [Organisation] {
    try reading.all(Self.ofTownship, [.text(county), .text(code)], Self.map).filter { !$0.isClosed }
  }

  private static func map(_ row: borrowing Row) -> Organisation {
    Organisation(
      id: row.text(0), name: row.text(1), kind: row.text(2), townshipCode: row.text(3), agencyType: row.text(4),
      departmentID: row.text(5), isClosed: row.bool(6))
  }
}

extension DirectoryStore {
  private static let version = Statement(
    "directory.version", "SELECT directory_version FROM directory_version WHERE county_code = $1")
  private static let raiseVersion = Statement(
    "directory.raise_version",
    """
    INSERT INTO directory_version (county_code, directory_version) VALUES ($1, 1)
    ON CONFLICT (county_code) DO UPDATE SET directory_version = directory_version.directory_version + 1
    """)
  private static let load = Statement(
    "organisation_heard.load",
    """
    SELECT org_id, name, organisation_kind, township_code, agency_type, department_org_id, closed
    FROM organisations_heard WHERE county_code = $1 AND org_id = $2
    """)
  private static let ofTownship = Statement(
    "organisation_heard.of_township",
    """
    SELECT org_id, name, organisation_kind, township_code, agency_type, department_org_id, closed
    FROM organisations_heard WHERE county_code = $1 AND township_code = $2 ORDER BY org_id
    """)
  private static let save = Statement(
    "organisation_heard.save",
    """
    INSERT INTO organisations_heard (county_code, org_id, name, organisation_kind, township_code, agency_type,
      department_org_id, closed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, org_id) DO UPDATE SET name = $3, organisation_kind = $4, township_code = $5,
      agency_type = $6, department_org_id = $7, closed = $8
    """)

  static let statements = [version, raiseVersion, load, ofTownship, save]
}
