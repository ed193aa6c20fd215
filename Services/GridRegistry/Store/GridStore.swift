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

  private let county: AreaCode

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
      var grid = grid
      grid.findings = try findings(grid.id, in: reading)
      return grid
    }
  }

  /// Active grids by township and kind.
  package func count(in reading: some Reading) throws -> [Count] {
    try reading.all(GridQueries.count, [.text(county.text)]) { row in
      let township = AreaCode(row.text(0))
      if township == nil { row.reject(0) }
      return Count(
        townshipCode: township ?? .unreadable, kind: row.named(1, or: .urban), grids: row.int(2),
        households: row.int(3))
    }
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
    try transaction.run(GridQueries.clearUnits, key)
    for (position, unit) in grid.facts.units.enumerated() {
      try transaction.run(
        GridQueries.saveUnit,
        key + [
          .integer(position), .text(unit.id), .text(unit.kind?.rawValue ?? ""), .text(unit.name), .text(unit.areaCode),
          .integer(unit.households),
        ])
    }
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

  /// Saves nothing but the path and the version.
  package func savePath(of grid: Grid, in transaction: WriteTransaction) throws {
    try transaction.run(
      GridQueries.savePath,
      [.text(county.text), .id(grid.id), .text(GridRows.encode(grid.path)), .integer(grid.version)])
  }

  private func complete(_ grid: Grid?, in reading: some Reading) throws -> Grid? {
    guard var grid else { return nil }
    grid.facts.units = try reading.all(GridQueries.units, [.text(county.text), .id(grid.id)]) { row in
      Grid.Unit(
        id: row.text(0), kind: row.named(1, or: .site), name: row.text(2), areaCode: row.text(3), households: row.int(4)
      )
    }
    grid.findings = try findings(grid.id, in: reading)
    return grid
  }

  private func findings(_ id: Grid.ID, in reading: some Reading) throws -> [Grid.Finding] {
    try reading.all(GridQueries.findings, [.text(county.text), .id(id)]) { row in
      Grid.Finding(
        code: row.text(0), chinese: row.text(1), english: row.text(2), openTime: row.time(3),
        metadata: TextColumn.pairs(row.text(4)))
    }
  }

  static let statements = GridQueries.all
}

extension AreaCode {
  /// Stands in for a code that a damaged row does not have; the read that made it fails.
  static let unreadable = AreaCode("990000000000").unsafelyUnwrapped
}
