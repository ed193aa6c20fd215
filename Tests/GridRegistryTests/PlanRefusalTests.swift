import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryService
import Kernel
import RPC
import Runtime
import TestSupport
import Testing

/// Bad input to every RPC of grids, plans and coverage: the documented reason, and nothing changed.
@Suite struct PlanRefusalTests {
  typealias V1 = GridRegistryV1

  /// A call that is refused, and why.
  private struct Attempt {
    let name: String
    let expected: [String]
    let call: (DivisionBench, V1.DivisionPlan) async throws -> Any
  }

  private static let long = String(repeating: "长", count: 201)

  private static func reads() -> [Attempt] {
    typealias Grid = V1.GridServiceMethods
    typealias Coverage = V1.CoverageServiceMethods
    func grids(
      _ name: String, _ expected: [String],
      _ call: @escaping (any V1.GridService, DivisionBench) async throws -> Any
    ) -> Attempt {
      .init(name: name, expected: expected) { bench, _ in try await call(bench.county.service.grids, bench) }
    }
    func coverage(
      _ name: String, _ expected: [String],
      _ call: @escaping (any V1.CoverageService, DivisionBench) async throws -> Any
    ) -> Attempt {
      .init(name: name, expected: expected) { bench, _ in try await call(bench.county.service.coverage, bench) }
    }
    return [
      grids("GetGrid of nobody", ["GRID_NOT_FOUND"]) {
        try await $0.getGrid(.init(gridID: "nobody"), context: $1.leader(Grid.getGrid))
      },
      grids("GetGrid on no day", ["DATE_INVALID"]) {
        try await $0.getGrid(.init(gridID: "b17", asOfDate: "2020-02-30"), context: $1.leader(Grid.getGrid))
      },
      grids("ListGrids, page", ["PAGE_SIZE_INVALID"]) {
        try await $0.listGrids(.init(pageSize: 501), context: $1.leader(Grid.listGrids))
      },
      grids("ListGrids, township", ["AREA_CODE_INVALID"]) {
        try await $0.listGrids(.init(townshipCode: "37"), context: $1.leader(Grid.listGrids))
      },
      grids("ListGrids, state on a day", ["GRID_STATE_AS_OF"]) {
        try await $0.listGrids(.init(state: .active, asOfDate: "2020-01-01"), context: $1.leader(Grid.listGrids))
      },
      grids("CountGrids", ["DATE_INVALID"]) {
        try await $0.countGrids(.init(historyFromDate: "soon"), context: $1.leader(Grid.countGrids))
      },
      grids("LocateGrid, nothing", ["LOCATION_MISSING"]) {
        try await $0.locateGrid(.init(), context: $1.leader(Grid.locateGrid))
      },
      grids("LocateGrid, two things", ["LOCATION_MISSING"]) {
        try await $0.locateGrid(.init(unitID: "a", address: "b"), context: $1.leader(Grid.locateGrid))
      },
      grids("LocateGrid, long", ["ADDRESS_TOO_LONG"]) {
        try await $0.locateGrid(.init(address: long), context: $1.leader(Grid.locateGrid))
      },
      grids("LocateGrid, off the earth", ["POINT_INVALID"]) {
        try await $0.locateGrid(.init(point: .init(latitude: 91, longitude: 0)), context: $1.leader(Grid.locateGrid))
      },
      grids("GetLineage", ["GRID_NOT_FOUND"]) {
        try await $0.getLineage(.init(gridID: ""), context: $1.leader(Grid.getLineage))
      },
      grids("ImportGrids, no source", ["SOURCE_MISSING"]) {
        try await $0.importGrids(.init(), context: $1.centre(Grid.importGrids))
      },
      grids("ImportGrids, too many units", ["BATCH_SIZE_INVALID"]) {
        try await $0.importGrids(
          .init(source: "s", unitRows: Array(repeating: .init(), count: 2_001)), context: $1.centre(Grid.importGrids))
      },
      coverage("GetCoverageReport, township", ["AREA_CODE_INVALID"]) {
        try await $0.getCoverageReport(.init(townshipCode: "x"), context: $1.leader(Coverage.getCoverageReport))
      },
      coverage("GetCoverageReport, day", ["DATE_INVALID"]) {
        try await $0.getCoverageReport(.init(asOfDate: "1.3.2020"), context: $1.leader(Coverage.getCoverageReport))
      },
      coverage("GetUnit", ["UNIT_NOT_FOUND"]) {
        try await $0.getUnit(.init(unitID: "nobody"), context: $1.leader(Coverage.getUnit))
      },
      coverage("ListUnits", ["PAGE_SIZE_INVALID"]) {
        try await $0.listUnits(.init(pageSize: -1), context: $1.leader(Coverage.listUnits))
      },
    ]
  }

  private static func plans() -> [Attempt] {
    typealias M = V1.PlanServiceMethods
    func attempt(
      _ name: String, _ expected: [String],
      _ call: @escaping (DivisionBench, V1.DivisionPlan) async throws -> Any
    ) -> Attempt { .init(name: name, expected: expected, call: call) }
    func create(
      _ name: String, _ expected: [String], _ change: @escaping (inout V1.CreatePlanRequest) -> Void
    ) -> Attempt {
      attempt(name, expected) { bench, _ in
        var request = V1.CreatePlanRequest(requestID: name, plan: bench.split(["a"], ["b"]))
        change(&request)
        return try await bench.plans.createPlan(request, context: bench.clerk(M.createPlan))
      }
    }
    let stale: [Attempt] = [
      attempt("EditPlan, stale", ["VERSION_CONFLICT"]) { bench, plan in
        try await bench.plans.editPlan(
          .init(requestID: "r", expectedVersion: 9, plan: plan), context: bench.clerk(M.editPlan))
      },
      attempt("CheckPlan, stale", ["VERSION_CONFLICT"]) { bench, plan in
        try await bench.plans.checkPlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: 9), context: bench.clerk(M.checkPlan))
      },
      attempt("SubmitPlan, stale", ["VERSION_CONFLICT"]) { bench, plan in
        try await bench.plans.submitPlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: 9), context: bench.leader(M.submitPlan))
      },
      attempt("DecidePlan, stale", ["VERSION_CONFLICT"]) { bench, plan in
        try await bench.plans.decidePlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: 9, decision: .approve),
          context: bench.centre(M.decidePlan))
      },
      attempt("WithdrawPlan, stale", ["VERSION_CONFLICT"]) { bench, plan in
        try await bench.plans.withdrawPlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: 9), context: bench.clerk(M.withdrawPlan))
      },
      attempt("ReworkPlan, stale", ["VERSION_CONFLICT"]) { bench, plan in
        try await bench.plans.reworkPlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: 9), context: bench.clerk(M.reworkPlan))
      },
    ]
    let unknown: [Attempt] = [
      attempt("EditPlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.editPlan(.init(requestID: "r"), context: bench.clerk(M.editPlan))
      },
      attempt("CheckPlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.checkPlan(.init(requestID: "r", planID: "x"), context: bench.clerk(M.checkPlan))
      },
      attempt("SubmitPlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.submitPlan(.init(requestID: "r", planID: "x"), context: bench.leader(M.submitPlan))
      },
      attempt("DecidePlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.decidePlan(
          .init(requestID: "r", planID: "x", decision: .approve), context: bench.centre(M.decidePlan))
      },
      attempt("DecidePlan, undecided", ["DECISION_MISSING"]) { bench, plan in
        try await bench.plans.decidePlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: plan.version),
          context: bench.centre(M.decidePlan))
      },
      attempt("WithdrawPlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.withdrawPlan(.init(requestID: "r", planID: "x"), context: bench.clerk(M.withdrawPlan))
      },
      attempt("ReworkPlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.reworkPlan(.init(requestID: "r", planID: "x"), context: bench.clerk(M.reworkPlan))
      },
      attempt("SimulatePlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.simulatePlan(.init(planID: "x"), context: bench.clerk(M.simulatePlan))
      },
      attempt("GetPlan, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.getPlan(.init(), context: bench.clerk(M.getPlan))
      },
      attempt("ListPlanActions, unknown", ["PLAN_NOT_FOUND"]) { bench, _ in
        try await bench.plans.listPlanActions(.init(), context: bench.clerk(M.listPlanActions))
      },
      attempt("ListPlans, page", ["PAGE_SIZE_INVALID"]) { bench, _ in
        try await bench.plans.listPlans(.init(pageSize: 501), context: bench.clerk(M.listPlans))
      },
      attempt("ListPlans, township", ["AREA_CODE_INVALID"]) { bench, _ in
        try await bench.plans.listPlans(.init(townshipCode: "?"), context: bench.clerk(M.listPlans))
      },
    ]
    return stale + unknown + [
      create("CreatePlan, no request id", ["REQUEST_ID_MISSING"]) { $0.requestID = "" },
      create(
        "CreatePlan, title, date, change, exception",
        [
          "PLAN_TITLE_MISSING", "DATE_INVALID", "PLAN_CHANGE_INVALID", "PLAN_EXCEPTION_INVALID",
        ]
      ) {
        $0.plan?.title = " "
        $0.plan?.effectiveDate = "2020-13-01"
        $0.plan?.changes = [.init(kind: .unrecognized(77))]
        $0.plan?.exceptions = [.init(rule: "UNIT_IN_TWO_GRIDS", gridCode: "x", reason: "y")]
      },
      create("CreatePlan, elsewhere", ["JURISDICTION_MISMATCH"]) { $0.plan?.townshipCode = "379922001000" },
      create("CreatePlan, nothing", ["JURISDICTION_MISMATCH"]) { $0.plan = nil },
      create("CreatePlan, id", ["ID_INVALID"]) { $0.plan?.planID = "a/b" },
      create("CreatePlan, id taken", ["PLAN_ID_TAKEN"]) { $0.plan?.planID = "known" },
      create("CreatePlan, grid's id taken", ["GRID_ID_TAKEN"]) { $0.plan?.changes[0].plannedGrids[0].gridID = "b17" },
      create("CreatePlan, too large", ["PLAN_TOO_LARGE"]) {
        $0.plan?.changes = Array(repeating: .init(kind: .retire, gridIDs: ["b17"]), count: 501)
      },
      attempt("CreatePlan, no township", ["TOWNSHIP_NOT_FOUND"]) { bench, _ in
        var plan = bench.split(["a"], ["b"])
        plan.townshipCode = "379922999000"
        return try await bench.plans.createPlan(
          .init(requestID: "r", plan: plan), context: bench.centre(M.createPlan))
      },
      attempt("CreatePlan, another body", ["IDEMPOTENCY_MISMATCH"]) { bench, _ in
        try await bench.plans.createPlan(
          .init(requestID: "known", plan: bench.split(["c"], ["d"])), context: bench.clerk(M.createPlan))
      },
      attempt("DecidePlan, a draft", ["ILLEGAL_TRANSITION"]) { bench, plan in
        try await bench.decide(plan)
      },
      attempt("ReworkPlan, a draft", ["ILLEGAL_TRANSITION"]) { bench, plan in
        try await bench.plans.reworkPlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: plan.version), context: bench.clerk(M.reworkPlan))
      },
      attempt("WithdrawPlan, not its author", ["NOT_YOUR_ROLE"]) { bench, plan in
        try await bench.plans.withdrawPlan(
          .init(requestID: "r", planID: plan.planID, expectedVersion: plan.version),
          context: bench.leader(M.withdrawPlan))
      },
    ]
  }

  @Test func `every RPC refuses bad input with its reason and changes nothing`() async throws {
    let bench = try await DivisionBench.make()
    var content = bench.split(["a", "b"], ["c", "d"])
    content.planID = "known"
    let plan = try await bench.create(content, "known")
    let lines = try bench.county.journal().count
    let attempts = Self.reads() + Self.plans()
    for attempt in attempts {
      let reasons = await bench.county.reasons { try await attempt.call(bench, plan) }
      #expect(reasons == attempt.expected, "\(attempt.name)")
    }
    #expect(try bench.county.journal().count == lines)
    #expect(try await bench.plan("known") == plan)
    // Every RPC of the three services is among them.
    let tried = Set(attempts.map { $0.name.prefix { $0 != "," && $0 != " " } })
    let methods = V1.accessRules.keys.filter { path in
      ["PlanService", "CoverageService"].contains { path.contains("v1.\($0)/") }
    }.compactMap { $0.split(separator: "/").last }
    #expect(Set(methods).subtracting(tried).isEmpty)
  }

  @Test(arguments: Role.allCases) func `who may call what at all`(role: Role) throws {
    let writers: [String: Set<Role>] = [
      "CreatePlan": [.levelClerk, .townshipLeader, .gridCentre],
      "EditPlan": [.levelClerk, .townshipLeader, .gridCentre],
      "CheckPlan": [.levelClerk, .townshipLeader, .gridCentre], "SubmitPlan": [.townshipLeader],
      "DecidePlan": [.gridCentre], "WithdrawPlan": [.levelClerk, .townshipLeader, .gridCentre],
      "ReworkPlan": [.levelClerk, .townshipLeader, .gridCentre],
    ]
    let actor = Actor(personID: "p", organisationID: "o", role: role, countyCode: "379922000000")
    for (path, rule) in V1.accessRules where path.contains("PlanService/") || path.contains("CoverageService/") {
      let name = String(path.split(separator: "/").last ?? "")
      let isAllowed = (try? rule.permit(actor)) != nil
      #expect(isAllowed == (writers[name]?.contains(role) ?? true), "\(name) as \(role)")
    }
  }
}
