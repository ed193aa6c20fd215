package import Kernel

extension DivisionPlan {
  /// The registry around a plan, as it stands on the day that is judged: every active grid and every unit of the townships that
  /// the plan touches.
  package struct Base: Sendable {
    package var day: CivilDate
    /// By id: active grids of these townships, and every grid that the plan names, whatever its state.
    package var grids: [Grid.ID: Grid]
    /// By id, with all their memberships.
    package var units: [String: CoverageUnit]
    /// What the directory says around each planned grid.
    package var proposals: [Grid.ID: Grid.Proposal]
    /// Codes of other grids that planned grids would have.
    package var takenCodes: Set<String>
    /// Members and the grids that they are assigned to.
    package var members: [Assignment]
    /// Grids whose members are still responsible for open cases, and how many.
    package var openCases: [Grid.ID: Int]
    /// Nobody has heard of cases within the hour.
    package var openCasesAreStale: Bool

    package init(
      day: CivilDate, grids: [Grid.ID: Grid] = [:], units: [String: CoverageUnit] = [:],
      proposals: [Grid.ID: Grid.Proposal] = [:], takenCodes: Set<String> = [], members: [Assignment] = [],
      openCases: [Grid.ID: Int] = [:], openCasesAreStale: Bool = false
    ) {
      self.day = day
      self.grids = grids
      self.units = units
      self.proposals = proposals
      self.takenCodes = takenCodes
      self.members = members
      self.openCases = openCases
      self.openCasesAreStale = openCasesAreStale
    }

    /// The grid that an id or a code names.
    func grid(_ reference: String) -> Grid? {
      if let grid = grids[Grid.ID(reference)] { return grid }
      let namesakes = grids.values.filter { $0.facts.code == reference }
      return namesakes.first { $0.state == .active } ?? namesakes.min { $0.id < $1.id }
    }
  }

  /// A member's place in a grid.
  package struct Assignment: Hashable, Sendable {
    package var memberID: String
    package var gridID: Grid.ID

    package init(memberID: String, gridID: Grid.ID) {
      self.memberID = memberID
      self.gridID = gridID
    }
  }
}
