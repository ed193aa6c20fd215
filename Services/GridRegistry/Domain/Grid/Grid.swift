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
  }

  package let id: ID
  package var facts: Facts
  package var townshipCode: AreaCode
  package var state: State
  package var findings: [Finding]
  package var path: MediationPath
  package var version: Int

  package init(
    id: ID, facts: Facts, townshipCode: AreaCode, state: State, findings: [Finding], path: MediationPath, version: Int
  ) {
    self.id = id
    self.facts = facts
    self.townshipCode = townshipCode
    self.state = state
    self.findings = findings
    self.path = path
    self.version = version
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .activated(let grid, _), .corrected(let grid): self = grid
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
