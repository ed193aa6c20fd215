package import GridRegistryDomain
package import Kernel
package import Persistence

extension GridStore {
  /// What a grid in effect stands on.
  package struct Standing: Hashable, Sendable {
    package let id: Grid.ID
    package let code: String
    package let name: String
    package let townshipCode: String
    package let organisationID: String
    /// `nil`: nobody entered it.
    package let organisationState: Organisation.State?
    package let path: MediationPath
    package let hasUnits: Bool
  }

  /// Every grid in effect, of one township where given.
  package func standing(township: AreaCode?, in reading: some Reading) throws -> [Standing] {
    func standing(_ row: borrowing Row) -> Standing {
      Standing(
        id: row.id(0), code: row.text(1), name: row.text(2), townshipCode: row.text(3), organisationID: row.text(4),
        organisationState: row.isNull(5) ? nil : row.named(5, or: .closed), path: GridRows.path(row.text(6)),
        hasUnits: row.bool(7))
    }
    guard let township else { return try reading.all(Self.standing, [.text(county.text)], standing) }
    return try reading.all(Self.standingOfTownship, [.text(county.text), .text(township.text)], standing)
  }

  /// Open findings about the size of grids in effect, of one township where given.
  package func sizeFindings(
    township: AreaCode?, in reading: some Reading
  ) throws -> [(grid: Standing, finding: Grid.Finding)] {
    func finding(_ row: borrowing Row) -> (Standing, Grid.Finding) {
      (
        Standing(
          id: row.id(0), code: row.text(1), name: row.text(2), townshipCode: row.text(3), organisationID: row.text(4),
          organisationState: nil, path: MediationPath(), hasUnits: true),
        Grid.Finding(
          code: row.text(5), chinese: row.text(6), english: row.text(7), openTime: row.time(8),
          metadata: TextColumn.pairs(row.text(9)))
      )
    }
    guard let township else { return try reading.all(Self.sizes, [.text(county.text)], finding) }
    return try reading.all(Self.sizesOfTownship, [.text(county.text), .text(township.text)], finding)
  }

  /// The code of a grid.
  package func code(of grid: Grid.ID, in reading: some Reading) throws -> String? {
    try reading.first(Self.code, [.text(county.text), .id(grid)]) { $0.text(0) }
  }

  private static let standing = Statement(
    "grid.standing",
    """
    SELECT g.grid_id, g.grid_code, g.name, g.township_code, g.org_id, o.state, g.mediation_path, EXISTS (
      SELECT 1 FROM grid_units u WHERE u.county_code = g.county_code AND u.grid_id = g.grid_id)
    FROM grids g LEFT JOIN organisations o ON o.county_code = g.county_code AND o.org_id = g.org_id
    WHERE g.county_code = $1 AND g.state = 'ACTIVE' ORDER BY g.grid_id
    """)
  private static let standingOfTownship = Statement(
    "grid.standing_of_township",
    """
    SELECT g.grid_id, g.grid_code, g.name, g.township_code, g.org_id, o.state, g.mediation_path, EXISTS (
      SELECT 1 FROM grid_units u WHERE u.county_code = g.county_code AND u.grid_id = g.grid_id)
    FROM grids g LEFT JOIN organisations o ON o.county_code = g.county_code AND o.org_id = g.org_id
    WHERE g.county_code = $1 AND g.township_code = $2 AND g.state = 'ACTIVE' ORDER BY g.grid_id
    """)
  private static let sizes = Statement(
    "grid.size_findings",
    """
    SELECT g.grid_id, g.grid_code, g.name, g.township_code, g.org_id, f.finding_code, f.text_zh, f.text_en, f.open_time,
      f.metadata
    FROM grids g JOIN grid_findings f ON f.county_code = g.county_code AND f.grid_id = g.grid_id
    WHERE g.county_code = $1 AND g.state = 'ACTIVE'
      AND f.finding_code IN ('HOUSEHOLDS_OUT_OF_RANGE', 'NATURAL_VILLAGE_COUNT')
    ORDER BY g.grid_id
    """)
  private static let sizesOfTownship = Statement(
    "grid.size_findings_of_township",
    """
    SELECT g.grid_id, g.grid_code, g.name, g.township_code, g.org_id, f.finding_code, f.text_zh, f.text_en, f.open_time,
      f.metadata
    FROM grids g JOIN grid_findings f ON f.county_code = g.county_code AND f.grid_id = g.grid_id
    WHERE g.county_code = $1 AND g.township_code = $2 AND g.state = 'ACTIVE'
      AND f.finding_code IN ('HOUSEHOLDS_OUT_OF_RANGE', 'NATURAL_VILLAGE_COUNT')
    ORDER BY g.grid_id
    """)
  private static let code = Statement(
    "grid.code", "SELECT grid_code FROM grids WHERE county_code = $1 AND grid_id = $2")

  static let standingStatements = [standing, standingOfTownship, sizes, sizesOfTownship, code]
}
