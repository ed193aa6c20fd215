package import GridRegistryDomain
package import Kernel
package import Persistence

/// Coverage units as rows, with their memberships.
package struct CoverageUnitStore: Sendable {
  /// How many units there are, how many lie in no grid, and which.
  package struct Coverage: Hashable, Sendable {
    package var units: Int
    package var households: Int
    package var gaps: [CoverageUnit.ID]
    package var householdsInGaps: Int
    package var overlaps: [CoverageUnit.ID]
  }

  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: CoverageUnit.ID, in reading: some Reading) throws -> CoverageUnit? {
    try units(CoverageUnitQueries.load, [.text(county.text), .id(id)], in: reading).first
  }

  /// Every unit of a township, by id.
  package func list(township: AreaCode, in reading: some Reading) throws -> [CoverageUnit] {
    try units(CoverageUnitQueries.ofTownship, [.text(county.text), .text(township.text)], in: reading)
  }

  /// Every unit of an area of village level, by id.
  package func list(area: AreaCode, in reading: some Reading) throws -> [CoverageUnit] {
    try units(CoverageUnitQueries.ofArea, [.text(county.text), .text(area.text)], in: reading)
  }

  /// Every unit whose point lies in a rectangle, by id.
  package func list(
    latitudes: ClosedRange<Int>, longitudes: ClosedRange<Int>, in reading: some Reading
  ) throws -> [CoverageUnit] {
    try units(
      CoverageUnitQueries.near,
      [
        .text(county.text), .integer(latitudes.lowerBound), .integer(latitudes.upperBound),
        .integer(longitudes.lowerBound), .integer(longitudes.upperBound),
      ], in: reading)
  }

  /// At most `limit` units after an id, in order, of one township where given.
  package func page(
    township: AreaCode?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [CoverageUnit] {
    let page: [Value] = [.text(id), .integer(limit)]
    let ids: [CoverageUnit.ID] =
      if let township {
        try reading.all(
          CoverageUnitQueries.pageOfTownship, [.text(county.text), .text(township.text)] + page
        ) { $0.id(0) }
      } else {
        try reading.all(CoverageUnitQueries.page, [.text(county.text)] + page) { $0.id(0) }
      }
    return try ids.compactMap { try load($0, in: reading) }
  }

  /// What lay in a grid on a day, as its units are known now.
  package func units(of grid: Grid.ID, on day: CivilDate, in reading: some Reading) throws -> [CoverageUnit] {
    try units(CoverageUnitQueries.ofGrid, [.text(county.text), .id(grid), .date(day)], in: reading)
  }

  /// Gaps and overlaps on a day, of the county or of a township.
  package func coverage(township: AreaCode?, on day: CivilDate, in reading: some Reading) throws -> Coverage {
    let county: [Value] = [.text(county.text)]
    let of = township.map { [Value.text($0.text)] } ?? []
    func total(_ row: borrowing Row) -> (Int, Int) { (row.int(0), row.int(1)) }
    let totals =
      township == nil
      ? try reading.first(CoverageUnitQueries.totals, county, total)
      : try reading.first(CoverageUnitQueries.totalsOfTownship, county + of, total)
    let gaps = try reading.all(
      township == nil ? CoverageUnitQueries.gaps : CoverageUnitQueries.gapsOfTownship, county + [.date(day)] + of
    ) { ($0.id(0, of: CoverageUnit.self), $0.int(1)) }
    let overlaps: [CoverageUnit.ID] = try reading.all(
      township == nil ? CoverageUnitQueries.overlaps : CoverageUnitQueries.overlapsOfTownship,
      county + [.date(day)] + of
    ) { $0.id(0) }
    return Coverage(
      units: totals?.0 ?? 0, households: totals?.1 ?? 0, gaps: gaps.map(\.0),
      householdsInGaps: gaps.reduce(0) { $0 + $1.1 }, overlaps: overlaps)
  }

  package func save(_ unit: CoverageUnit, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .id(unit.id)]
    try transaction.run(
      CoverageUnitQueries.save,
      key + [
        .text(unit.kind.rawValue), .text(unit.name), .text(unit.areaCode.text), .text(unit.townshipCode.text),
        .integer(unit.households), .optionalInteger(unit.point?.latitude), .optionalInteger(unit.point?.longitude),
        .integer(unit.version),
      ])
    try transaction.run(CoverageUnitQueries.clearMemberships, key)
    for (position, membership) in unit.memberships.enumerated() {
      try transaction.run(
        CoverageUnitQueries.saveMembership,
        key + [
          .integer(position), .id(membership.gridID), .date(membership.from ?? .sinceEver),
          .date(membership.to ?? .stillSo),
        ])
    }
  }

  /// Rows that belong to one unit follow each other.
  private func units(_ statement: Statement, _ values: [Value], in reading: some Reading) throws -> [CoverageUnit] {
    var units: [CoverageUnit] = []
    for (unit, membership) in try reading.all(statement, values, Self.unit) {
      if units.last?.id != unit.id { units.append(unit) }
      if let membership { units[units.count - 1].memberships.append(membership) }
    }
    return units
  }

  private static func unit(_ row: borrowing Row) -> (CoverageUnit, CoverageUnit.Membership?) {
    let area = AreaCode(row.text(3))
    if area == nil { row.reject(3) }
    let point: CoverageUnit.Point? =
      if let latitude = row.optionalInt(5), let longitude = row.optionalInt(6) {
        .init(latitude: latitude, longitude: longitude)
      } else {
        nil
      }
    let unit = CoverageUnit(
      id: row.id(0), kind: row.named(1, or: .site), name: row.text(2), areaCode: area ?? .unreadable,
      households: row.int(4), point: point, version: row.int(7))
    guard let grid: Grid.ID = row.optionalID(8) else { return (unit, nil) }
    let from = row.date(9)
    let to = row.date(10)
    return (
      unit,
      .init(gridID: grid, from: from == .sinceEver ? nil : from, to: to == .stillSo ? nil : to)
    )
  }

  static let statements = CoverageUnitQueries.all
}

extension CivilDate {
  /// 0001-01-01: a membership that nobody knows the beginning of.
  static let sinceEver = CivilDate(dayNumber: -719_162)
  /// 9999-12-31: a membership that lasts.
  static let stillSo = CivilDate(dayNumber: 2_932_896)
}
