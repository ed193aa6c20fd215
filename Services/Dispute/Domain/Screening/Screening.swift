package import Kernel

/// A block of households, a natural village or a site of a grid: what a round has to cover.
package struct GridUnit: Hashable, Sendable {
  package let unitID: String
  package let name: String
  package let householdCount: Int

  package init(unitID: String, name: String, householdCount: Int) {
    self.unitID = unitID
    self.name = name
    self.householdCount = householdCount
  }
}

/// How often the units of each kind of grid of a township are to be visited (S02).
package struct ScreeningPlan: Hashable, Sendable {
  /// One kind of grid.
  package struct Target: Hashable, Sendable {
    package let gridType: String
    package let everyDays: Int

    package init(gridType: String, everyDays: Int) {
      self.gridType = gridType
      self.everyDays = everyDays
    }
  }

  package static let gridTypes = ["URBAN", "RURAL", "DEDICATED"]

  package let township: AreaCode
  package let version: Int
  package let targets: [Target]
  package let effectiveTime: Timestamp
  package let author: ID<Person>

  /// Refuses targets that say nothing, twice the same or something impossible.
  package init(
    township: AreaCode, version: Int, checking targets: [Target], effectiveTime: Timestamp, author: ID<Person>
  ) throws(Refused) {
    var reasons: [Reason] = []
    if targets.isEmpty { reasons.append(.targetsMissing) }
    for (index, target) in targets.enumerated() {
      if !Self.gridTypes.contains(target.gridType) {
        reasons.append(.gridTypeUnknown.at("targets[\(index)].grid_type"))
      }
      if !(1...366).contains(target.everyDays) {
        reasons.append(.everyDaysInvalid.at("targets[\(index)].every_days"))
      }
      if targets[..<index].contains(where: { $0.gridType == target.gridType }) {
        reasons.append(.targetTwice.at("targets[\(index)].grid_type"))
      }
    }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
    self.init(
      township: township, version: version, targets: targets, effectiveTime: effectiveTime, author: author)
  }

  package init(
    township: AreaCode, version: Int, targets: [Target], effectiveTime: Timestamp, author: ID<Person>
  ) {
    self.township = township
    self.version = version
    self.targets = targets
    self.effectiveTime = effectiveTime
    self.author = author
  }

  /// How often a grid of this kind is to be visited, where the plan says so.
  package func everyDays(_ gridType: String) -> Int? { targets.first { $0.gridType == gridType }?.everyDays }
}

/// A campaign that visits every unit of some grids between two dates (S04).
package struct Round: Hashable, Sendable {
  /// A round is open, and then closed with its report.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case closed = "CLOSED"
  }

  package let roundID: ID<Round>
  package var version: Int
  package var state: State
  package let name: String
  package let township: AreaCode
  package let grids: [ID<Grid>]
  package let startDate: CivilDate
  package let endDate: CivilDate
  package let opener: ID<Person>
  package let openTime: Timestamp
  package var closeTime: Timestamp?
  package var report: Case.SealedText?
  /// What was covered when it was closed, encoded as the contract's `Coverage`.
  package var coverage: [UInt8]?

  package init(
    roundID: ID<Round>, version: Int = 1, state: State = .open, name: String, township: AreaCode, grids: [ID<Grid>],
    startDate: CivilDate, endDate: CivilDate, opener: ID<Person>, openTime: Timestamp, closeTime: Timestamp? = nil,
    report: Case.SealedText? = nil, coverage: [UInt8]? = nil
  ) {
    self.roundID = roundID
    self.version = version
    self.state = state
    self.name = name
    self.township = township
    self.grids = grids
    self.startDate = startDate
    self.endDate = endDate
    self.opener = opener
    self.openTime = openTime
    self.closeTime = closeTime
    self.report = report
    self.coverage = coverage
  }
}

/// A visit of a grid (S03). Where, when, how much; what was seen lies sealed; nothing about any resident.
package struct Visit: Hashable, Sendable {
  package let visitID: ID<Visit>
  package let grid: ID<Grid>
  package let lineOfWork: String
  package let visitTime: Timestamp
  package let visitor: ID<Person>
  package let visitorOrganisation: ID<Organisation>
  package let units: [String]
  package let householdCount: Int
  package let round: ID<Round>?
  package let findings: Case.SealedText?
  package let cases: [ID<Case>]

  package init(
    visitID: ID<Visit>, grid: ID<Grid>, lineOfWork: String, visitTime: Timestamp, visitor: ID<Person>,
    visitorOrganisation: ID<Organisation>, units: [String], householdCount: Int, round: ID<Round>?,
    findings: Case.SealedText?, cases: [ID<Case>]
  ) {
    self.visitID = visitID
    self.grid = grid
    self.lineOfWork = lineOfWork
    self.visitTime = visitTime
    self.visitor = visitor
    self.visitorOrganisation = visitorOrganisation
    self.units = units
    self.householdCount = householdCount
    self.round = round
    self.findings = findings
    self.cases = cases
  }
}

/// How much of one grid was visited in a period, and what was not.
package struct GridCoverage: Hashable, Sendable {
  package let grid: ID<Grid>
  package let code: String
  package let gridType: String
  package let units: [GridUnit]
  package let visited: Set<String>
  package let visitCount: Int

  package init(grid: Grid, gridType: String, units: [GridUnit], visits: [Visit]) {
    self.grid = grid.gridID
    code = grid.code
    self.gridType = gridType
    self.units = units
    let known = Set(units.map(\.unitID))
    visited = Set(visits.flatMap(\.units)).intersection(known)
    visitCount = visits.count
  }

  package var unvisited: [GridUnit] { units.filter { !visited.contains($0.unitID) } }

  package var householdCount: Int { units.reduce(0) { $0 + $1.householdCount } }

  package var visitedHouseholdCount: Int {
    units.reduce(0) { visited.contains($1.unitID) ? $0 + $1.householdCount : $0 }
  }

  /// 0 to 100; 100 where there is nothing to visit.
  package static func percent(_ visited: Int, of units: Int) -> Double {
    units == 0 ? 100 : Double(visited) * 100 / Double(units)
  }
}

extension Reason {
  static let targetsMissing = Reason(
    "TARGETS_MISSING", zh: "请至少填写一类网格的走访频次。", en: "The plan needs a target for at least one kind of grid.",
    field: "targets")
  static let gridTypeUnknown = Reason(
    "GRID_TYPE_UNKNOWN", zh: "网格类型须为 URBAN、RURAL 或 DEDICATED。", en: "The kind of grid is URBAN, RURAL or DEDICATED.")
  static let everyDaysInvalid = Reason(
    "EVERY_DAYS_INVALID", zh: "走访周期须为 1 至 366 天。", en: "Units are visited every 1 to 366 days.")
  static let targetTwice = Reason(
    "TARGET_TWICE", zh: "同一类网格只能有一个频次。", en: "A kind of grid has one target only.")
}
