import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import RPC

/// Gaps, overlaps and the list of units.
struct CoverageHandlers: GridRegistryV1.CoverageService {
  let shell: GridRegistryShell

  /// Findings that one answer spells out; all are counted.
  private static let mostFindings = 1_000

  func getCoverageReport(
    _ request: GridRegistryV1.GetCoverageReportRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetCoverageReportResponse {
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    let today = CivilDate(shell.commands.time.now())
    let day = try CivilDate(filter: request.asOfDate, field: "as_of_date") ?? today
    return try await shell.read(context) { registry, reading in
      let coverage = try registry.units.coverage(township: township, on: day, in: reading)
      let covered = coverage.units - coverage.gaps.count
      var report = GridRegistryV1.GetCoverageReportResponse(
        asOfDate: day.description, unitCount: Int64(coverage.units), coveredUnitCount: Int64(covered),
        householdCount: Int64(coverage.households),
        coveredHouseholdCount: Int64(coverage.households - coverage.householdsInGaps),
        coveredShare: coverage.units == 0 ? 1 : Double(covered) / Double(coverage.units),
        gapCount: Int64(coverage.gaps.count), overlapCount: Int64(coverage.overlaps.count))
      report.gaps = try coverage.gaps.prefix(Self.mostFindings).compactMap { id in
        try registry.units.load(id, in: reading).map { .init(unit: .init($0)) }
      }
      report.overlaps = try coverage.overlaps.prefix(Self.mostFindings).compactMap { id in
        guard let unit = try registry.units.load(id, in: reading) else { return nil }
        let codes = try unit.grids(on: day).compactMap { try registry.grids.code(of: $0, in: reading) }
        return .init(unit: .init(unit), gridCodes: codes.sorted())
      }
      guard day == today else { return report }
      let standing = try registry.grids.standing(township: township, in: reading)
      report.sizeBreaches = try registry.grids.sizeFindings(township: township, in: reading)
        .prefix(Self.mostFindings).map { .init($0.grid, $0.finding) }
      report.orphanGrids = standing.flatMap { grid in grid.faults.map { .init(grid, .init($0)) } }
        .prefix(Self.mostFindings).map { $0 }
      return report
    }
  }

  func getUnit(
    _ request: GridRegistryV1.GetUnitRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetUnitResponse {
    try shell.readInline(context) { registry, reading in
      guard let unit = try registry.units.load(.init(request.unitID), in: reading) else {
        throw Refused(.notFound, .unitNotFound.at("unit_id"))
      }
      return .init(unit: .init(unit))
    }
  }

  func listUnits(
    _ request: GridRegistryV1.ListUnitsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListUnitsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let units = try registry.units.page(township: township, after: page.after, limit: page.limit, in: reading)
      return .init(units: units.map { .init($0) }, nextPageToken: page.next(units, id: \.id.text))
    }
  }
}

extension GridRegistryV1.CoverageFinding {
  fileprivate init(_ grid: GridStore.Standing, _ finding: Grid.Finding) {
    self.init(
      gridID: grid.id.text, gridCode: grid.code, name: grid.name, townshipCode: grid.townshipCode,
      findingCode: finding.code, textZh: finding.chinese, textEn: finding.english, metadata: finding.metadata)
  }
}

extension Grid.Finding {
  fileprivate init(_ reason: Reason) {
    self.init(
      code: reason.code, chinese: reason.chinese, english: reason.english, openTime: Timestamp(microseconds: 0),
      metadata: reason.metadata)
  }
}

extension GridStore.Standing {
  /// What the grid hangs in the air by (G02).
  fileprivate var faults: [Reason] {
    var reasons: [Reason] = []
    switch organisationState {
    case nil: reasons.append(.orgNotFound.with("org_id", organisationID))
    case .closed?: reasons.append(.orgClosed.with("org_id", organisationID))
    case .active?: break
    }
    if path.steps.last?.level != .township { reasons.append(.noMediationPath) }
    if !hasUnits { reasons.append(.gridWithoutUnits) }
    return reasons
  }
}

extension CivilDate {
  /// A filter: empty means none; anything else is a date.
  init?(filter text: String, field: String) throws(Refused) {
    if text.isEmpty { return nil }
    guard let date = CivilDate(text) else { throw Refused(.invalidArgument, .dateInvalid.at(field)) }
    self = date
  }
}

extension Reason {
  static let gridWithoutUnits = Reason(
    "GRID_WITHOUT_UNITS", zh: "该网格没有登记任何单元。", en: "No unit is entered for the grid.")
}
