import DisputeDomain
import DisputeService
@testable import DisputeStore
import Kernel
import Persistence
import TestSupport
import Testing
import WorkClock

@Suite struct CaseStoreTests {
  let bench: ServiceBench
  let cases = CaseStore(county: Scenery.county)
  let directory = DirectoryStore(county: Scenery.county)

  init() throws { bench = try ServiceBench(migrations: DisputeService.migrations) }

  @Test func `a case with all its children is read back as it was saved, step by step`() async throws {
    var story = try Story(complexity: .complex)
    try await save(story.record, nil)
    func step(_ change: (inout Story) throws -> Void) async throws {
      let old = story.record
      try change(&story)
      try await save(story.record, old)
      #expect(try load() == story.record)
    }
    try await step { try $0.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk) }
    try await step { try $0.start(by: Scenery.villageMediator) }
    try await step { try $0.attempt(.failed, by: Scenery.villageMediator) }
    try await step { try $0.take(.escalate(reason: Scenery.text, to: nil), by: Scenery.villageClerk) }
    try await step { try $0.take(.giveBack(reason: Scenery.text), by: Scenery.communityClerk) }
    try await step { try $0.start(by: Scenery.villageMediator) }
    try await step { try $0.attempt(.success, by: Scenery.villageMediator) }
    try await step { try $0.take(.settle(.init(agreement: .oral, text: Scenery.text)), by: Scenery.villageMediator) }
    try await step { try $0.take(.fallBack(reason: Scenery.text), by: Scenery.villageMediator) }
    try await step { try $0.take(.settle(.written(due: $0.now + .days(30))), by: Scenery.villageMediator) }
    try await step {
      try $0.take(
        .registerClose(.init(result: "SOLVED", authority: .mediation, partiesNotified: true, satisfaction: .basic)),
        by: Scenery.villageClerk)
    }
  }

  @Test func `a suspended clock and a link are read back`() async throws {
    let draft = Case.ImportDraft(
      report: Case.ReportDraft(
        caseID: "case", number: "DJ-1", kind: .matter, discovery: .hotline, importSource: "messages", externalRef: "1",
        centre: Scenery.centre, title: Scenery.text),
      reportTime: Scenery.monday, closeTime: nil, determination: .sample(.call), task: nil, call: "call",
      agreement: nil, settlement: nil)
    let record = try Case.importing(draft, by: Scenery.hotline, in: Scenery.world(nil)).record
    try await save(record, nil)
    #expect(try load() == record)
    let found = try bench.database.readInline { try cases.find(source: "messages", externalRef: "1", in: $0) }
    #expect(found == "case")
  }

  @Test func `who writes over another version writes nothing`() async throws {
    let story = try Story()
    try await save(story.record, nil)
    var other = story
    try other.take(.selfHandle, by: Scenery.member)
    var old = story.record
    old.version = 7
    let (cases, changed, stale) = (cases, other.record, old)
    let saved = try await bench.database.write { try cases.save(changed, replacing: stale, in: $0) }
    #expect(!saved)
    #expect(try load() == story.record)
  }

  @Test func `numbers count per township and year without a gap`() async throws {
    let cases = cases
    let numbers = try await bench.database.write { transaction in
      try [2020, 2020, 2021].map { try cases.nextNumber(township: Scenery.township, year: $0, in: transaction) }
    }
    #expect(numbers == ["DJ-379922001-2020-000001", "DJ-379922001-2020-000002", "DJ-379922001-2021-000001"])
  }

  @Test func `every combination of filters pages through all and only its cases`() async throws {
    try await saveMany()
    let all = try page(CaseFilter())
    #expect(all.count == 24)
    var filters = [CaseFilter()]
    func vary<Value>(_ path: WritableKeyPath<CaseFilter, Value>, _ values: [Value]) {
      filters = filters.flatMap { filter in
        values.map { value in
          var varied = filter
          varied[keyPath: path] = value
          return varied
        }
      }
    }
    vary(\.area, [nil, Scenery.township, Scenery.villageArea, AreaCode("379922009000")])
    vary(\.state, [nil, .reported, .withdrawn])
    vary(\.level, [nil, .village, .township])
    vary(\.flags, [[], [.petition], [.petition, .beyondCapacity]])
    vary(\.organisation, [nil, "village-room", "centre"])
    vary(\.assignee, [nil, "village-clerk", "nobody"])
    vary(\.isTimed, [false, true])
    #expect(filters.count == 1944)
    var found = 0
    for filter in filters {
      let expected = all.filter { record in
        (filter.area.map(record.origin.area.isWithin) ?? true) && (filter.state.map { record.state == $0 } ?? true)
          && (filter.level.map { record.level == $0 } ?? true) && record.origin.flags.isSuperset(of: filter.flags)
          && (filter.organisation.map { record.handlingOrganisation == $0 } ?? true)
          && (filter.assignee.map { record.responsiblePerson == $0 } ?? true)
          && (!filter.isTimed || record.clocks.contains { !$0.isStopped })
      }
      found += expected.count
      #expect(try page(filter).map(\.caseID) == expected.map(\.caseID), "\(filter)")
    }
    #expect(found > 1_000)
  }

  @Test func `a list goes along one index, in its order, and there are no more than eight`() throws {
    #expect(CaseListQueries.all.count <= 8)
    let indexes = [
      "case_by_time", "case_by_state", "case_by_township", "case_by_township_state", "case_by_area",
      "case_by_organisation", "case_by_organisation_state", "case_by_assignee",
    ]
    for (statement, index) in zip(CaseListQueries.all, indexes) {
      let plan = try bench.database.plan(of: statement)
      #expect(plan.first?.hasPrefix("SEARCH cases USING INDEX \(index) (") == true, "\(statement): \(plan)")
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(statement): \(plan)")
    }
  }

  @Test func `F11 the counts that are kept with the cases are what counting all of them gives`() async throws {
    try await saveMany()
    try expectCounts(total: 24)
    var story = try Story(complexity: .complex)
    try await save(story.record, nil)
    func step(_ change: (inout Story) throws -> Void) async throws {
      let old = story.record
      try change(&story)
      try await save(story.record, old)
      try expectCounts(total: 25)
    }
    try await step { try $0.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk) }
    try await step { try $0.start(by: Scenery.villageMediator) }
    try await step { try $0.attempt(.failed, by: Scenery.villageMediator) }
    // Another level and another organisation.
    try await step { try $0.take(.escalate(reason: Scenery.text, to: nil), by: Scenery.villageClerk) }
    try await step { try $0.take(.giveBack(reason: Scenery.text), by: Scenery.communityClerk) }
    // Another township, as when something is located.
    let old = story.record
    var origin = old.origin
    origin.township = try #require(AreaCode("379922009000"))
    let moved = Case(
      origin: origin, version: old.version + 1, state: old.state, parties: [], level: old.level,
      handlingOrganisation: old.handlingOrganisation, responsiblePerson: old.responsiblePerson,
      mediators: old.mediators, determination: nil, awaited: nil, changeTime: old.changeTime)
    try await save(moved, old)
    try expectCounts(total: 25)
    let there = try bench.database.readInline {
      try cases.count(by: .township, township: AreaCode("379922009000"), in: $0)
    }
    #expect(there.map(\.key) == ["379922009000"] && there.map(\.count) == [1])
    // Who writes over another version changes no count.
    let saved = try await bench.database.write { [cases] in try cases.save(old, replacing: old, in: $0) }
    #expect(!saved)
    try expectCounts(total: 25)
  }

  @Test func `the counts of a file from before they were kept are made by its upgrade`() async throws {
    let folder = TemporaryFolder()
    let before = try Database.open(
      path: folder.file("old.sqlite"), migrations: DisputeService.migrations.filter { $0.name != "m0031_case_counts" })
    let records = try manyCases()
    try await before.write { transaction in
      for record in records {
        try transaction.run(CaseQueries.insert, [.text(Scenery.county.text)] + CaseRows.values(of: record))
      }
    }
    before.close()
    let database = try Database.open(path: folder.file("old.sqlite"), migrations: DisputeService.migrations)
    try expectCounts(total: 24, in: database)
    database.close()
  }

  @Test func `directory and calendar are read back as heard`() async throws {
    let directory = directory
    let year = WorkCalendar.Year(year: 2020, days: [CivilDate(dayNumber: 18262): .rest], isConfirmed: true)
    let isPathSaved = try await bench.database.write { transaction in
      for organisation in Scenery.all { try directory.save(organisation, in: transaction) }
      for person in Scenery.persons { try directory.save(person, in: transaction) }
      try directory.save(Scenery.ruralGrid, in: transaction)
      try directory.save(year, in: transaction)
      return try directory.savePath([], of: "unknown", in: transaction)
    }
    #expect(!isPathSaved)
    let (centre, ofTownship, leader) = try bench.database.readInline { reading in
      (
        try directory.organisation("centre", in: reading),
        try directory.organisation(.townshipCentre, of: Scenery.township, in: reading),
        try directory.person("leader", in: reading)
      )
    }
    #expect(centre == Scenery.centre && ofTownship == Scenery.centre && leader?.roles == ["TOWNSHIP_LEADER"])
    let (clerk, grid, calendar, revision) = try bench.database.readInline { reading in
      (
        try directory.intakeClerk(of: "village-room", in: reading), try directory.grid("rural", in: reading),
        try directory.calendar(in: reading), try directory.calendarRevision(in: reading)
      )
    }
    #expect(clerk == "village-clerk" && grid == Scenery.ruralGrid && calendar.years[2020] == year && revision == 1)
  }

  @Test func `no statement walks over a growing table`() throws {
    let scans = try bench.database.unindexedScans(in: DisputeMigrations.statements)
    #expect(scans == [])
  }

  private static let recounts: [CaseGrouping: Statement] = [
    .state: Statement(
      "test.by_state",
      "SELECT state, count(*) FROM cases WHERE $2 IN ('', township_code) AND county_code = $1 GROUP BY state"),
    .level: Statement(
      "test.by_level",
      "SELECT level, count(*) FROM cases WHERE $2 IN ('', township_code) AND county_code = $1 GROUP BY level"),
    .township: Statement(
      "test.by_township",
      "SELECT township_code, count(*) FROM cases WHERE $2 IN ('', township_code) AND county_code = $1 GROUP BY 1"),
    .organisation: Statement(
      "test.by_organisation",
      "SELECT handling_org_id, count(*) FROM cases WHERE $2 IN ('', township_code) AND county_code = $1 GROUP BY 1"),
    .discovery: Statement(
      "test.by_discovery",
      "SELECT discovery, count(*) FROM cases WHERE $2 IN ('', township_code) AND county_code = $1 GROUP BY discovery"),
  ]

  /// What is kept is what counting gives, in the county and in each township.
  private func expectCounts(total: Int, in other: Database? = nil) throws {
    try (other ?? bench.database).readInline { reading in
      for township in [nil, Scenery.township, AreaCode("379922009000")] {
        for grouping in CaseGrouping.allCases {
          let kept = try cases.count(by: grouping, township: township, in: reading)
          let statement = try #require(Self.recounts[grouping])
          let values: [Value] = [.text(Scenery.county.text), .text(township?.text ?? "")]
          let counted = try reading.all(statement, values) { ($0.text(0), $0.int(1)) }
          #expect(
            Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.count) })
              == Dictionary(uniqueKeysWithValues: counted), "\(grouping) \(township?.text ?? "")")
          if township == nil { #expect(kept.reduce(0) { $0 + $1.count } == total, "\(grouping)") }
        }
      }
    }
  }

  private func save(_ record: Case, _ old: Case?) async throws {
    let cases = cases
    #expect(try await bench.database.write { try cases.save(record, replacing: old, in: $0) })
  }

  private func load() throws -> Case? { try bench.database.readInline { try cases.load("case", in: $0) } }

  /// 24 cases of three places, two states, some at the same instant.
  private func manyCases() throws -> [Case] {
    try (0..<24).compactMap { index in
      let grid = index % 3 == 0 ? nil : index % 3 == 1 ? Scenery.ruralGrid : Scenery.urbanGrid
      let draft = Case.ReportDraft(
        caseID: ID("case-\(padded(index, 2))"), number: "DJ-\(index)", kind: .matter,
        flags: index % 2 == 0 ? [] : index % 5 == 0 ? [.petition, .beyondCapacity] : [.petition], discovery: .patrol,
        grid: grid?.gridID, centre: grid == nil ? Scenery.centre : nil, title: Scenery.text)
      let time = Scenery.monday + .minutes(Int64(index / 2))
      let event = try Case.report(
        draft, by: Scenery.member, as: [.reporter], in: Scenery.world(grid), at: time)
      guard var record = Case.fold([event]) else { return nil }
      if index % 4 == 0 {
        let stopped = record.clocks.map { clock in
          Case.ClockChange.stopped(kind: clock.kind, round: clock.round, at: time, due: nil, isOnTime: true)
        }
        record.apply(Case.Event(.withdrawn(reason: nil), clocks: stopped, time: time))
      }
      return record
    }
  }

  private func saveMany() async throws {
    for record in try manyCases() { try await save(record, nil) }
  }

  /// All pages of five.
  private func page(_ filter: CaseFilter) throws -> [Case] {
    try bench.database.readInline { reading in
      var (position, found) = (CasePosition.top, [Case]())
      while true {
        let page = try cases.list(filter, below: position, limit: 5, county: Scenery.county, in: reading)
        found += page
        guard let last = page.last, page.count == 5 else { return found }
        position = CasePosition(reportTime: last.origin.reportTime, caseID: last.caseID)
      }
    }
  }
}
