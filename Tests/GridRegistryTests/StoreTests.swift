import GridRegistryDomain
import GridRegistryService
import GridRegistryStore
import Kernel
import Persistence
import TestSupport
import Testing
import WorkClock

@Suite struct StoreTests {
  @Test func `no statement walks over a whole table`() throws {
    let bench = try ServiceBench(migrations: GridRegistryService.migrations)
    #expect(try bench.database.unindexedScans(in: GridRegistryMigrations.statements).isEmpty)
  }

  @Test func `an organisation comes back as it was saved`() async throws {
    let bench = try ServiceBench(migrations: GridRegistryService.migrations)
    let store = OrganisationStore(county: .county)
    var organisation = Organisation.active("agency", .dispatchedAgency, township: .chengguan)
    organisation.facts.agencyType = "自然资源所"
    organisation.facts.phones = ["000-00000001", "two\nlines %25"]
    organisation.facts.externalIDs = ["oa": "7", "12345": "x"]
    organisation.departmentID = "dept"
    let saved = organisation
    let loaded = try await bench.database.write { tx in
      try store.save(saved, in: tx)
      return try store.load("agency", in: tx)
    }
    #expect(loaded == organisation)
  }

  @Test func `a grid comes back with units, findings and path`() async throws {
    let bench = try ServiceBench(migrations: GridRegistryService.migrations)
    let store = GridStore(county: .county)
    let proposal = Grid.Proposal.urban()
    let grid = Grid(
      id: "grid", facts: proposal.facts, townshipCode: .chengguan, state: .active,
      findings: [.init(code: "X", chinese: "x", english: "x", openTime: .init(seconds: 5), metadata: ["a": "b"])],
      path: .init(
        steps: Grid.Proposal.path.steps, skipped: [.init(level: .village, reason: .urbanHasNoVillageLevel)]),
      version: 3)
    let loaded = try await bench.database.write { tx in
      try store.save(grid, in: tx)
      return try (store.load("grid", in: tx), store.find(code: "379922001001U001", in: tx))
    }
    #expect(loaded.0 == grid)
    #expect(loaded.1 == grid)
  }

  @Test func `a year comes back with its days`() async throws {
    let bench = try ServiceBench(migrations: GridRegistryService.migrations)
    let store = CalendarStore(county: .county)
    let date = try #require(CivilDate("2020-05-09"))
    let year = CalendarYear(
      year: 2020, days: [date: .init(kind: .work, reason: "调休")], isConfirmed: true, sourceDocument: "通知",
      officeHours: WorkCalendar.standardHours, version: 1)
    let years = try await bench.database.write { tx in
      try store.save(year, in: tx)
      return try store.list(in: tx)
    }
    #expect(years == [year])
  }
}
