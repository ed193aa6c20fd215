import Access
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Journal
import Kernel
import Persistence
import RPC
import TestSupport
import Testing
import Wire
import WireTypes

@Suite struct ScreeningTests {
  typealias Methods = DisputeV1.ScreeningServiceMethods
  let bench: DisputeBench
  var screening: ScreeningHandlers { ScreeningHandlers(dispute: bench.dispute) }

  init() async throws {
    bench = try await DisputeBench()
    let dispute = bench.dispute
    try await bench.bench.database.write { transaction in
      try dispute.screening.save(
        [
          GridUnit(unitID: "r1", name: "东头", householdCount: 60),
          GridUnit(unitID: "r2", name: "西头", householdCount: 40),
        ], gridType: "RURAL", of: "rural", in: transaction)
      try dispute.screening.save(
        [GridUnit(unitID: "u1", name: "一号楼", householdCount: 100)], gridType: "URBAN", of: "urban", in: transaction)
    }
  }

  @Test func `S02 a plan says how often each kind of grid is visited; what is wrong with it is said at once`()
    async throws
  {
    let context = bench.context(Methods.putScreeningPlan, as: Scenery.leader)
    let wrong = await refusals {
      try await screening.putScreeningPlan(
        .init(
          requestID: "w", townshipOrgID: "street",
          targets: [
            .init(gridType: "MOON", everyDays: 7), .init(gridType: "URBAN", everyDays: 0),
            .init(gridType: "URBAN", everyDays: 7),
          ]), context: context)
    }
    #expect(wrong == ["GRID_TYPE_UNKNOWN", "EVERY_DAYS_INVALID", "TARGET_TWICE"])
    #expect(
      await refusals {
        try await screening.putScreeningPlan(.init(requestID: "e", townshipOrgID: "street"), context: context)
      } == ["TARGETS_MISSING"])
    #expect(
      await refusals {
        try await screening.putScreeningPlan(.init(requestID: "n", townshipOrgID: "nowhere"), context: context)
      } == ["TOWNSHIP_NOT_HEARD"])
    #expect(
      await refusals {
        try await screening.putScreeningPlan(
          .init(requestID: "s", townshipOrgID: "street"),
          context: bench.context(Methods.putScreeningPlan, as: Scenery.stranger))
      } == ["JURISDICTION_MISMATCH"])
    for (version, days) in [(1, 7), (2, 14)] {
      let plan = try await screening.putScreeningPlan(
        .init(
          requestID: "p\(version)", townshipOrgID: "centre",
          targets: [.init(gridType: "RURAL", everyDays: Int32(days))]), context: context)
      #expect(plan.plan?.version == UInt64(version) && plan.plan?.townshipCode == "379922001000")
    }
    try expectReplayed()
  }

  @Test func `S03 a visit is entered with what was found: both or neither`() async throws {
    let context = bench.context(Methods.recordVisit, as: Scenery.member)
    let answer = try await screening.recordVisit(
      .init(
        requestID: "v", gridID: "rural", lineOfWork: "CIVIL_AFFAIRS", unitIDs: ["r1"], householdCount: 12,
        findings: "王五家与邻居因宅基地争执，电话13900001111",
        cases: [.init(kind: .dispute, category: "宅基地", title: "宅基地争执")]), context: context)
    let reported = try #require(answer.reported.first?.caseRecord)
    #expect(reported.discovery == .patrol && reported.gridID == "rural")
    #expect(answer.visit?.caseIDs == [reported.caseID] && answer.visit?.unitIDs == ["r1"])
    #expect(answer.visit?.findings.contains("王五") == false)
    let count = try bench.bench.database.readInline { try Journal.head(in: $0).seq }
    let refused = await refusals {
      try await screening.recordVisit(
        .init(requestID: "x", gridID: "rural", unitIDs: ["r1"], cases: [.init(kind: .dispute)]), context: context)
    }
    #expect(refused == ["TITLE_MISSING"])
    #expect(try bench.bench.database.readInline { try Journal.head(in: $0).seq } == count)
    try expectReplayed()
  }

  @Test func `what is no visit is refused with every reason`() async throws {
    let context = bench.context(Methods.recordVisit, as: Scenery.actor("other", .gridMember, of: "village"))
    let refused = await refusals {
      try await screening.recordVisit(
        .init(
          requestID: "v", gridID: "rural", visitTime: GoogleProtobuf.Timestamp(Scenery.monday + .days(1)),
          unitIDs: ["r1", "u1"], roundID: "none"), context: context)
    }
    #expect(refused == ["NOT_YOUR_GRID", "UNIT_NOT_OF_GRID", "VISIT_IN_FUTURE", "ROUND_NOT_FOUND"])
    let member = bench.context(Methods.recordVisit, as: Scenery.member)
    #expect(
      await refusals { try await screening.recordVisit(.init(requestID: "n", gridID: "rural"), context: member) }
        == ["NOTHING_VISITED"])
    #expect(
      await refusals { try await screening.recordVisit(.init(requestID: "g", gridID: "moon"), context: member) }
        == ["GRID_NOT_HEARD"])
    let stranger = bench.context(Methods.recordVisit, as: Scenery.stranger)
    #expect(
      await refusals {
        try await screening.recordVisit(.init(requestID: "s", gridID: "rural", householdCount: 1), context: stranger)
      } == ["JURISDICTION_MISMATCH"])
  }

  @Test func `S04 a round has its coverage and the list of what nobody has visited, and is closed with a report`()
    async throws
  {
    let leader = bench.context(Methods.openRound, as: Scenery.leader)
    let wrong = await refusals {
      try await screening.openRound(
        .init(
          requestID: "w", townshipOrgID: "street", gridIDs: ["moon"], startDate: "2020-03-05", endDate: "2020-03-01"),
        context: leader)
    }
    #expect(wrong == ["ROUND_NAME_MISSING", "ROUND_DATES_INVALID", "GRID_NOT_HEARD"])
    let opened = try await screening.openRound(
      .init(
        requestID: "o", townshipOrgID: "street", name: "春季排查", startDate: "2020-03-01", endDate: "2020-03-10"),
      context: leader)
    let round = try #require(opened.round)
    #expect(round.gridIDs == ["rural", "urban"] && round.state == .open)
    let member = bench.context(Methods.recordVisit, as: Scenery.member)
    // A daily visit before the round says when a unit was seen last.
    _ = try await screening.recordVisit(
      .init(
        requestID: "d", gridID: "rural", visitTime: GoogleProtobuf.Timestamp(Scenery.monday - .days(9)),
        unitIDs: ["r2"]), context: member)
    _ = try await screening.recordVisit(
      .init(
        requestID: "v", gridID: "rural", unitIDs: ["r1"], householdCount: 55, roundID: round.roundID,
        cases: [.init(kind: .matter, title: "路灯不亮")]), context: member)
    let coverage = try #require(
      try await screening.getCoverage(.init(scope: .roundID(round.roundID)), context: leader).coverage)
    #expect(coverage.unitCount == 3 && coverage.visitedUnitCount == 1 && abs(coverage.percent - 100.0 / 3) < 1e-9)
    #expect(coverage.householdCount == 200 && coverage.visitedHouseholdCount == 60)
    #expect(coverage.unvisited.map(\.unitID) == ["r2", "u1"])
    #expect(coverage.unvisited.map { $0.lastVisitTime?.kernel } == [Scenery.monday - .days(9), nil])
    let page = try await bench.cases.listCases(.init(), context: leader)
    #expect(page.cases.first?.discovery == .round)
    let without = await refusals {
      try await screening.closeRound(
        .init(requestID: "c", roundID: round.roundID, expectedVersion: 1), context: leader)
    }
    #expect(without == ["ROUND_REPORT_MISSING"])
    let closed = try await screening.closeRound(
      .init(requestID: "c", roundID: round.roundID, expectedVersion: 1, report: "共走访一个单元"), context: leader)
    #expect(closed.round?.state == .closed && closed.round?.coverage?.visitedUnitCount == 1)
    #expect(closed.round?.report == "＊＊＊（7字）")
    // Later visits change nothing of a closed round.
    let late = await refusals {
      try await screening.recordVisit(
        .init(requestID: "l", gridID: "rural", unitIDs: ["r2"], roundID: round.roundID), context: member)
    }
    #expect(late == ["ROUND_NOT_OPEN"])
    let again = await refusals {
      try await screening.closeRound(
        .init(requestID: "a", roundID: round.roundID, expectedVersion: 2, report: "x"), context: leader)
    }
    #expect(again == ["ILLEGAL_TRANSITION"])
    let listed = try await screening.listRounds(.init(), context: leader).rounds
    #expect(listed.map(\.roundID) == [round.roundID] && listed.first?.coverage == closed.round?.coverage)
    try expectReplayed()
  }

  @Test func `S02 without dates the plan says what counts as visited; grids of unknown units are named`() async throws {
    let leader = bench.context(Methods.getCoverage, as: Scenery.leader)
    let member = bench.context(Methods.recordVisit, as: Scenery.member)
    _ = try await screening.recordVisit(
      .init(
        requestID: "v", gridID: "rural", visitTime: GoogleProtobuf.Timestamp(Scenery.monday - .days(10)),
        unitIDs: ["r1", "r2"]), context: member)
    func visited() async throws -> Int32? {
      try await screening.getCoverage(.init(scope: .gridID("rural")), context: leader).coverage?.visitedUnitCount
    }
    #expect(try await visited() == 2)
    _ = try await screening.putScreeningPlan(
      .init(requestID: "p", townshipOrgID: "street", targets: [.init(gridType: "RURAL", everyDays: 7)]),
      context: leader)
    #expect(try await visited() == 0)
    let directory = bench.dispute.directory
    let bare = Grid(
      gridID: "bare", code: "B", area: Scenery.villageArea, organisation: "village", path: Scenery.ruralGrid.path)
    try await bench.bench.database.write { try directory.save(bare, in: $0) }
    let all = try await screening.getCoverage(
      .init(scope: .areaCode("379922001000"), startDate: "2020-02-01", endDate: "2020-03-02"), context: leader)
    #expect(all.coverage?.unitCount == 3 && all.coverage?.visitedUnitCount == 2)
    #expect(all.coverage?.unknownGridIDs == ["bare"] && all.coverage?.grids.count == 3)
    for (request, reason) in [
      (DisputeV1.GetCoverageRequest(), "COVERAGE_SCOPE_MISSING"),
      (.init(scope: .gridID("moon")), "GRID_NOT_HEARD"), (.init(scope: .areaCode("3799")), "AREA_CODE_INVALID"),
      (.init(scope: .roundID("none")), "ROUND_NOT_FOUND"),
      (.init(scope: .gridID("rural"), startDate: "2020-03-02", endDate: "2020-03-01"), "PERIOD_INVALID"),
      (.init(scope: .areaCode("379922002000")), "JURISDICTION_MISMATCH"),
    ] {
      #expect(await refusals { try await screening.getCoverage(request, context: leader) } == [reason])
    }
  }

  @Test func `S05 the ledger of a grid shows all its cases as they stood, and how early they were known`() async throws
  {
    let context = bench.context(Methods.getGridLedger, as: Scenery.member)
    let first = try await bench.cases.reportCase(
      .init(
        requestID: "1", kind: .dispute, gridID: "rural",
        occurTime: GoogleProtobuf.Timestamp(Scenery.monday - .hours(3)), title: "甲",
        parties: [.init(role: .applicant, name: "甲")]), context: context)
    let id = try #require(first.caseRecord?.caseID)
    bench.bench.clock.advance(by: .minutes(30))
    _ = try await bench.cases.selfHandleCase(.init(requestID: "2", caseID: id, expectedVersion: 1), context: context)
    bench.bench.clock.advance(by: .days(1))
    _ = try await bench.report(requestID: "3")
    _ = try await bench.report(grid: "urban", requestID: "4")
    let now = try #require(try await screening.getGridLedger(.init(gridID: "rural"), context: context).ledger)
    #expect(now.caseCount == 2 && now.openCount == 2 && now.proactiveShare == 1)
    #expect(now.entries.map(\.state) == ["REPORTED", "SELF_HANDLING"])
    #expect(now.entries.last?.knowMinutes == 180 && now.entries.last?.handleMinutes == 30)
    #expect(now.entries.first?.knowMinutes == nil && now.entries.first?.handleMinutes == nil)
    let before = try await screening.getGridLedger(
      .init(gridID: "rural", asOfTime: GoogleProtobuf.Timestamp(Scenery.monday + .minutes(10))), context: context)
    #expect(before.ledger?.entries.map(\.state) == ["REPORTED"])
    let paged = try await screening.getGridLedger(.init(gridID: "rural", pageSize: 1), context: context)
    #expect(paged.ledger?.entries.count == 1 && paged.ledger?.caseCount == 2)
    let rest = try await screening.getGridLedger(
      .init(gridID: "rural", pageSize: 1, pageToken: paged.nextPageToken), context: context)
    #expect(rest.ledger?.entries.map(\.caseID) == [id] && rest.nextPageToken.isEmpty)
    #expect(
      await refusals {
        try await screening.getGridLedger(
          .init(gridID: "rural"), context: bench.context(Methods.getGridLedger, as: Scenery.stranger))
      } == ["JURISDICTION_MISMATCH"])
  }

  @Test func `units are heard from grid-registry with their grid`() async throws {
    _ = try await bench.deliver(
      [
        .grid(
          .init(
            gridID: "heard", code: "H", areaCode: "379922001201", orgID: "village", gridType: "RURAL",
            units: [.init(unitID: "h1", name: "南庄", householdCount: 30)]))
      ], from: "grid-registry")
    let (units, type) = try bench.bench.database.readInline { reading in
      (
        try bench.dispute.screening.units(of: "heard", in: reading),
        try bench.dispute.screening.gridType(of: "heard", in: reading)
      )
    }
    #expect(units == [GridUnit(unitID: "h1", name: "南庄", householdCount: 30)] && type == "RURAL")
  }

  /// The journal's last line of every plan, round and visit is what is stored.
  private func expectReplayed() throws {
    try bench.bench.database.readInline { reading in
      var lines: [String: JournalEntry] = [:]
      for line in try Journal.entries(after: 0, limit: 1_000, in: reading).entries { lines[line.aggregateID] = line }
      var count = 0
      for line in lines.values where ["screening_plan", "round", "visit"].contains(line.aggregateType) {
        let event = try DisputeV1.ScreeningEvent(decoding: line.payload)
        count += 1
        if let plan = event.plan {
          #expect(try bench.dispute.screening.plan(of: plan.township, in: reading) == plan)
        } else if let round = event.round {
          #expect(try bench.dispute.screening.round(round.roundID, in: reading) == round)
        } else if let visit = event.visit {
          #expect(try bench.dispute.screening.visit(visit.visitID, in: reading) == visit)
        } else {
          Issue.record("\(line.eventType) says nothing")
        }
      }
      #expect(count > 0)
    }
  }
}
