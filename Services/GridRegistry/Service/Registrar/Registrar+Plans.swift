import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import Runtime
import Wire

extension Registrar {
  /// The plan of an id.
  func plan(_ id: String) throws -> DivisionPlan { try registry.plan(id, in: tx) }

  /// Opens a plan.
  func draft(
    _ content: DivisionPlan.Content, id wanted: String, township: String
  ) throws -> DivisionPlan {
    guard !content.isTooLarge else { throw Refused(.invalidArgument, .planTooLarge) }
    let id = DivisionPlan.ID(try id(wanted))
    guard try registry.plans.load(id, in: tx) == nil else {
      throw Refused(.alreadyExists, .planIDTaken.at("plan.plan_id"))
    }
    let organisation = try organisation
    let township = AreaCode(township)
    let step = DivisionPlan.Step(
      plan: nil, content: try complete(content, township), township: township,
      townshipIsKnown: try township.flatMap { try registry.organisations.findTownship($0, in: tx) } != nil,
      actorID: command.actor.personID, today: CivilDate(command.now))
    let parts = DivisionPlan.Part.parts(of: command.actor, in: organisation, township: township, author: nil)
    let event = try DivisionPlan.draft(
      id, step, by: command.actor, of: organisation, as: parts, at: command.now)
    return try keep(event)
  }

  /// Carries out a person's command on a plan.
  func carryOut(
    _ wish: DivisionPlan.Command, onPlan id: String, expected: UInt64
  ) throws -> DivisionPlan {
    let plan = try plan(id)
    let parts = try registry.parts(of: command.actor, towards: plan, in: tx)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Self.check(expected, against: plan.version)
    if case .edit(let content) = wish, content.isTooLarge { throw Refused(.invalidArgument, .planTooLarge) }
    var step = try step(for: wish, on: plan)
    if case .edit = wish { step.content = try complete(step.content, plan.townshipCode, of: plan) }
    let event = try plan.decide(wish, step, as: parts, at: command.now)
    if wish == .approve { try planGrids(of: event.plan) }
    if case .withdraw = wish, plan.state == .approved { try dropGrids(of: plan) }
    return try keep(event)
  }

  /// What the guards ask about.
  private func step(for wish: DivisionPlan.Command, on plan: DivisionPlan) throws -> DivisionPlan.Step {
    var step = DivisionPlan.Step(
      plan: plan, content: plan.content(for: wish), township: plan.townshipCode, actorID: command.actor.personID,
      reason: wish.reason, today: CivilDate(command.now))
    if wish.needsCheck {
      let day = step.content.effectiveDay ?? step.today
      let base = try registry.divisionBase(
        of: step.content, plan: plan.id, township: plan.townshipCode, on: max(day, step.today),
        staleCases: caseCountsAreStale, in: tx)
      step.check = plan.outcome(of: step.content, on: base).check(at: command.now)
    }
    if wish == .approve {
      step.takenCodes = try plan.content.plannedGrids.map(\.code).filter { code in
        try registry.grids.find(code: code, in: tx).map { !$0.wasDropped } ?? false
      }
    }
    if wish == .rework { step.content = try renamed(plan.content) }
    return step
  }

  /// Gives planned grids the ids and codes that nobody gave them.
  private func complete(
    _ content: DivisionPlan.Content, _ township: AreaCode?, of plan: DivisionPlan? = nil
  ) throws -> DivisionPlan.Content {
    var content = content
    let own = Set(plan?.content.plannedGrids.map(\.id) ?? [])
    var used = Set(content.plannedGrids.map(\.code))
    // Two drafts at once do not get the same codes.
    if let township, content.plannedGrids.contains(where: \.code.isEmpty) {
      for other in try registry.plans.listOpen(township: township, in: tx) where other.id != plan?.id {
        used.formUnion(other.content.plannedGrids.map(\.code))
      }
    }
    for change in content.changes.indices {
      for index in content.changes[change].plannedGrids.indices {
        var grid = content.changes[change].plannedGrids[index]
        grid.id = Grid.ID(try id(grid.id.text))
        if !own.contains(grid.id), try registry.grids.load(grid.id, in: tx) != nil {
          throw Refused(.alreadyExists, .gridIDTaken.at("plan.changes[\(change)].planned_grids[\(index)].grid_id"))
        }
        if grid.code.isEmpty, let area = AreaCode(grid.areaCode), let kind = grid.kind {
          var number = try registry.grids.lastNumber(area: area, kind: kind, in: tx)
          repeat {
            number += 1
            grid.code = "\(area.text)\(kind.letter)\(padded(number, 3))"
          } while used.contains(grid.code)
          used.insert(grid.code)
        }
        content.changes[change].plannedGrids[index] = grid
      }
    }
    return content
  }

  /// The same plan with new ids: the old ones belong to grids that never came about.
  private func renamed(_ content: DivisionPlan.Content) throws -> DivisionPlan.Content {
    var content = content
    for change in content.changes.indices {
      for index in content.changes[change].plannedGrids.indices {
        content.changes[change].plannedGrids[index].id = Grid.ID(try id(""))
      }
    }
    return content
  }

  /// The plan is approved: its grids are in the registry, PLANNED.
  private func planGrids(of plan: DivisionPlan) throws {
    for planned in plan.content.plannedGrids {
      let units = try planned.unitIDs.compactMap { try registry.units.load(.init($0), in: tx)?.summary }
      let facts = Grid.Facts(
        planned, from: plan.content.effectiveDate, households: units.reduce(0) { $0 + $1.households }, units: units)
      _ = try carryOut(.plan, on: planned.id, facts, over: nil) { $0.planID = plan.id }
    }
  }

  /// The plan came to nothing: so did its grids.
  func dropGrids(of plan: DivisionPlan) throws {
    for grid in try registry.grids.list(plan: plan.id, in: tx) where grid.state == .planned {
      let entry = try carryOut(.drop, on: grid.id, grid.facts, over: grid)
      try unstaff(entry.record)
    }
  }

  /// Saves and journals what happened to a plan.
  @discardableResult
  func keep(_ event: DivisionPlan.Event) throws -> DivisionPlan {
    let plan = event.plan
    try registry.plans.save(plan, in: tx)
    try record(event.name, "plan", plan.id.text, plan.version, GridRegistryV1.PlanEvent(event).encoded())
    return plan
  }

  private var organisation: Organisation? {
    get throws { try registry.organisations.load(.init(command.actor.organisationID), in: tx) }
  }
}

extension Registry {
  /// The plan of an id.
  func plan(_ id: String, in reading: some Reading) throws -> DivisionPlan {
    guard let plan = try plans.load(.init(id), in: reading) else {
      throw Refused(.notFound, .planNotFound.at("plan_id"))
    }
    return plan
  }

  /// The parts that somebody plays towards a plan.
  func parts(
    of actor: Actor, towards plan: DivisionPlan, in reading: some Reading
  ) throws -> Set<DivisionPlan.Part> {
    DivisionPlan.Part.parts(
      of: actor, in: try organisations.load(.init(actor.organisationID), in: reading), township: plan.townshipCode,
      author: plan.authorID)
  }
}

extension DivisionPlan.Event {
  fileprivate var name: String {
    switch happening {
    case .drafted: "plan.drafted"
    case .edited: "plan.edited"
    case .checked: "plan.checked"
    case .submitted: "plan.submitted"
    case .rejected: "plan.rejected"
    case .approved: "plan.approved"
    case .tookEffect: "plan.effective"
    case .blocked: "plan.blocked"
    case .reworked: "plan.reworked"
    case .withdrawn: "plan.withdrawn"
    }
  }
}
