import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import RPC
import Wire

/// Division plans.
struct PlanHandlers: GridRegistryV1.PlanService {
  let shell: GridRegistryShell

  func createPlan(
    _ request: GridRegistryV1.CreatePlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CreatePlanResponse {
    let message = request.plan ?? .init()
    return try await shell.perform(request, request.requestID, context) {
      .init(plan: .init(try $0.draft(.init(message), id: message.planID, township: message.townshipCode)))
    }
  }

  func editPlan(
    _ request: GridRegistryV1.EditPlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.EditPlanResponse {
    let message = request.plan ?? .init()
    return try await shell.perform(request, request.requestID, context) {
      .init(
        plan: .init(
          try $0.carryOut(.edit(.init(message)), onPlan: message.planID, expected: request.expectedVersion)))
    }
  }

  func checkPlan(
    _ request: GridRegistryV1.CheckPlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CheckPlanResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(plan: .init(try $0.carryOut(.check, onPlan: request.planID, expected: request.expectedVersion)))
    }
  }

  func submitPlan(
    _ request: GridRegistryV1.SubmitPlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.SubmitPlanResponse {
    try await shell.perform(request, request.requestID, context) {
      var exceptions = request.exceptions.map { DivisionPlan.Exception($0) }
      for index in exceptions.indices { exceptions[index].approverID = "" }
      return .init(
        plan: .init(
          try $0.carryOut(
            .submit(exceptions: exceptions), onPlan: request.planID, expected: request.expectedVersion)))
    }
  }

  func decidePlan(
    _ request: GridRegistryV1.DecidePlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.DecidePlanResponse {
    let wish: DivisionPlan.Command =
      switch request.decision {
      case .approve: .approve
      case .reject: .reject(reason: request.reason)
      case .unspecified, .unrecognized: throw Refused(.invalidArgument, .decisionMissing.at("decision"))
      }
    return try await shell.perform(request, request.requestID, context) {
      .init(plan: .init(try $0.carryOut(wish, onPlan: request.planID, expected: request.expectedVersion)))
    }
  }

  func withdrawPlan(
    _ request: GridRegistryV1.WithdrawPlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.WithdrawPlanResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(
        plan: .init(
          try $0.carryOut(
            .withdraw(reason: request.reason), onPlan: request.planID, expected: request.expectedVersion)))
    }
  }

  func reworkPlan(
    _ request: GridRegistryV1.ReworkPlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ReworkPlanResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(plan: .init(try $0.carryOut(.rework, onPlan: request.planID, expected: request.expectedVersion)))
    }
  }

  func getPlan(
    _ request: GridRegistryV1.GetPlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetPlanResponse {
    try shell.readInline(context) { registry, reading in
      .init(plan: .init(try registry.plan(request.planID, in: reading)))
    }
  }

  func listPlans(
    _ request: GridRegistryV1.ListPlansRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListPlansResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let plans = try registry.plans.list(
        township: township, state: request.state.word(prefix: "STATE_"), before: PlanMark.mark(page.after),
        limit: page.limit, in: reading)
      return .init(plans: plans.map { .init($0) }, nextPageToken: page.next(plans, id: PlanMark.token))
    }
  }

  func listPlanActions(
    _ request: GridRegistryV1.ListPlanActionsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListPlanActionsResponse {
    let actor = try context.actor
    let now = shell.commands.time.now()
    return try await shell.read(context) { registry, reading in
      let plan = try registry.plan(request.planID, in: reading)
      let parts = try registry.parts(of: actor, towards: plan, in: reading)
      guard !parts.isEmpty else { return .init() }
      let actions = try registry.actions(on: plan, as: parts, by: actor, at: now, in: reading)
      return .init(actions: actions.map { .init(action: $0.action.rawValue, unmetReasons: $0.unmet.map(\.code)) })
    }
  }

  func simulatePlan(
    _ request: GridRegistryV1.SimulatePlanRequest, context: ServerContext
  ) async throws -> GridRegistryV1.SimulatePlanResponse {
    let now = shell.commands.time.now()
    let isStale = CaseNews.isStale(shell.caseNews.heardUntil, at: now)
    return try await shell.read(context) { registry, reading in
      let plan = try registry.plan(request.planID, in: reading)
      let day = max(plan.content.effectiveDay ?? CivilDate(now), CivilDate(now))
      let base = try registry.divisionBase(
        of: plan.content, plan: plan.id, township: plan.townshipCode, on: day, staleCases: isStale, in: reading)
      let outcome = plan.outcome(of: plan.content, on: base)
      let picture = outcome.pictures
      return .init(
        before: .init(picture.before), after: .init(picture.after),
        openCases: try outcome.ended.keys.sorted().map { id in
          .init(outcome.estimate(of: id, openCases: try registry.heardCases.openCount(grid: id, in: reading)))
        }, openCasesStale: isStale, check: .init(outcome.check(at: now)))
    }
  }
}

/// Where a page of plans begins: plans are listed by the time they were drafted at, newest first.
private enum PlanMark {
  static func token(_ plan: DivisionPlan) -> String { "\(plan.createTime.microseconds)~\(plan.id.text)" }

  /// A token that is none begins at the newest.
  static func mark(_ token: String) -> (time: Timestamp, id: String) {
    let parts = token.split(separator: "~", maxSplits: 1)
    guard parts.count == 2, let time = Int64(parts[0]) else { return (Timestamp(microseconds: .max), "") }
    return (Timestamp(microseconds: time), String(parts[1]))
  }
}

extension GridRegistryV1.DivisionPicture {
  fileprivate init(_ picture: DivisionPlan.Picture) {
    self.init(
      gridCount: Int64(picture.gridCount), householdCount: Int64(picture.households),
      byType: Grid.Kind.allCases.map { kind in
        .init(
          gridType: .init(kind, prefix: "TYPE_"), gridCount: Int64(picture.grids[kind]?.count ?? 0),
          householdCount: Int64(picture.grids[kind]?.reduce(0, +) ?? 0))
      },
      householdHistogram: picture.bands.map {
        .init(fromCount: Int32($0.from), toCount: Int32($0.to ?? 0), gridCount: Int64($0.count))
      })
  }
}

extension GridRegistryV1.OpenCaseEstimate {
  fileprivate init(_ estimate: DivisionPlan.OpenCaseEstimate) {
    self.init(
      oldGridID: estimate.gridID.text, oldGridCode: estimate.gridCode, openCaseCount: Int64(estimate.openCases),
      shares: estimate.shares.map {
        .init(gridCode: $0.gridCode, householdCount: Int64($0.households), openCaseCount: Int64($0.openCases))
      }, estimate: true)
  }
}
