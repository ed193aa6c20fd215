package import DisputeDomain
package import Kernel
package import Persistence
package import WorkClock

/// What grid-registry has told, as rows: organisations, persons, grids with their paths, the calendar.
package struct DirectoryStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func organisation(_ id: ID<Organisation>, in reading: some Reading) throws -> Organisation? {
    try reading.first(DirectoryQueries.organisation, [.text(county.text), .id(id)], Self.organisation)
  }

  /// The one of this kind in a township; the first by id if there are several.
  package func organisation(
    _ kind: Organisation.Kind, of township: AreaCode, in reading: some Reading
  ) throws -> Organisation? {
    let values: [Value] = [.text(county.text), .text(township.text), .text(kind.rawValue)]
    return try reading.first(DirectoryQueries.organisationOfTownship, values, Self.organisation)
  }

  package func person(_ id: ID<Person>, in reading: some Reading) throws -> Person? {
    try reading.first(DirectoryQueries.person, [.text(county.text), .id(id)], Self.person)
  }

  /// Who takes cases in there: the first clerk by id, else the first leader.
  package func intakeClerk(of organisation: ID<Organisation>, in reading: some Reading) throws -> ID<Person>? {
    let persons = try reading.all(DirectoryQueries.staff, [.text(county.text), .id(organisation)], Self.person)
    let clerk =
      persons.first { $0.roles.contains("LEVEL_CLERK") } ?? persons.first { $0.roles.contains("LEVEL_LEADER") }
    return clerk?.personID
  }

  package func grid(_ id: ID<Grid>, in reading: some Reading) throws -> Grid? {
    let members: [ID<Person>] = try reading.all(DirectoryQueries.members, [.text(county.text), .id(id)]) { $0.id(0) }
    return try reading.first(DirectoryQueries.grid, [.text(county.text), .id(id)]) { row in
      Grid(
        gridID: row.id(0), code: row.text(1), area: Column.area(row, 2), organisation: row.id(3),
        members: Column.ids(row.text(4)) + members, path: Column.path(row.text(5)), isClosed: row.bool(6))
    }
  }

  // MARK: - Hearing

  package func save(_ organisation: Organisation, in transaction: WriteTransaction) throws {
    try transaction.run(
      DirectoryQueries.saveOrganisation,
      [
        .text(county.text), .id(organisation.organisationID), .text(organisation.name),
        .text(organisation.kind.rawValue), .optionalID(organisation.businessParent),
        .optionalID(organisation.dailyParent), .optionalText(organisation.township?.text), .bool(organisation.isClosed),
      ])
  }

  package func save(_ person: Person, in transaction: WriteTransaction) throws {
    try transaction.run(
      DirectoryQueries.savePerson,
      [
        .text(county.text), .id(person.personID), .id(person.organisation), .text(Column.texts(person.roles)),
        .bool(person.hasLeft),
      ])
  }

  package func save(_ grid: Grid, in transaction: WriteTransaction) throws {
    try transaction.run(
      DirectoryQueries.saveGrid,
      [
        .text(county.text), .id(grid.gridID), .text(grid.code), .text(grid.area.text), .id(grid.organisation),
        .text(Column.ids(grid.members)), .text(Column.path(grid.path)), .bool(grid.isClosed),
      ])
  }

  /// The grids that a member of the team answers for now.
  package func saveMember(
    _ memberID: String, _ person: ID<Person>, of grids: [ID<Grid>], in transaction: WriteTransaction
  ) throws {
    try transaction.run(DirectoryQueries.clearMember, [.text(county.text), .text(memberID)])
    for grid in Set(grids) {
      try transaction.run(
        DirectoryQueries.saveMember, [.text(county.text), .text(memberID), .id(grid), .id(person)])
    }
  }

  /// `false`: nothing was heard of this grid yet.
  package func savePath(_ path: [PathStep], of grid: ID<Grid>, in transaction: WriteTransaction) throws -> Bool {
    let values: [Value] = [.text(county.text), .id(grid), .text(Column.path(path))]
    return try transaction.run(DirectoryQueries.savePath, values) > 0
  }

  // MARK: - Calendar

  /// Changes with every calendar that is heard; 0 before the first.
  package func calendarRevision(in reading: some Reading) throws -> Int {
    try reading.first(DirectoryQueries.calendarRevision, [.text(county.text)]) { $0.int(0) } ?? 0
  }

  package func calendar(in reading: some Reading) throws -> WorkCalendar {
    let years = try reading.all(DirectoryQueries.calendar, [.text(county.text)]) { row in
      let days = Self.days(row.text(3))
      let hours = Self.hours(row.text(2))
      return WorkCalendar.Year(
        year: row.int(0), days: days, officeHours: hours.isEmpty ? WorkCalendar.standardHours : hours,
        isConfirmed: row.bool(1))
    }
    return try WorkCalendar(years)
  }

  package func save(_ year: WorkCalendar.Year, in transaction: WriteTransaction) throws {
    let hours = year.officeHours.map { "\($0.lowerBound)-\($0.upperBound)" }
    let days = year.days.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.rawValue)" }
    let revision = try calendarRevision(in: transaction) + 1
    try transaction.run(
      DirectoryQueries.saveCalendar,
      [
        .text(county.text), .integer(year.year), .bool(year.isConfirmed), .text(Column.texts(hours)),
        .text(Column.texts(days)), .integer(revision),
      ])
  }

  private static func days(_ text: String) -> [CivilDate: WorkCalendar.Day] {
    let pairs = Column.texts(text).compactMap { line -> (CivilDate, WorkCalendar.Day)? in
      let words = line.split(separator: " ")
      guard words.count == 2, let date = CivilDate(words[0]) else { return nil }
      return WorkCalendar.Day(rawValue: String(words[1])).map { (date, $0) }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  private static func hours(_ text: String) -> [Range<Int>] {
    Column.texts(text).compactMap { line in
      let ends = line.split(separator: "-").compactMap { Int($0) }
      return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
  }

  // MARK: - Rows

  private static func organisation(_ row: borrowing Row) -> Organisation {
    Organisation(
      organisationID: row.id(0), name: row.text(1), kind: row.named(2, or: .other), businessParent: row.optionalID(3),
      dailyParent: row.optionalID(4), township: row.optionalText(5).flatMap { AreaCode($0) }, isClosed: row.bool(6))
  }

  private static func person(_ row: borrowing Row) -> Person {
    Person(personID: row.id(0), organisation: row.id(1), roles: Column.texts(row.text(2)), hasLeft: row.bool(3))
  }
}

/// The statements of the directory.
enum DirectoryQueries {
  static let organisation = Statement(
    "organisation.load",
    """
    SELECT org_id, name, org_kind, business_parent_org_id, daily_parent_org_id, township_code, closed
    FROM organisations WHERE county_code = $1 AND org_id = $2
    """)
  static let organisationOfTownship = Statement(
    "organisation.of_township",
    """
    SELECT org_id, name, org_kind, business_parent_org_id, daily_parent_org_id, township_code, closed
    FROM organisations WHERE county_code = $1 AND township_code = $2 AND org_kind = $3 AND closed = 0
    ORDER BY org_id LIMIT 1
    """)
  static let saveOrganisation = Statement(
    "organisation.save",
    """
    INSERT INTO organisations (
      county_code, org_id, name, org_kind, business_parent_org_id, daily_parent_org_id, township_code, closed
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, org_id) DO UPDATE SET
      name = excluded.name, org_kind = excluded.org_kind, business_parent_org_id = excluded.business_parent_org_id,
      daily_parent_org_id = excluded.daily_parent_org_id, township_code = excluded.township_code,
      closed = excluded.closed
    """)
  static let person = Statement(
    "person.load", "SELECT person_id, org_id, roles, gone FROM persons WHERE county_code = $1 AND person_id = $2")
  static let staff = Statement(
    "person.staff",
    """
    SELECT person_id, org_id, roles, gone FROM persons
    WHERE county_code = $1 AND org_id = $2 AND gone = 0 ORDER BY person_id
    """)
  static let savePerson = Statement(
    "person.save",
    """
    INSERT INTO persons (county_code, person_id, org_id, roles, gone) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, person_id) DO UPDATE SET
      org_id = excluded.org_id, roles = excluded.roles, gone = excluded.gone
    """)
  static let grid = Statement(
    "grid.load",
    """
    SELECT grid_id, grid_code, area_code, org_id, member_person_ids, path, closed
    FROM grids WHERE county_code = $1 AND grid_id = $2
    """)
  static let saveGrid = Statement(
    "grid.save",
    """
    INSERT INTO grids (county_code, grid_id, grid_code, area_code, org_id, member_person_ids, path, closed)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, grid_id) DO UPDATE SET
      grid_code = excluded.grid_code, area_code = excluded.area_code, org_id = excluded.org_id,
      member_person_ids = excluded.member_person_ids, path = excluded.path, closed = excluded.closed
    """)
  static let savePath = Statement(
    "grid.save_path", "UPDATE grids SET path = $3 WHERE county_code = $1 AND grid_id = $2")
  static let calendarRevision = Statement(
    "calendar.revision", "SELECT coalesce(max(revision), 0) FROM calendar_years WHERE county_code = $1")
  static let calendar = Statement(
    "calendar.list",
    "SELECT year, confirmed, office_periods, days FROM calendar_years WHERE county_code = $1 ORDER BY year")
  static let saveCalendar = Statement(
    "calendar.save",
    """
    INSERT INTO calendar_years (county_code, year, confirmed, office_periods, days, revision)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, year) DO UPDATE SET
      confirmed = excluded.confirmed, office_periods = excluded.office_periods, days = excluded.days,
      revision = excluded.revision
    """)

  static let members = Statement(
    "grid_member.of_grid",
    "SELECT person_id FROM grid_members WHERE county_code = $1 AND grid_id = $2 ORDER BY person_id")
  static let clearMember = Statement(
    "grid_member.clear", "DELETE FROM grid_members WHERE county_code = $1 AND member_id = $2")
  static let saveMember = Statement(
    "grid_member.save",
    "INSERT INTO grid_members (county_code, member_id, grid_id, person_id) VALUES ($1, $2, $3, $4)")

  static let all = [
    organisation, organisationOfTownship, saveOrganisation, person, staff, savePerson, grid, saveGrid, savePath,
    members,
    clearMember, saveMember,
    calendarRevision, calendar, saveCalendar,
  ]
}
