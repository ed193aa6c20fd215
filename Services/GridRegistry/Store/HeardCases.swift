package import GridRegistryDomain
package import Kernel
package import Persistence

/// Which cases are open, in which grid and with whom, as dispute's events tell.
package struct HeardCases: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// Remembers what was heard last of a case.
  package func save(
    _ caseID: String, grid: Grid.ID, responsible: String, isOpen: Bool, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      Self.save, [.text(county.text), .text(caseID), .id(grid), .text(responsible), .bool(isOpen)])
  }

  /// How many cases of the grid are open.
  package func openCount(grid: Grid.ID, in reading: some Reading) throws -> Int {
    try reading.first(Self.ofGrid, [.text(county.text), .id(grid)]) { $0.int(0) } ?? 0
  }

  /// How many cases of the grid this person is responsible for.
  package func openCount(grid: Grid.ID, responsible: String, in reading: some Reading) throws -> Int {
    try reading.first(
      Self.ofGridAndPerson, [.text(county.text), .id(grid), .text(responsible)]
    ) { $0.int(0) } ?? 0
  }

  /// How many cases this person is responsible for, in whatever grid.
  package func openCount(responsible: String, in reading: some Reading) throws -> Int {
    try reading.first(Self.ofPerson, [.text(county.text), .text(responsible)]) { $0.int(0) } ?? 0
  }

  private static let save = Statement(
    "heard_case.save",
    """
    INSERT INTO heard_cases (county_code, case_id, grid_id, responsible_person_id, is_open) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, case_id) DO UPDATE SET
      grid_id = excluded.grid_id, responsible_person_id = excluded.responsible_person_id, is_open = excluded.is_open
    """)
  private static let ofGrid = Statement(
    "heard_case.of_grid",
    "SELECT count(*) FROM heard_cases WHERE county_code = $1 AND grid_id = $2 AND is_open = 1")
  private static let ofGridAndPerson = Statement(
    "heard_case.of_grid_and_person",
    """
    SELECT count(*) FROM heard_cases
    WHERE county_code = $1 AND grid_id = $2 AND is_open = 1 AND responsible_person_id = $3
    """)
  private static let ofPerson = Statement(
    "heard_case.of_person",
    "SELECT count(*) FROM heard_cases WHERE county_code = $1 AND responsible_person_id = $2 AND is_open = 1")

  static let statements = [save, ofGrid, ofGridAndPerson, ofPerson]
}
