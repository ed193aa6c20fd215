import Access
import CommonContract
import GridRegistryContract
import GridRegistryDomain
import GridRegistryService
import GridRegistryStore
import Journal
import Kernel
import Persistence
import Runtime
import TestSupport
import Testing

@Suite struct CoverageTests {
  typealias V1 = GridRegistryV1

  @Test func `G09, G10: the report names every gap and both grids of every overlap`() async throws {
    let bench = try await DivisionBench.make()
    let report = try await report(bench, DivisionBench.township)
    #expect(report.gaps.map { $0.unit?.unitID } == ["e"])
    #expect(report.overlaps.map { $0.unit?.unitID } == ["f"])
    #expect(report.overlaps.first?.gridCodes == ["379922200001U102", "379922200001U103"])
    #expect(report.coveredUnitCount == report.unitCount - 1)
    #expect(report.coveredHouseholdCount == report.householdCount - 20)
    #expect(report.coveredShare == Double(report.coveredUnitCount) / Double(report.unitCount))
    #expect(report.sizeBreaches.map(\.gridCode) == ["379922200001U101"])
    #expect(report.sizeBreaches.first?.findingCode == "HOUSEHOLDS_OUT_OF_RANGE")
    let county = try await self.report(bench, "")
    #expect(county.gapCount == 1)
    #expect(county.unitCount > report.unitCount)
    #expect(county.overlapCount == 2)
  }

  @Test func `the report of a day is that day's`() async throws {
    let bench = try await DivisionBench.make()
    var plan = try await bench.create(bench.split(["a", "c"], ["b", "d"]))
    plan.changes.append(bench.mend)
    _ = try await bench.decide(try await bench.submit(try await bench.edit(plan)))
    try await bench.advance(to: "2020-03-01 12:00")
    let now = try await report(bench, DivisionBench.township)
    #expect(now.gapCount == 0 && now.overlapCount == 0)
    #expect(now.coveredShare == 1)
    #expect(now.sizeBreaches.isEmpty)
    let before = try await report(bench, DivisionBench.township, "2020-02-29")
    #expect(before.gapCount == 1 && before.overlapCount == 1)
    let nothing = try await report(bench, DivisionBench.township, "2018-12-31")
    #expect(nothing.coveredUnitCount == 0)
  }

  @Test func `G02: a grid that hangs in the air is reported`() async throws {
    let bench = try await DivisionBench.make()
    let grids = bench.county.service.grids
    _ = try await grids.importGrids(
      .init(
        source: "legacy",
        rows: [
          .init(
            grid: .init(
              gridID: "bare", gridCode: "379922200001U150", name: "空网格", gridType: .urban,
              orgID: DivisionBench.community, areaCode: DivisionBench.area, householdCount: 400))
        ]), context: bench.centre(V1.GridServiceMethods.importGrids))
    let report = try await report(bench, DivisionBench.township)
    #expect(report.orphanGrids.map(\.gridCode) == ["379922200001U150"])
    #expect(report.orphanGrids.map(\.findingCode) == ["GRID_WITHOUT_UNITS"])
  }

  @Test func `G03: legacy grids come in with their lineage, and the same rows again change nothing`() async throws {
    let bench = try await DivisionBench.make()
    let grids = bench.county.service.grids
    let context = bench.centre(V1.GridServiceMethods.importGrids)
    func row(_ number: Int, _ units: [String]) -> V1.GridRow {
      .init(
        grid: .init(
          gridID: "n\(number)", gridCode: "379922200001U12\(number)", name: "新\(number)", gridType: .urban,
          orgID: DivisionBench.community, areaCode: DivisionBench.area, householdCount: 310,
          units: units.map { .init(unitID: $0, kind: .householdBlock, name: "\($0)片", householdCount: 155) },
          effectiveFromDate: "2019-07-01"), predecessorIDs: ["379922200001U101"])
    }
    let request = V1.ImportGridsRequest(source: "legacy", rows: [row(1, ["a", "c"]), row(2, ["b", "d"])])
    let first = try await grids.importGrids(request, context: context)
    #expect(first.outcomes.map(\.result) == [.added, .added])
    #expect(first.findingCount == 0)
    let lines = try bench.county.journal().count
    let second = try await grids.importGrids(request, context: context)
    #expect(second.outcomes.map(\.result) == [.alreadyPresent, .alreadyPresent])
    #expect(try bench.county.journal().count == lines)
    let old = try await bench.grid("b17").grid
    #expect(old?.state == .changed)
    #expect(old?.effectiveToDate == "2019-07-01")
    #expect(old?.successorIDs == ["n1", "n2"])
    #expect(try await bench.grid("b17", asOf: "2019-06-30").grid?.units.count == 4)
    #expect(try await bench.grid("n1", asOf: "2019-07-01").grid?.predecessorIDs == ["b17"])
    let lineage = try await grids.getLineage(
      .init(gridID: "n1"), context: bench.leader(V1.GridServiceMethods.getLineage))
    #expect(lineage.predecessors.map(\.changeKind) == ["IMPORT"])
    let history = try await grids.countGrids(
      .init(townshipCode: DivisionBench.township, historyFromDate: "2018-12-31"),
      context: bench.leader(V1.GridServiceMethods.countGrids)
    ).history
    #expect(history.map(\.date) == ["2018-12-31", "2019-01-01", "2019-07-01"])
    #expect(history.map(\.gridCount) == [0, 31, 32])
    let unknown = try await grids.importGrids(
      .init(source: "legacy", rows: [.init(grid: row(3, ["z"]).grid, predecessorIDs: ["nobody"])]), context: context)
    #expect(unknown.outcomes.first?.reasons.map(\.reason) == ["PREDECESSOR_NOT_FOUND"])
    let (folded, stored) = (try bench.county.folded(), try bench.county.stored())
    #expect(folded.grids == stored.grids)
    #expect(folded.units == stored.units)
  }

  @Test func `a unit row is refused by itself, with its reasons`() async throws {
    let bench = try await DivisionBench.make()
    let answer = try await bench.county.service.grids.importGrids(
      .init(
        source: "legacy",
        unitRows: [
          .init(unit: .init(unitID: "u1", name: "x", areaCode: "37", householdCount: -1)),
          .init(unit: .init(unitID: "u2", kind: .site, name: "x", areaCode: "110000000000")),
          .init(
            unit: .init(
              unitID: "u3", kind: .site, name: "x", areaCode: DivisionBench.area,
              point: .init(latitude: 91, longitude: 118))),
          .init(unit: .init(kind: .site, name: "x", areaCode: DivisionBench.area)),
        ]), context: bench.centre(V1.GridServiceMethods.importGrids))
    #expect(
      answer.unitOutcomes.map { $0.reasons.map(\.reason) } == [
        ["UNIT_INVALID", "AREA_CODE_INVALID"], ["AREA_OUTSIDE_COUNTY"], ["POINT_INVALID"], ["EXTERNAL_REF_MISSING"],
      ])
    #expect(answer.unmatchedUnitIDs.isEmpty)
  }

  @Test func `a place is located by unit, point and address, also in traditional characters`() async throws {
    let bench = try await DivisionBench.make()
    let grids = bench.county.service.grids
    let context = bench.leader(V1.GridServiceMethods.locateGrid)
    _ = try await grids.importGrids(
      .init(
        source: "legacy",
        unitRows: [
          .init(
            unit: .init(
              unitID: "a", kind: .householdBlock, name: "a片", areaCode: DivisionBench.area, householdCount: 170,
              point: .init(latitude: 34.612, longitude: 118.351)))
        ]), context: bench.centre(V1.GridServiceMethods.importGrids))
    func found(_ request: V1.LocateGridRequest) async throws -> [V1.GridCandidate] {
      try await grids.locateGrid(request, context: context).candidates
    }
    let unit = try await found(.init(unitID: "f"))
    #expect(unit.map(\.gridID) == ["x", "y"])
    #expect(unit.map(\.confidence) == [0.5, 0.5])
    let near = try await found(.init(point: .init(latitude: 34.6125, longitude: 118.351)))
    #expect(near.map(\.gridID) == ["b17"])
    #expect(near.first?.foundBy == "POINT")
    #expect((50...60).contains(near.first?.distanceMetres ?? 0))
    #expect(try await found(.init(point: .init(latitude: 10, longitude: 10))).isEmpty)
    let village = try await found(.init(address: "归义乡归仁村归仁头自然村3号"))
    #expect(village.first?.gridCode == "379922200201R002")
    #expect(village.first?.foundBy == "NATURAL_VILLAGE")
    let traditional = try await found(.init(address: "歸義鄉歸仁村歸仁頭自然村3號"))
    #expect(traditional.first?.gridCode == "379922200201R002")
    #expect(try await found(.init(address: "某处")).isEmpty)
    // A corrected unit does not lose its grid.
    #expect(try await found(.init(unitID: "a")).map(\.gridID) == ["b17"])
  }

  @Test func `units are listed in pages with their memberships`() async throws {
    let bench = try await DivisionBench.make()
    let context = bench.leader(V1.CoverageServiceMethods.listUnits)
    var ids: [String] = []
    var token = ""
    repeat {
      let page = try await bench.county.service.coverage.listUnits(
        .init(pageSize: 7, pageToken: token, townshipCode: DivisionBench.township), context: context)
      ids += page.units.map(\.unitID)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    #expect(Set(ids).isSuperset(of: ["a", "b", "c", "d", "e", "f"]))
    let unit = try await bench.county.service.coverage.getUnit(
      .init(unitID: "f"), context: bench.leader(V1.CoverageServiceMethods.getUnit)
    ).unit
    #expect(unit?.memberships.map(\.gridID) == ["x", "y"])
    #expect(unit?.memberships.map(\.fromDate) == ["2019-01-01", "2019-01-01"])
    #expect(unit?.townshipCode == DivisionBench.township)
  }

  @Test func `a database of before has its units and memberships afterwards`() async throws {
    let folder = TemporaryFolder()
    let path = folder.file("old.sqlite")
    let old = Journal.migrations + GridRegistryMigrations.all.prefix(3)
    let before = try Database.open(path: path, migrations: old)
    try await before.write { tx in
      for (index, grid) in ["g1", "g2"].enumerated() {
        try tx.run(
          Self.oldGrid,
          [
            .text("379922000000"), .text(grid), .text("379922001001U00\(index + 1)"),
            .text(index == 0 ? "2019-01-01" : ""),
          ])
        try tx.run(Self.oldUnit, [.text("379922000000"), .text(grid), .integer(0), .text("shared")])
        try tx.run(Self.oldUnit, [.text("379922000000"), .text(grid), .integer(1), .text("own-\(grid)")])
      }
    }
    before.close()
    let after = try Database.open(path: path, migrations: Journal.migrations + GridRegistryMigrations.all)
    defer { after.close() }
    let units = CoverageUnitStore(county: .county)
    let (shared, own) = try after.readInline { reading in
      (try units.load("shared", in: reading), try units.list(township: .chengguan, in: reading))
    }
    #expect(
      shared?.memberships == [.init(gridID: "g1", from: CivilDate("2019-01-01")), .init(gridID: "g2", from: nil)])
    #expect(own.map(\.id) == ["own-g1", "own-g2", "shared"])
  }

  private static let oldGrid = Statement(
    "test.old_grid",
    """
    INSERT INTO grids (
      county_code, grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count,
      population_count, natural_villages, effective_from_date, size_exception_reason, mediation_path, state, version
    ) VALUES ($1, $2, $3, 'x', 'URBAN', 'o', '379922001001', '379922001000', 300, 0, '', $4, '', '', 'ACTIVE', 1)
    """)
  private static let oldUnit = Statement(
    "test.old_unit",
    """
    INSERT INTO grid_units (county_code, grid_id, position, unit_id, kind, name, area_code, household_count)
    VALUES ($1, $2, $3, $4, 'HOUSEHOLD_BLOCK', 'x', '379922001001', 150)
    """)

  private func report(
    _ bench: DivisionBench, _ township: String, _ day: String = ""
  ) async throws -> V1.GetCoverageReportResponse {
    try await bench.county.service.coverage.getCoverageReport(
      .init(townshipCode: township, asOfDate: day),
      context: bench.leader(V1.CoverageServiceMethods.getCoverageReport))
  }
}
