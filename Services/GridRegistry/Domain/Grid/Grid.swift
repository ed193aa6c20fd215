package import Kernel

/// A grid: the smallest unit of people that a grid member answers for (D§2.1.1).
package struct Grid: Hashable, Sendable {
  package typealias ID = Kernel.ID<Grid>

  /// City blocks, a natural village, or one subject of its own.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case urban = "URBAN"
    case rural = "RURAL"
    case dedicated = "DEDICATED"

    /// The letter in the grid's code.
    package var letter: Character {
      switch self {
      case .urban: "U"
      case .rural: "R"
      case .dedicated: "D"
      }
    }
  }

  /// What a dedicated grid is made for.
  package enum SubjectType: String, Hashable, Sendable, CaseIterable {
    case industrialPark = "INDUSTRIAL_PARK"
    case businessMarket = "BUSINESS_MARKET"
    case school = "SCHOOL"
    case other = "OTHER"
  }

  /// Where the grid stands in its life.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case planned = "PLANNED"
    case active = "ACTIVE"
    case changed = "CHANGED"
    case retired = "RETIRED"
  }

  /// A block of households, a natural village or a site.
  package struct Unit: Hashable, Sendable {
    /// What the unit is.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case householdBlock = "HOUSEHOLD_BLOCK"
      case naturalVillage = "NATURAL_VILLAGE"
      case site = "SITE"
    }

    package var id: String
    package var kind: Kind?
    package var name: String
    package var areaCode: String
    package var households: Int

    package init(id: String, kind: Kind?, name: String, areaCode: String, households: Int) {
      self.id = id
      self.kind = kind
      self.name = name
      self.areaCode = areaCode
      self.households = households
    }
  }

  /// A breach that a legacy import brought in: open until it is put right.
  package struct Finding: Hashable, Sendable {
    package var code: String
    package var chinese: String
    package var english: String
    package var openTime: Timestamp
    package var metadata: [String: String]

    package init(
      code: String, chinese: String, english: String, openTime: Timestamp, metadata: [String: String] = [:]
    ) {
      self.code = code
      self.chinese = chinese
      self.english = english
      self.openTime = openTime
      self.metadata = metadata
    }
  }

  /// What somebody enters about a grid.
  package struct Facts: Hashable, Sendable {
    package var code: String
    package var name: String
    package var kind: Kind?
    package var organisationID: Organisation.ID
    package var areaCode: String
    package var households: Int
    package var population: Int
    package var naturalVillages: [String]
    package var subjectType: SubjectType?
    package var hostID: Organisation.ID?
    package var partyOrganisationID: Organisation.ID?
    package var units: [Unit]
    package var effectiveFrom: String
    package var sizeExceptionReason: String

    package init(
      code: String, name: String, kind: Kind?, organisationID: Organisation.ID, areaCode: String, households: Int,
      population: Int = 0, naturalVillages: [String] = [], subjectType: SubjectType? = nil,
      hostID: Organisation.ID? = nil, partyOrganisationID: Organisation.ID? = nil, units: [Unit] = [],
      effectiveFrom: String = "", sizeExceptionReason: String = ""
    ) {
      self.code = code
      self.name = name
      self.kind = kind
      self.organisationID = organisationID
      self.areaCode = areaCode
      self.households = households
      self.population = population
      self.naturalVillages = naturalVillages
      self.subjectType = subjectType
      self.hostID = hostID
      self.partyOrganisationID = partyOrganisationID
      self.units = units
      self.effectiveFrom = effectiveFrom
      self.sizeExceptionReason = sizeExceptionReason
    }
  }

  /// What happens to grids.
  package enum Event: Hashable, Sendable {
    /// In effect from now on: the whole grid. `legacy`: it came in by an import, breaches and all.
    case activated(Grid, legacy: Bool)
    /// An import brought other facts: the whole grid as it is now.
    case corrected(Grid)
    /// The organisations above it changed.
    case pathChanged(MediationPath)
    /// An approved plan will make it: the whole grid.
    case planned(Grid)
    /// A plan moved units, the grid stays: the whole grid.
    case unitsMoved(Grid)
    /// Successors took its place: the whole grid. `kind`: SPLIT, MERGE, RETYPE or IMPORT.
    case changed(Grid, kind: String)
    /// It is no more: the whole grid.
    case retired(Grid, Cause)

    /// Why a grid is no more.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
      case plan = "PLAN"
      case archived = "ARCHIVED"
      case dropped = "DROPPED"
    }
  }

  package let id: ID
  package var facts: Facts
  package var townshipCode: AreaCode
  package var state: State
  package var findings: [Finding]
  package var path: MediationPath
  /// The first day on which it is no longer in effect; empty while it is, or before.
  package var effectiveTo: String
  /// The plan that made it.
  package var planID: DivisionPlan.ID?
  package var predecessors: [ID]
  package var successors: [ID]
  package var version: Int

  package init(
    id: ID, facts: Facts, townshipCode: AreaCode, state: State, findings: [Finding], path: MediationPath,
    effectiveTo: String = "", planID: DivisionPlan.ID? = nil, predecessors: [ID] = [], successors: [ID] = [],
    version: Int
  ) {
    self.id = id
    self.facts = facts
    self.townshipCode = townshipCode
    self.state = state
    self.findings = findings
    self.path = path
    self.effectiveTo = effectiveTo
    self.planID = planID
    self.predecessors = predecessors
    self.successors = successors
    self.version = version
  }

  /// How long a changed grid stands beside its successors: as long as a closed case of it may be reopened.
  package static let daysUntilArchived = 90

  /// A plan would have made it and came to nothing: it never was.
  package var wasDropped: Bool { state == .retired && effectiveTo.isEmpty }

  /// The first day on which it is in effect; `nil`: since ever.
  package var effectiveDay: CivilDate? { CivilDate(facts.effectiveFrom) }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .activated(let grid, _), .corrected(let grid), .planned(let grid), .unitsMoved(let grid),
      .changed(let grid, _), .retired(let grid, _):
      self = grid
    case .pathChanged(let path):
      self.path = path
      version += 1
    }
  }

  /// What a changed directory means for an active grid: a new path, or nothing.
  package func decide(newPath: MediationPath) -> [Event] {
    newPath == path || state != .active ? [] : [.pathChanged(newPath)]
  }
}
