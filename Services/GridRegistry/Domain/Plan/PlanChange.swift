import Kernel

extension DivisionPlan {
  /// One change of a plan.
  package struct Change: Hashable, Sendable {
    /// What is done to grids.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case create = "CREATE"
      case split = "SPLIT"
      case merge = "MERGE"
      case moveUnits = "MOVE_UNITS"
      case retire = "RETIRE"
      case retype = "RETYPE"

      /// How many grids it begins with.
      fileprivate var sources: ClosedRange<Int> {
        switch self {
        case .create, .moveUnits: 0...0
        case .split, .retire, .retype: 1...1
        case .merge: 2...100
        }
      }

      /// How many grids it makes.
      fileprivate var results: ClosedRange<Int> {
        switch self {
        case .create: 1...100
        case .split: 2...100
        case .merge, .retype: 1...1
        case .moveUnits, .retire: 0...0
        }
      }
    }

    package var kind: Kind?
    /// Ids or codes of the grids that it begins with.
    package var grids: [String]
    package var plannedGrids: [PlannedGrid]
    package var moves: [UnitMove]

    package init(kind: Kind?, grids: [String] = [], plannedGrids: [PlannedGrid] = [], moves: [UnitMove] = []) {
      self.kind = kind
      self.grids = grids
      self.plannedGrids = plannedGrids
      self.moves = moves
    }

    /// Whether it has the parts that its kind needs, and no others.
    var isWellFormed: Bool {
      guard let kind, kind.sources.contains(grids.count), kind.results.contains(plannedGrids.count) else {
        return false
      }
      let units = plannedGrids.flatMap(\.unitIDs)
      return moves.isEmpty == (kind != .moveUnits) && Set(grids).count == grids.count
        && !grids.contains("") && Set(units).count == units.count && plannedGrids.allSatisfy { !$0.unitIDs.isEmpty }
        && !units.contains("") && moves.allSatisfy(\.isWellFormed)
    }
  }

  /// A grid that a plan will make.
  package struct PlannedGrid: Hashable, Sendable {
    package var id: Grid.ID
    /// Area code, letter, three digits.
    package var code: String
    package var name: String
    package var kind: Grid.Kind?
    package var organisationID: Organisation.ID
    package var areaCode: String
    package var population: Int
    /// Empty: the names of its units that are natural villages.
    package var naturalVillages: [String]
    package var subjectType: Grid.SubjectType?
    package var hostID: Organisation.ID?
    package var partyOrganisationID: Organisation.ID?
    package var unitIDs: [String]

    package init(
      id: Grid.ID, code: String, name: String, kind: Grid.Kind?, organisationID: Organisation.ID, areaCode: String,
      population: Int = 0, naturalVillages: [String] = [], subjectType: Grid.SubjectType? = nil,
      hostID: Organisation.ID? = nil, partyOrganisationID: Organisation.ID? = nil, unitIDs: [String]
    ) {
      self.id = id
      self.code = code
      self.name = name
      self.kind = kind
      self.organisationID = organisationID
      self.areaCode = areaCode
      self.population = population
      self.naturalVillages = naturalVillages
      self.subjectType = subjectType
      self.hostID = hostID
      self.partyOrganisationID = partyOrganisationID
      self.unitIDs = unitIDs
    }
  }

  /// A unit on its way from one grid to another, into one, or out of one.
  package struct UnitMove: Hashable, Sendable {
    package var unitID: String
    /// Id or code; empty: from no grid.
    package var from: String
    /// Id or code; empty: into no grid.
    package var to: String

    package init(unitID: String, from: String = "", to: String = "") {
      self.unitID = unitID
      self.from = from
      self.to = to
    }

    fileprivate var isWellFormed: Bool { !unitID.isEmpty && from != to }
  }
}

extension DivisionPlan.Content {
  /// What is not written as a plan is written.
  var faults: [Reason] {
    var reasons: [Reason] = []
    for (index, change) in changes.enumerated() where !change.isWellFormed {
      reasons.append(
        .planChangeInvalid.at("plan.changes[\(index)]").with("kind", change.kind?.rawValue ?? "")
          .with("number", String(index + 1)))
    }
    for (index, exception) in exceptions.enumerated() {
      let ruleIsKnown = DivisionPlan.sizeRules.contains(exception.rule)
      if !ruleIsKnown || exception.gridCode.isEmpty || exception.reason.allSatisfy(\.isWhitespace) {
        reasons.append(.planExceptionInvalid.at("plan.exceptions[\(index)]").with("number", String(index + 1)))
      }
    }
    return reasons
  }

  /// More than one plan may sensibly say.
  package var isTooLarge: Bool {
    changes.count > 500 || exceptions.count > 500
      || changes.reduce(0) { $0 + $1.moves.count + $1.plannedGrids.reduce(0) { $0 + 1 + $1.unitIDs.count } } > 20_000
  }
}

extension DivisionPlan {
  /// The rules that a written exception may break (G04, G05).
  package static let sizeRules: Set<String> = [Reason.householdsOutOfRange.code, Reason.naturalVillageCount.code]
}
