import Access
import CommonContract
import Crypto
import Foundation
import GridRegistryContract
import GridRegistryService
import Kernel
import Logging
import Persistence
import RPC
import Runtime

extension Measure {
  /// A county of 5,000 grids and 100,000 units, in process: how fast it comes in, and how long reports about it take.
  func measureCoverage(_ bench: Workbench) async throws -> Report.Group {
    let county = try CoverageCounty(bench)
    defer { county.database.close() }
    var entry = Line(name: "legacy import, 500 grids of 20 units a call", goal: "–")
    try await county.fill { seconds in
      entry.callsPerSecond.append(1 / seconds)
      entry.add([seconds * 1e6])
    }
    let lines = [
      entry,
      try await line("coverage report of the county", goal: "≤ 1000000 µs", bench) { try await county.report("") },
      try await line("coverage report of one township", goal: "≤ 1000000 µs", bench) {
        try await county.report(CoverageCounty.township(3))
      },
      try await line("grid of a unit", goal: "–", bench) { try await county.locate() },
      try await line("count on a day, with its history", goal: "–", bench) { try await county.count() },
    ]
    return Report.Group(title: "grid-registry, 5,000 grids, 100,000 units, 1 caller, in process", lines: lines)
  }

  private func line(
    _ name: String, goal: String, _ bench: Workbench, _ call: () async throws -> Void
  ) async throws -> Line {
    var line = Line(name: name, goal: goal)
    let clock = ContinuousClock()
    for round in 0...bench.rounds {
      var latencies: [Double] = []
      let end = clock.now + .milliseconds(bench.milliseconds / 2)
      repeat {
        let begin = clock.now
        try await call()
        latencies.append(begin.duration(to: clock.now) / .microseconds(1))
      } while clock.now < end
      guard round > 0 else { continue }
      line.callsPerSecond.append(Double(latencies.count) / latencies.reduce(0, +) * 1e6)
      line.add(latencies)
    }
    return line
  }
}

extension Line {
  /// A round's latencies.
  fileprivate mutating func add(_ latencies: [Double]) {
    let sorted = latencies.sorted()
    p50Microseconds.append(sorted[sorted.count / 2])
    p95Microseconds.append(sorted[(sorted.count - 1) * 95 / 100])
    p99Microseconds.append(sorted[(sorted.count - 1) * 99 / 100])
  }
}

/// Ten townships of ten communities of fifty grids of twenty units; one unit in a thousand lies in no grid, as many in two.
private struct CoverageCounty {
  typealias V1 = GridRegistryV1

  let database: Database
  private let service: GridRegistryService

  init(_ bench: Workbench) throws {
    database = try Database.open(
      path: bench.path("coverage.sqlite"), migrations: GridRegistryService.migrations)
    let shell = CommandShell(
      database: database, cryptography: .live(sealingKey: SymmetricKey(size: .bits256)), time: .real,
      logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() })
    service = GridRegistryService(shell, county: Self.county)
  }

  private static let county = "379922000000"

  static func township(_ number: Int) -> String { "3799221\(padded(number, 2))000" }
  private static func area(_ township: Int, _ number: Int) -> String {
    "3799221\(padded(township, 2))\(padded(number, 3))"
  }

  private func context(_ method: MethodDescriptor) -> ServerContext {
    var context = ServerContext(method: method)
    context.setActor(
      Actor(personID: "bench", organisationID: "county", role: .countyAdmin, countyCode: Self.county))
    return context
  }

  /// Brings everything in; `each` hears how long every batch of grids took.
  func fill(_ each: (Double) -> Void) async throws {
    var areas = [V1.AreaRow(areaCode: Self.county, name: "沭安县")]
    var organisations = [
      V1.OrganisationRow(
        organisation: .init(orgID: "county", name: "县政府", orgType: .countyGov, areaCodes: [Self.county]))
    ]
    for town in 1...10 {
      areas.append(.init(areaCode: Self.township(town), name: "第\(town)镇"))
      organisations += [
        Self.organisation("town-\(town)", .township, under: "county", Self.township(town)),
        Self.organisation("center-\(town)", .townshipCenter, under: "town-\(town)", Self.township(town)),
      ]
      for place in 1...10 {
        areas.append(.init(areaCode: Self.area(town, place), name: "第\(town)镇第\(place)居委会", urbanRuralClass: "111"))
        organisations.append(
          Self.organisation("community-\(town)-\(place)", .community, under: "town-\(town)", Self.area(town, place)))
      }
    }
    let entered = try await service.areas.importAreas(
      .init(source: "bench", rows: areas), context: context(V1.AreaServiceMethods.importAreas)
    ).outcomes
    let known = try await service.organisations.importOrganisations(
      .init(source: "bench", rows: organisations), context: context(V1.OrganisationServiceMethods.importOrganisations)
    ).outcomes
    try Self.expect(entered + known)
    let clock = ContinuousClock()
    for town in 1...10 {
      let request = V1.ImportGridsRequest(source: "bench", rows: (0..<500).map { Self.grid(town, $0) })
      let begin = clock.now
      let answer = try await service.grids.importGrids(request, context: context(V1.GridServiceMethods.importGrids))
      each(begin.duration(to: clock.now) / .seconds(1))
      try Self.expect(answer.outcomes)
    }
    let loose = (0..<100).map { number in
      V1.UnitRow(
        unit: .init(
          unitID: "loose-\(number)", kind: .householdBlock, name: "空白\(number)", areaCode: Self.area(1, 1),
          householdCount: 20))
    }
    let units = try await service.grids.importGrids(
      .init(source: "bench", unitRows: loose), context: context(V1.GridServiceMethods.importGrids))
    try Self.expect(units.unitOutcomes)
  }

  private static func expect(_ outcomes: [CommonV1.ImportOutcome]) throws {
    if let refused = outcomes.first(where: { $0.result == .refused }) {
      throw BenchmarkFailure("\(refused.externalRef): \(refused.reasons.map(\.reason))")
    }
  }

  private static func organisation(
    _ id: String, _ type: V1.Organisation.TypeEnum, under parent: String, _ area: String
  ) -> V1.OrganisationRow {
    .init(
      organisation: .init(
        orgID: id, name: id, orgType: type, businessParentID: parent, dailyParentID: parent, areaCodes: [area]))
  }

  private static func grid(_ town: Int, _ number: Int) -> V1.GridRow {
    let place = number / 50 + 1
    let code = "\(area(town, place))U\(padded(number % 50 + 1, 3))"
    var units = (1...20).map { "\(code)-\($0)" }
    // The last unit of every fiftieth grid is its neighbour's, too.
    if number % 50 == 1 { units[19] = "\(area(town, place))U001-20" }
    return .init(
      grid: .init(
        gridID: "grid-\(code)", gridCode: code, name: code, gridType: .urban, orgID: "community-\(town)-\(place)",
        areaCode: area(town, place), householdCount: 400,
        units: units.map { .init(unitID: $0, kind: .householdBlock, name: "\($0)片", householdCount: 20) },
        effectiveFromDate: "2019-01-01"))
  }

  func report(_ township: String) async throws {
    let report = try await service.coverage.getCoverageReport(
      .init(townshipCode: township), context: context(V1.CoverageServiceMethods.getCoverageReport))
    guard report.overlapCount == (township.isEmpty ? 100 : 10), report.gapCount == (township.isEmpty ? 100 : 0) else {
      throw BenchmarkFailure("\(report.gapCount) gaps, \(report.overlapCount) overlaps")
    }
  }

  func locate() async throws {
    let answer = try await service.grids.locateGrid(
      .init(unitID: "\(Self.area(5, 5))U025-7"), context: context(V1.GridServiceMethods.locateGrid))
    guard answer.candidates.count == 1 else { throw BenchmarkFailure("\(answer.candidates.count) grids of a unit") }
  }

  func count() async throws {
    let answer = try await service.grids.countGrids(
      .init(asOfDate: "2020-06-01", historyFromDate: "2018-01-01"),
      context: context(V1.GridServiceMethods.countGrids))
    guard answer.totalCount == 5_000 else { throw BenchmarkFailure("\(answer.totalCount) grids") }
  }
}
