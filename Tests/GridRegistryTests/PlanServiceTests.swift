import Access
import CommonContract
import FeedContract
import GridRegistryContract
import GridRegistryDomain
import GridRegistryService
import Journal
import Kernel
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

/// 归义乡, with grid B-17 (a 170, b 160, c 140, d 150), X and Y that share f, and e in no grid.
struct DivisionBench {
  typealias V1 = GridRegistryV1

  let county: RegistryBench
  static let township = "379922200000"
  static let area = "379922200001"
  static let community = "community-379922200-01"

  static func make(today: String = "2020-02-10T09:00") async throws -> Self {
    let county = try RegistryBench()
    county.bench.clock.now = try #require(Timestamp(wall: today.replacing("T", with: " ")))
    _ = try await county.importCounty()
    let bench = Self(county: county)
    let answer = try await county.service.grids.importGrids(
      .init(
        source: "legacy",
        rows: [
          bench.row("b17", 101, "B-17网格", ["a": 170, "b": 160, "c": 140, "d": 150]),
          bench.row("x", 102, "X网格", ["x1": 350, "f": 30]), bench.row("y", 103, "Y网格", ["y1": 320, "f": 30]),
        ],
        unitRows: [
          .init(
            unit: .init(unitID: "e", kind: .householdBlock, name: "e片", areaCode: area, householdCount: 20))
        ]), context: county.context(V1.GridServiceMethods.importGrids, as: .gridCentre, of: "grid-centre"))
    #expect(answer.outcomes.map(\.result) == [.added, .added, .added])
    #expect(answer.unmatchedUnitIDs == ["e"])
    return bench
  }

  private func row(_ id: String, _ number: Int, _ name: String, _ units: [String: Int32]) -> V1.GridRow {
    .init(
      grid: .init(
        gridID: id, gridCode: "\(Self.area)U\(number)", name: name, gridType: .urban, orgID: Self.community,
        areaCode: Self.area, householdCount: units.values.reduce(0, +),
        units: units.sorted { $0.key < $1.key }.map {
          .init(unitID: $0.key, kind: .householdBlock, name: "\($0.key)片", householdCount: $0.value)
        }, effectiveFromDate: "2019-01-01"))
  }

  var plans: any V1.PlanService { county.service.plans }

  func clerk(_ method: MethodDescriptor) -> ServerContext {
    county.bench.context(method, as: .levelClerk, of: "center-\(Self.township)", person: "person-0106")
  }
  func leader(_ method: MethodDescriptor) -> ServerContext {
    county.bench.context(method, as: .townshipLeader, of: "town-\(Self.township)", person: "person-0103")
  }
  func centre(_ method: MethodDescriptor, person: String = "person-0010") -> ServerContext {
    county.bench.context(method, as: .gridCentre, of: "grid-centre", person: person)
  }

  func planned(_ name: String, _ units: [String], code: String = "") -> V1.PlannedGrid {
    .init(gridCode: code, name: name, gridType: .urban, orgID: Self.community, areaCode: Self.area, unitIDs: units)
  }

  func split(_ first: [String], _ second: [String], day: String = "2020-03-01") -> V1.DivisionPlan {
    .init(
      title: "B-17拆分", townshipCode: Self.township, effectiveDate: day,
      changes: [
        .init(kind: .split, gridIDs: ["b17"], plannedGrids: [planned("甲网格", first), planned("乙网格", second)])
      ])
  }

  /// e → X, f out of Y.
  var mend: V1.PlanChange {
    .init(kind: .moveUnits, moves: [.init(unitID: "e", toGridID: "x"), .init(unitID: "f", fromGridID: "y")])
  }

  func create(_ plan: V1.DivisionPlan, _ id: String = "create") async throws -> V1.DivisionPlan {
    try #require(
      try await plans.createPlan(
        .init(requestID: id, plan: plan), context: clerk(V1.PlanServiceMethods.createPlan)
      ).plan)
  }

  func submit(_ plan: V1.DivisionPlan, exceptions: [V1.PlanException] = []) async throws -> V1.DivisionPlan {
    try #require(
      try await plans.submitPlan(
        .init(
          requestID: "submit-\(plan.planID)-\(plan.version)", planID: plan.planID, expectedVersion: plan.version,
          exceptions: exceptions), context: leader(V1.PlanServiceMethods.submitPlan)
      ).plan)
  }

  func decide(
    _ plan: V1.DivisionPlan, _ decision: V1.DecidePlanRequest.Decision = .approve, reason: String = "",
    person: String = "person-0010"
  ) async throws -> V1.DivisionPlan {
    try #require(
      try await plans.decidePlan(
        .init(
          requestID: "decide-\(plan.planID)-\(plan.version)", planID: plan.planID, expectedVersion: plan.version,
          decision: decision, reason: reason), context: centre(V1.PlanServiceMethods.decidePlan, person: person)
      ).plan)
  }

  func edit(_ plan: V1.DivisionPlan) async throws -> V1.DivisionPlan {
    try #require(
      try await plans.editPlan(
        .init(requestID: "edit-\(plan.planID)-\(plan.version)", expectedVersion: plan.version, plan: plan),
        context: clerk(V1.PlanServiceMethods.editPlan)
      ).plan)
  }

  func plan(_ id: String) async throws -> V1.DivisionPlan {
    try #require(
      try await plans.getPlan(.init(planID: id), context: leader(V1.PlanServiceMethods.getPlan)).plan)
  }

  func grid(_ id: String, asOf: String = "") async throws -> V1.GetGridResponse {
    try await county.service.grids.getGrid(
      .init(gridID: id, asOfDate: asOf), context: leader(V1.GridServiceMethods.getGrid))
  }

  /// The clock stands at `wall`, and what was due has happened; how many plans took effect or were blocked.
  @discardableResult func advance(to wall: String) async throws -> Int {
    let now = try #require(Timestamp(wall: wall))
    let before = try planLines()
    county.bench.clock.now = now
    for timer in county.service.parts.timers { _ = try await timer.fire(at: now) }
    return try planLines() - before
  }

  private func planLines() throws -> Int { try county.journal().count { $0.draft.aggregateType == "plan" } }
}

@Suite struct PlanServiceTests {
  typealias V1 = GridRegistryV1

  @Test func `G06, A1: a plan is refused with all findings, mended, approved by other eyes, and in effect on its day`()
    async throws
  {
    let bench = try await DivisionBench.make()
    let count = try await gridCount(bench)
    var plan = try await bench.create(bench.split(["a", "b"], ["c", "d"]))
    #expect(plan.changes.first?.plannedGrids.map(\.gridCode) == ["379922200001U104", "379922200001U105"])
    let refused = await refusal { try await bench.submit(plan) }
    #expect(
      refused.map(\.code) == ["HOUSEHOLDS_OUT_OF_RANGE", "UNIT_IN_NO_GRID", "UNIT_IN_TWO_GRIDS"])
    #expect(refused.first?.metadata["household_count"] == "290")
    #expect(refused.map { $0.metadata["unit_id"] ?? "" } == ["", "e", "f"])
    #expect(try await bench.plan(plan.planID).state == .draft)

    plan.changes = bench.split(["a", "c"], ["b", "d"]).changes + [bench.mend]
    plan = try await bench.submit(try await bench.edit(plan))
    #expect(plan.state == .submitted)
    #expect(plan.check?.passes == true)
    // The second plan on B-17 is approved before the first is in effect.
    var second = try await bench.create(bench.split(["a", "d"], ["b", "c"], day: "2020-03-02"), "second")
    second.changes.append(bench.mend)
    #expect(second.changes[0].plannedGrids.map(\.gridCode) == ["379922200001U106", "379922200001U107"])
    second = try await bench.decide(try await bench.submit(try await bench.edit(second)))
    plan = try await bench.decide(plan)
    #expect(plan.state == .approved)
    let new = plan.changes[0].plannedGrids.map(\.gridID)
    for id in new { #expect(try await bench.grid(id).grid?.state == .planned) }
    let watch = try #require(bench.county.service.parts.timers.last)
    let first = try #require(Timestamp(wall: "2020-03-01 00:00"))
    #expect(try await watch.count(before: first) == 0)
    #expect(try await watch.count(before: first + .instant) == 1)
    #expect(try await watch.count(before: first + .days(2)) == 2)
    #expect(try await bench.advance(to: "2020-03-01 00:00") == 0)
    #expect(try await bench.advance(to: "2020-03-01 00:00:01") == 1)
    #expect(try await watch.count(before: first + .days(2)) == 1)
    let archiving = first + .days(Int64(Grid.daysUntilArchived) + 2)
    let archived = try #require(try await watch.count(before: archiving))
    #expect(archived > 1, "changed grids are archived in their time")

    for id in new {
      let grid = try await bench.grid(id).grid
      #expect(grid?.state == .active)
      #expect(grid?.householdCount == 310)
      #expect(grid?.predecessorIDs == ["b17"])
      #expect(grid?.planID == plan.planID)
    }
    let vacancies = try await bench.county.service.vacancies.listVacancies(
      .init(pageSize: 500, townshipCode: DivisionBench.township),
      context: bench.leader(V1.VacancyServiceMethods.listVacancies))
    let open = vacancies.vacancies.filter { $0.state == .open }.map(\.gridID)
    #expect(Set(open).isSuperset(of: new))
    #expect(!open.contains("b17"))
    let old = try await bench.grid("379922200001U101")
    #expect(old.grid?.state == .changed)
    #expect(old.grid?.effectiveToDate == "2020-03-01")
    #expect(Set(old.successors.map(\.gridID)) == Set(new))
    #expect(try await bench.grid("x").grid?.householdCount == 400)
    #expect(try await bench.grid("y").grid?.householdCount == 320)
    #expect(try await bench.grid("x").grid?.findings.isEmpty == true)
    #expect(try await bench.grid("y").grid?.findings.isEmpty == true)
    #expect(try await gridCount(bench) == count + 1)
    #expect(try await bench.plan(plan.planID).state == .effective)
    #expect(try await bench.plan(plan.planID).effectTime?.kernel == Timestamp(wall: "2020-03-01 00:00"))

    #expect(try await bench.advance(to: "2020-03-02 08:30") == 1)
    let blocked = try await bench.plan(second.planID)
    #expect(blocked.state == .blocked)
    #expect(blocked.check?.faults.map(\.findingCode).contains("GRID_NOT_ACTIVE") == true)
    for id in second.changes[0].plannedGrids.map(\.gridID) {
      #expect(try await bench.grid(id).grid?.state == .retired)
    }
    #expect(try await bench.advance(to: "2020-03-02 08:31") == 0)
    try await expectSound(bench)
  }

  @Test func `F05, G08, I6: lineage, the old code, and every day answers as it was`() async throws {
    let bench = try await DivisionBench.make()
    var plan = try await bench.create(bench.split(["a", "c"], ["b", "d"]))
    plan.changes.append(bench.mend)
    plan = try await bench.decide(try await bench.submit(try await bench.edit(plan)))
    try await bench.advance(to: "2020-03-01 10:00")
    let grids = bench.county.service.grids
    let lineage = try await grids.getLineage(
      .init(gridID: "379922200001U101"), context: bench.leader(V1.GridServiceMethods.getLineage))
    #expect(lineage.predecessors.isEmpty)
    #expect(lineage.successors.map(\.successorCode).sorted() == ["379922200001U104", "379922200001U105"])
    #expect(lineage.successors.allSatisfy { $0.changeKind == "SPLIT" && $0.effectiveDate == "2020-03-01" })
    let before = try await bench.grid("b17", asOf: "2020-02-29").grid
    #expect(before?.state == .active)
    #expect(before?.units.map(\.unitID) == ["a", "b", "c", "d"])
    #expect(try await bench.grid("y", asOf: "2020-02-29").grid?.householdCount == 350)
    #expect(try await bench.grid("y", asOf: "2020-03-01").grid?.householdCount == 320)
    let gone = await bench.county.reasons { try await bench.grid("b17", asOf: "2020-03-01") }
    #expect(gone == ["GRID_NOT_FOUND"])
    let count = try await grids.countGrids(
      .init(townshipCode: DivisionBench.township, asOfDate: "2020-02-29", historyFromDate: "2019-06-01"),
      context: bench.leader(V1.GridServiceMethods.countGrids))
    #expect(count.totalCount == 31)
    #expect(count.history.map(\.gridCount) == [31, 32])
    #expect(count.history.map(\.date) == ["2019-06-01", "2020-03-01"])
    func listed(_ request: V1.ListGridsRequest) async throws -> Set<String> {
      Set(
        try await grids.listGrids(request, context: bench.leader(V1.GridServiceMethods.listGrids)).grids.map(\.gridID))
    }
    #expect(try await listed(.init(townshipCode: DivisionBench.township, state: .changed)) == ["b17"])
    #expect(
      try await listed(.init(pageSize: 500, townshipCode: DivisionBench.township, asOfDate: "2020-02-29")).contains(
        "b17"))
    #expect(
      try await !listed(.init(pageSize: 500, townshipCode: DivisionBench.township, asOfDate: "2020-03-01")).contains(
        "b17"))
    // A changed grid is archived when nothing of it can be reopened any more.
    try await bench.advance(to: "2020-05-30 23:59")
    #expect(try await bench.grid("b17").grid?.state == .changed)
    try await bench.advance(to: "2020-05-31 00:01")
    #expect(try await bench.grid("b17").grid?.state == .retired)
    #expect(try await bench.grid("b17").successors.count == 2)
    try await expectSound(bench)
  }

  @Test func `a blocked plan is reworked by its author with new grids, and takes effect after all`() async throws {
    let bench = try await DivisionBench.make()
    var first = try await bench.create(bench.split(["a", "c"], ["b", "d"]))
    first.changes = [bench.mend]
    first = try await bench.decide(try await bench.submit(try await bench.edit(first)))
    // Its unit f is out of Y by then: the move no longer fits.
    var second = try await bench.create(bench.split(["a", "c"], ["b", "d"], day: "2020-03-02"), "second")
    second.changes.append(bench.mend)
    second = try await bench.decide(try await bench.submit(try await bench.edit(second)))
    let ids = second.changes[0].plannedGrids.map(\.gridID)
    try await bench.advance(to: "2020-03-02 09:00")
    second = try await bench.plan(second.planID)
    #expect(second.state == .blocked)
    #expect(second.check?.faults.map(\.findingCode) == ["UNIT_NOT_IN_GRID"])
    let request = V1.ReworkPlanRequest(requestID: "rework", planID: second.planID, expectedVersion: second.version)
    let method = V1.PlanServiceMethods.reworkPlan
    let stranger = await bench.county.reasons {
      try await bench.plans.reworkPlan(request, context: bench.leader(method))
    }
    #expect(stranger == ["NOT_YOUR_ROLE"])
    second = try #require(try await bench.plans.reworkPlan(request, context: bench.clerk(method)).plan)
    #expect(second.state == .draft)
    #expect(Set(second.changes[0].plannedGrids.map(\.gridID)).isDisjoint(with: ids))
    second.changes.removeLast()
    second.effectiveDate = "2020-03-03"
    second = try await bench.decide(try await bench.submit(try await bench.edit(second)))
    #expect(try await bench.advance(to: "2020-03-03 00:01") == 1)
    #expect(try await bench.grid("379922200001U104").grid?.state == .active)
    try await expectSound(bench)
  }

  @Test func `four eyes, rejection, withdrawal, and whose act is whose`() async throws {
    let bench = try await DivisionBench.make()
    let method = V1.PlanServiceMethods.createPlan
    var content = bench.split(["a", "c"], ["b", "d"])
    content.changes.append(bench.mend)
    // Drafted by the county's grid centre: the same person does not approve it.
    var plan = try #require(
      try await bench.plans.createPlan(
        .init(requestID: "c", plan: content), context: bench.centre(method, person: "person-0011")
      ).plan)
    plan = try await bench.submit(plan)
    let submitted = plan
    #expect(
      await bench.county.reasons { try await bench.decide(submitted, person: "person-0011") } == ["APPROVER_IS_AUTHOR"])
    #expect(
      await bench.county.reasons { try await bench.decide(submitted, .reject) } == ["DECISION_REASON_MISSING"])
    plan = try await bench.decide(plan, .reject, reason: "请与社区再商量")
    #expect(plan.state == .draft)
    #expect(plan.decisionReason == "请与社区再商量")
    plan = try await bench.decide(try await bench.submit(plan))
    let approved = plan
    let withdraw = V1.PlanServiceMethods.withdrawPlan
    func request(_ reason: String = "") -> V1.WithdrawPlanRequest {
      .init(requestID: "w\(reason)", planID: approved.planID, expectedVersion: approved.version, reason: reason)
    }
    let township = await bench.county.reasons {
      try await bench.plans.withdrawPlan(request(), context: bench.leader(withdraw))
    }
    #expect(township == ["NOT_YOUR_ROLE"])
    let silent = await bench.county.reasons {
      try await bench.plans.withdrawPlan(request(), context: bench.centre(withdraw))
    }
    #expect(silent == ["DECISION_REASON_MISSING"])
    plan = try #require(
      try await bench.plans.withdrawPlan(request("另有安排"), context: bench.centre(withdraw)).plan)
    #expect(plan.state == .withdrawn)
    for grid in plan.changes[0].plannedGrids { #expect(try await bench.grid(grid.gridID).grid?.state == .retired) }
    #expect(try await bench.advance(to: "2020-03-02 00:00") == 0)
    // The codes of grids that never came about are free again.
    let again = try await bench.create(bench.split(["a", "c"], ["b", "d"], day: "2020-04-01"), "again")
    #expect(again.state == .draft)
    try await expectSound(bench)
  }

  @Test func `a plan of another township is nobody's business here`() async throws {
    let bench = try await DivisionBench.make()
    let plan = try await bench.create(bench.split(["a", "c"], ["b", "d"]))
    let county = bench.county
    let method = V1.PlanServiceMethods.checkPlan
    for (role, organisation) in [
      (Role.townshipLeader, "town-379922001000"), (.levelClerk, "center-379922001000"),
      (.levelClerk, "community-room-379922200-01"),
    ] {
      let reasons = await county.reasons {
        try await bench.plans.checkPlan(
          .init(requestID: "1", planID: plan.planID, expectedVersion: plan.version),
          context: county.bench.context(method, as: role, of: organisation, person: "person-0106"))
      }
      #expect(reasons == ["JURISDICTION_MISMATCH"], "\(role) of \(organisation)")
    }
    let actions = try await bench.plans.listPlanActions(
      .init(planID: plan.planID),
      context: county.bench.context(
        V1.PlanServiceMethods.listPlanActions, as: .townshipLeader, of: "town-379922001000"))
    #expect(actions.actions.isEmpty)
  }

  @Test func `what one may do comes from the same table, with what stands in the way`() async throws {
    let bench = try await DivisionBench.make()
    let plan = try await bench.create(bench.split(["a", "b"], ["c", "d"]))
    let method = V1.PlanServiceMethods.listPlanActions
    let clerk = try await bench.plans.listPlanActions(.init(planID: plan.planID), context: bench.clerk(method))
    #expect(clerk.actions.map(\.action) == ["edit", "check", "withdraw"])
    let leader = try await bench.plans.listPlanActions(.init(planID: plan.planID), context: bench.leader(method))
    #expect(leader.actions.map(\.action) == ["edit", "check", "submit"])
    #expect(
      leader.actions.last?.unmetReasons == ["HOUSEHOLDS_OUT_OF_RANGE", "UNIT_IN_NO_GRID", "UNIT_IN_TWO_GRIDS"])
  }

  @Test func `a simulation says before and after and keeps nothing`() async throws {
    let bench = try await DivisionBench.make()
    let plan = try await bench.create(bench.split(["a", "c"], ["b", "d"]))
    let system = bench.county.context(V1.InboxServiceMethods.receiveMessages, as: .system)
    _ = try await bench.county.service.inbox.receiveMessages(
      .init(
        messages: (1...3).map { number in
          .init(
            origin: .init(
              source: "dispute", sourceEpoch: "e", seq: Int64(number), eventID: "x\(number)",
              occurTime: .init(seconds: 1), afterSeq: Int64(number - 1)),
            content: .caseHeard(
              .init(caseID: "case-\(number)", gridID: "b17", responsiblePersonID: "p", open: number < 3)))
        }), context: system)
    let lines = try bench.county.journal().count
    let answer = try await bench.plans.simulatePlan(
      .init(planID: plan.planID), context: bench.leader(V1.PlanServiceMethods.simulatePlan))
    #expect(answer.before?.gridCount == 31)
    #expect(answer.after?.gridCount == 32)
    #expect(answer.before?.householdCount == answer.after?.householdCount)
    #expect(answer.openCases.map(\.openCaseCount) == [2])
    #expect(answer.openCases.first?.shares.map(\.openCaseCount) == [1, 1])
    #expect(answer.openCases.first?.estimate == true)
    #expect(!answer.openCasesStale)
    #expect(answer.check?.gaps.map { $0.metadata["unit_id"] } == ["e"])
    #expect(try bench.county.journal().count == lines)
  }

  @Test func `G04: an oversized grid takes effect with its written reason, approved by name`() async throws {
    let bench = try await DivisionBench.make()
    var plan = try await bench.create(bench.split(["a", "b"], ["c", "d"]))
    plan.changes.append(bench.mend)
    plan = try await bench.edit(plan)
    let code = plan.changes[0].plannedGrids[1].gridCode
    plan = try await bench.submit(
      plan, exceptions: [.init(rule: "HOUSEHOLDS_OUT_OF_RANGE", gridCode: code, reason: "河道相隔，不宜再分")])
    #expect(plan.check?.sizeBreaches.map(\.excused) == [true])
    plan = try await bench.decide(plan)
    #expect(plan.exceptions.map(\.approverPersonID) == ["person-0010"])
    try await bench.advance(to: "2020-03-01 06:00")
    let grid = try await bench.grid(code).grid
    #expect(grid?.householdCount == 290)
    #expect(grid?.sizeExceptionReason == "河道相隔，不宜再分")
    #expect(grid?.findings.isEmpty == true)
  }

  @Test func `plans are listed newest first, by township and state`() async throws {
    let bench = try await DivisionBench.make()
    for number in 1...3 {
      bench.county.bench.clock.advance(by: .minutes(1))
      _ = try await bench.create(bench.split(["a"], ["b"], day: "2020-04-0\(number)"), "c\(number)")
    }
    let context = bench.leader(V1.PlanServiceMethods.listPlans)
    let first = try await bench.plans.listPlans(.init(pageSize: 2), context: context)
    #expect(first.plans.map(\.effectiveDate) == ["2020-04-03", "2020-04-02"])
    let rest = try await bench.plans.listPlans(.init(pageSize: 2, pageToken: first.nextPageToken), context: context)
    #expect(rest.plans.map(\.effectiveDate) == ["2020-04-01"])
    for (township, state, count) in [
      (DivisionBench.township, V1.DivisionPlan.State.draft, 3), ("379922001000", .draft, 0), ("", .effective, 0),
      (DivisionBench.township, .unspecified, 3),
    ] {
      let found = try await bench.plans.listPlans(.init(townshipCode: township, state: state), context: context)
      #expect(found.plans.count == count)
    }
  }

  private func gridCount(_ bench: DivisionBench) async throws -> Int64 {
    try await bench.county.service.grids.countGrids(
      .init(), context: bench.leader(V1.GridServiceMethods.countGrids)
    ).totalCount
  }

  private func refusal(_ body: () async throws -> some Any) async -> [Reason] {
    do {
      _ = try await body()
      return []
    } catch {
      return (error as? any Refusal)?.reasons ?? []
    }
  }

  private func expectSound(_ bench: DivisionBench) async throws {
    let verified = try await Journal(.testing).verify(in: bench.county.bench.database)
    #expect(verified.firstBrokenSeq == nil)
    let (folded, stored) = (try bench.county.folded(), try bench.county.stored())
    #expect(folded.grids == stored.grids)
    #expect(folded.units == stored.units)
    #expect(folded.plans == stored.plans)
  }
}
