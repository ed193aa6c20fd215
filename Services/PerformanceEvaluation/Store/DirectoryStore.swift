package import Kernel
package import Persistence

/// What the directory has told: organisations for their names, years of the work calendar.
package struct DirectoryStore: Sendable {
  /// An organisation as it was last heard.
  package struct Organisation: Hashable, Sendable {
    package let orgID: String
    package let name: String
    /// COUNTY_DEPT, TOWNSHIP, …
    package let orgType: String
    /// Empty for the county's own.
    package let townshipCode: String
    package let isClosed: Bool

    package init(orgID: String, name: String, orgType: String, townshipCode: String, isClosed: Bool) {
      self.orgID = orgID
      self.name = name
      self.orgType = orgType
      self.townshipCode = townshipCode
      self.isClosed = isClosed
    }
  }

  /// A year of the calendar as it was last heard.
  package struct CalendarYear: Hashable, Sendable {
    package let year: Int
    package let isConfirmed: Bool
    package let restDates: [CivilDate]
    package let workDates: [CivilDate]

    package init(year: Int, isConfirmed: Bool, restDates: [CivilDate], workDates: [CivilDate]) {
      self.year = year
      self.isConfirmed = isConfirmed
      self.restDates = restDates
      self.workDates = workDates
    }
  }

  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func organisation(_ orgID: String, in reading: some Reading) throws -> Organisation? {
    try reading.first(DirectoryQueries.load, [.text(county.text), .text(orgID)], Self.organisation)
  }

  /// All of one type, in the order of their ids.
  package func organisations(ofType orgType: String, in reading: some Reading) throws -> [Organisation] {
    try reading.all(DirectoryQueries.listOfType, [.text(county.text), .text(orgType)], Self.organisation)
  }

  package func save(_ organisation: Organisation, in transaction: WriteTransaction) throws {
    try transaction.run(
      DirectoryQueries.save,
      [
        .text(county.text), .text(organisation.orgID), .text(organisation.name), .text(organisation.orgType),
        .text(organisation.townshipCode), .bool(organisation.isClosed),
      ])
  }

  /// All years heard, in order.
  package func calendar(in reading: some Reading) throws -> [CalendarYear] {
    try reading.all(DirectoryQueries.listYears, [.text(county.text)]) { row in
      CalendarYear(
        year: row.int(0), isConfirmed: row.bool(1), restDates: Self.dates(row.text(2)),
        workDates: Self.dates(row.text(3)))
    }
  }

  package func save(_ year: CalendarYear, in transaction: WriteTransaction) throws {
    try transaction.run(
      DirectoryQueries.saveYear,
      [
        .text(county.text), .integer(year.year), .bool(year.isConfirmed), .text(Self.text(year.restDates)),
        .text(Self.text(year.workDates)),
      ])
  }

  private static func organisation(_ row: borrowing Row) -> Organisation {
    Organisation(
      orgID: row.text(0), name: row.text(1), orgType: row.text(2), townshipCode: row.text(3), isClosed: row.bool(4))
  }

  private static func dates(_ column: String) -> [CivilDate] {
    column.split(separator: " ").compactMap { CivilDate($0) }
  }

  private static func text(_ dates: [CivilDate]) -> String { dates.map(\.description).joined(separator: " ") }
}

/// The SQL of what the directory has told.
enum DirectoryQueries {
  static let load = Statement(
    "organisation.load",
    "SELECT org_id, name, org_type, township_code, closed FROM organisations WHERE county_code = $1 AND org_id = $2")
  static let listOfType = Statement(
    "organisation.list_of_type",
    """
    SELECT org_id, name, org_type, township_code, closed
    FROM organisations WHERE county_code = $1 AND org_type = $2 ORDER BY org_id
    """)
  static let save = Statement(
    "organisation.save",
    """
    INSERT INTO organisations (county_code, org_id, name, org_type, township_code, closed)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, org_id) DO UPDATE SET
      name = excluded.name, org_type = excluded.org_type, township_code = excluded.township_code, closed = excluded.closed
    """)
  static let listYears = Statement(
    "calendar.list",
    "SELECT year, confirmed, rest_dates, work_dates FROM calendar_years WHERE county_code = $1 ORDER BY year")
  static let saveYear = Statement(
    "calendar.save",
    """
    INSERT INTO calendar_years (county_code, year, confirmed, rest_dates, work_dates) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, year) DO UPDATE SET
      confirmed = excluded.confirmed, rest_dates = excluded.rest_dates, work_dates = excluded.work_dates
    """)

  static let all = [load, listOfType, save, listYears, saveYear]
}
