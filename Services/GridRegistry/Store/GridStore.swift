package import GridRegistryDomain
package import Kernel
package import Persistence

/// Grids as rows, with their units and open findings.
package struct GridStore: Sendable {
  /// How many active grids of a kind a township has, and their households.
  package struct Count: Hashable, Sendable {
    package let townshipCode: AreaCode
    package let kind: Grid.Kind
    package let grids: Int
    package let households: Int
  }

  let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Grid.ID, in reading: some Reading) throws -> Grid? {
    try complete(reading.first(GridQueries.load, [.text(county.text), .id(id)], GridRows.grid), in: reading)
  }

  /// The grid with this code.
  package func find(code: String, in reading: some Reading) throws -> Grid? {
    try complete(reading.first(GridQueries.find, [.text(county.text), .text(code)], GridRows.grid), in: reading)
  }

  /// At most `limit` grids after an id, in order, of one township and one kind where given; without units.
  package func list(
    township: AreaCode?, kind: Grid.Kind?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Grid] {
    let page: [Value] = [.text(id), .integer(limit)]
    let (statement, filters): (Statement, [Value]) =
      switch (township, kind) {
      case (nil, nil): (GridQueries.list, [])
      case (nil, let kind?): (GridQueries.listOfType, [.text(kind.rawValue)])
      case (let township?, nil): (GridQueries.listOfTownship, [.text(township.text)])
      case (let township?, let kind?):
        (GridQueries.listOfTownshipAndType, [.text(township.text), .text(kind.rawValue)])
      }
    return try reading.all(statement, [.text(county.text)] + filters + page, GridRows.grid).map { grid in
      try withLineage(grid, in: reading)
    }
  }

  /// Changed grids that were no longer in effect before a day, the longest ended first.
  package func listChanged(endedBefore day: CivilDate, limit: Int, in reading: some Reading) throws -> [Grid.ID] {
    try reading.all(
      GridQueries.listChanged, [.text(county.text), .text(day.description), .integer(limit)]
    ) { $0.id(0) }
  }

  /// How many these are.
  package func countChanged(endedBefore day: CivilDate, in reading: some Reading) throws -> Int {
    try reading.first(GridQueries.countChanged, [.text(county.text), .text(day.description)]) { $0.int(0) } ?? 0
  }

  /// The first day on which the changed grid that ended first was no longer in effect.
  package func firstChangedDay(in reading: some Reading) throws -> CivilDate? {
    try reading.first(GridQueries.firstChanged, [.text(county.text)]) { CivilDate($0.text(0)) } ?? nil
  }

  /// The grids that a plan planned or made, with their units.
  package func list(plan: DivisionPlan.ID, in reading: some Reading) throws -> [Grid] {
    try reading.all(GridQueries.ofPlan, [.text(county.text), .id(plan)], GridRows.grid)
      .compactMap { try complete($0, in: reading) }
  }

  /// Grids in effect by township and kind: now, or on a day.
  package func count(on day: CivilDate? = nil, in reading: some Reading) throws -> [Count] {
    func count(_ row: borrowing Row) -> Count {
      let township = AreaCode(row.text(0))
      if township == nil { row.reject(0) }
      return Count(
        townshipCode: township ?? .unreadable, kind: row.named(1, or: .urban), grids: row.int(2),
        households: row.int(3))
    }
    guard let day else { return try reading.all(GridQueries.count, [.text(county.text)], count) }
    return try reading.all(GridQueries.countAsOf, [.text(county.text), .text(day.description)], count)
  }

  /// From when to when grids were in effect, and how many each time; empty dates are since ever and still.
  package func spans(
    in reading: some Reading
  ) throws -> [(townshipCode: String, from: String, to: String, count: Int)] {
    try reading.all(GridQueries.spans, [.text(county.text)]) { ($0.text(0), $0.text(1), $0.text(2), $0.int(3)) }
  }

  /// The number of the last code of an area and a kind; 0 if there is none.
  package func lastNumber(area: AreaCode, kind: Grid.Kind, in reading: some Reading) throws -> Int {
    let prefix = "\(area.text)\(kind.letter)"
    let last = try reading.first(
      GridQueries.lastCode, [.text(county.text), .text(prefix + "000"), .text(prefix + "999")]
    ) { $0.optionalText(0) }
    return (last ?? nil).flatMap { Int($0.suffix(3)) } ?? 0
  }

  /// One grid came out of another.
  package struct Link: Hashable, Sendable {
    package var predecessor: Grid.ID
    package var successor: Grid.ID
    /// SPLIT, MERGE, RETYPE or IMPORT.
    package var kind: String
    package var day: String
    package var planID: String

    package init(predecessor: Grid.ID, successor: Grid.ID, kind: String, day: String, planID: String) {
      self.predecessor = predecessor
      self.successor = successor
      self.kind = kind
      self.day = day
      self.planID = planID
    }
  }

  /// What the grid came out of.
  package func predecessors(of grid: Grid.ID, in reading: some Reading) throws -> [Link] {
    try reading.all(GridQueries.predecessors, [.text(county.text), .id(grid)], Self.link)
  }

  /// What came out of the grid.
  package func successors(of grid: Grid.ID, in reading: some Reading) throws -> [Link] {
    try reading.all(GridQueries.successors, [.text(county.text), .id(grid)], Self.link)
  }

  package func save(_ link: Link, in transaction: WriteTransaction) throws {
    try transaction.run(
      GridQueries.saveLink,
      [
        .text(county.text), .id(link.predecessor), .id(link.successor), .text(link.kind), .text(link.day),
        .text(link.planID),
      ])
  }

  private static func link(_ row: borrowing Row) -> Link {
    Link(predecessor: row.id(0), successor: row.id(1), kind: row.text(2), day: row.text(3), planID: row.text(4))
  }

  private func withLineage(_ grid: Grid, in reading: some Reading) throws -> Grid {
    var grid = grid
    grid.findings = try findings(grid.id, in: reading)
    grid.predecessors = try predecessors(of: grid.id, in: reading).map(\.predecessor)
    grid.successors = try successors(of: grid.id, in: reading).map(\.successor)
    return grid
  }

  /// The active grids, other than `grid`, that have one of `units`: unit id to grid code.
  package func owners(of units: [Grid.Unit], except grid: Grid.ID, in reading: some Reading) throws -> [String: String]
  {
    var owners: [String: String] = [:]
    for unit in units {
      owners[unit.id] = try reading.first(
        GridQueries.owner, [.text(county.text), .text(unit.id), .id(grid)]
      ) { $0.text(0) }
    }
    return owners
  }

  /// Whether an active grid belongs to the organisation, or is hosted by it.
  package func hasActiveGrids(_ organisation: Organisation.ID, in reading: some Reading) throws -> Bool {
    let key: [Value] = [.text(county.text), .id(organisation)]
    return try reading.exists(GridQueries.ofOrganisation, key) || reading.exists(GridQueries.ofHost, key)
  }

  package func save(_ grid: Grid, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .id(grid.id)]
    try transaction.run(GridQueries.save, key + GridRows.values(of: grid))
    try saveUnits(grid.facts.units, of: grid.id, in: transaction)
    try transaction.run(GridQueries.clearFindings, key)
    for (position, finding) in grid.findings.enumerated() {
      try transaction.run(
        GridQueries.saveFinding,
        key + [
          .integer(position), .text(finding.code), .text(finding.chinese), .text(finding.english),
          .time(finding.openTime), .text(TextColumn.encode(finding.metadata)),
        ])
    }
  }

  /// Saves nothing but what lies in the grid.
  package func saveUnits(_ units: [Grid.Unit], of grid: Grid.ID, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .id(grid)]
    try transaction.run(GridQueries.clearUnits, key)
    for (position, unit) in units.enumerated() {
      try transaction.run(
        GridQueries.saveUnit,
        key + [
          .integer(position), .text(unit.id), .text(unit.kind?.rawValue ?? ""), .text(unit.name), .text(unit.areaCode),
          .integer(unit.households),
        ])
    }
  }

  /// Saves nothing but the path and the version.
  package func savePath(of grid: Grid, in transaction: WriteTransaction) throws {
    try transaction.run(
      GridQueries.savePath,
      [.text(county.text), .id(grid.id), .text(GridRows.encode(grid.path)), .integer(grid.version)])
  }

  private func complete(_ grid: Grid?, in reading: some Reading) throws -> Grid? {
    guard let grid else { return nil }
    return try withUnits(try withLineage(grid, in: reading), in: reading)
  }

  private func withUnits(_ grid: Grid, in reading: some Reading) throws -> Grid {
    var grid = grid
    grid.facts.units = try reading.all(GridQueries.units, [.text(county.text), .id(grid.id)]) { row in
      Grid.Unit(
        id: row.text(0), kind: row.named(1, or: .site), name: row.text(2), areaCode: row.text(3), households: row.int(4)
      )
    }
    return grid
  }

  private func findings(_ id: Grid.ID, in reading: some Reading) throws -> [Grid.Finding] {
    try reading.all(GridQueries.findings, [.text(county.text), .id(id)]) { row in
      Grid.Finding(
        code: row.text(0), chinese: row.text(1), english: row.text(2), openTime: row.time(3),
        metadata: TextColumn.pairs(row.text(4)))
    }
  }

  static let statements = GridQueries.all + standingStatements
}

extension AreaCode {
  /// Stands in for a code that a damaged row does not have; the read that made it fails.
  static let unreadable = AreaCode("990000000000").unsafelyUnwrapped
}
