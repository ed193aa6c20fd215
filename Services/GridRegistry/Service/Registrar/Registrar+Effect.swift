import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import Runtime

extension Registrar {
  /// What became of a plan whose day has come.
  enum Effect: Hashable, Sendable {
    case inEffect
    case blocked
    /// Nobody knows how many cases are open: it waits.
    case waiting
    /// It is no longer approved, or its day is not there.
    case nothing
  }

  /// Looks at an approved plan on its day: checks it against the registry as it stands now, and carries it out or blocks it.
  func takeEffect(_ id: DivisionPlan.ID) throws -> Effect {
    guard let plan = try registry.plans.load(id, in: tx), plan.state == .approved,
      let day = plan.content.effectiveDay, day <= CivilDate(command.recordTime)
    else { return .nothing }
    if caseCountsAreStale, plan.content.changes.contains(where: { $0.kind == .retire }) { return .waiting }
    let base = try registry.divisionBase(
      of: plan.content, plan: plan.id, township: plan.townshipCode, on: day, staleCases: caseCountsAreStale, in: tx)
    let outcome = plan.outcome(of: plan.content, on: base)
    // In effect from 00:00 of the day; never before the plan was approved.
    let legal = Registrar(at: max(day.instant(), plan.decideTime ?? day.instant()), self)
    var check = outcome.check(at: legal.command.now)
    check.faults += outcome.retirementFaults
    let step = DivisionPlan.Step(
      plan: plan, content: plan.content, township: plan.townshipCode, actorID: command.actor.personID,
      today: CivilDate(command.recordTime), check: check)
    let event = try plan.decide(check.passes ? .effect : .block, step, as: [.system], at: legal.command.now)
    if check.passes {
      try legal.carryOut(outcome, of: plan, on: day, base)
    } else {
      try legal.dropGrids(of: plan)
    }
    try legal.keep(event)
    return check.passes ? .inEffect : .blocked
  }

  /// Retires a changed grid whose time of being looked up as such is over. Whether it did.
  func archive(_ id: Grid.ID) throws -> Bool {
    guard let grid = try registry.grids.load(id, in: tx), grid.state == .changed else { return false }
    return try carryOut(.archive, on: id, grid.facts, over: grid) {
      $0.course.lineageIsWritten = !grid.successors.isEmpty
    }.isChanged
  }

  private func carryOut(
    _ outcome: DivisionPlan.Outcome, of plan: DivisionPlan, on day: CivilDate, _ base: DivisionPlan.Base
  ) throws {
    for (id, ending) in outcome.ended.sorted(by: { $0.key < $1.key }) { try end(id, ending, of: plan, on: day) }
    for (id, part) in outcome.kept { try registry.grids.saveUnits(part.units, of: id, in: tx) }
    for planned in plan.content.plannedGrids { try make(planned, outcome, plan) }
    for id in Set(outcome.left.keys).union(outcome.entered.keys).sorted() {
      guard let known = base.units[id] else { continue }
      var unit = known
      for grid in outcome.left[id] ?? [] { unit.leave(grid, on: day) }
      for grid in (outcome.entered[id] ?? []).sorted() { unit.enter(grid, on: day) }
      try keep(CoverageUnit.decide(from: known, to: unit))
    }
    // Grids that stay: with their new units, or relieved of what they shared with others.
    let shared = Set(outcome.left.keys).union(outcome.entered.keys).flatMap { base.units[$0]?.grids(on: day) ?? [] }
    for id in Set(outcome.kept.keys).union(shared).sorted() where outcome.ended[id] == nil {
      guard let grid = base.grids[id], grid.state == .active else { continue }
      var facts = grid.facts
      if let part = outcome.kept[id] {
        facts.households = part.households
        facts.naturalVillages = part.naturalVillages
        facts.units = part.units
        facts.sizeExceptionReason = plan.content.exception(for: facts.code) ?? facts.sizeExceptionReason
      }
      _ = try carryOut(.moveUnits, on: id, facts, over: grid)
    }
  }

  private func end(
    _ id: Grid.ID, _ ending: DivisionPlan.Outcome.Ending, of plan: DivisionPlan, on day: CivilDate
  ) throws {
    guard let grid = try registry.grids.load(id, in: tx) else { return }
    let wish: Grid.Command =
      ending.kind == .retire
      ? .retire(day: day) : .change(successors: ending.successors, day: day, kind: ending.kind.rawValue)
    for successor in ending.successors {
      try link([id], to: successor, kind: ending.kind.rawValue, on: day, plan: plan.id.text)
    }
    let entry = try carryOut(wish, on: id, grid.facts, over: grid) {
      $0.course.hasSuccessors = !ending.successors.isEmpty
    }
    try unstaff(entry.record)
  }

  private func make(
    _ planned: DivisionPlan.PlannedGrid, _ outcome: DivisionPlan.Outcome, _ plan: DivisionPlan
  ) throws {
    guard let grid = try registry.grids.load(planned.id, in: tx), let part = outcome.made[planned.id] else { return }
    var facts = grid.facts
    facts.households = part.households
    facts.naturalVillages = part.naturalVillages
    facts.units = part.units
    facts.sizeExceptionReason = plan.content.exception(for: facts.code) ?? ""
    try staff(grid)
    _ = try carryOut(.takeEffect, on: grid.id, facts, over: grid) {
      $0.predecessors = outcome.origins[planned.id]?.sorted() ?? []
      $0.course.isStaffedOrVacant = try isStaffedOrVacant(grid.id)
    }
  }
}

extension DivisionPlan.Content {
  /// Why the grid may be of another size than the rule says.
  fileprivate func exception(for code: String) -> String? { exceptions.first { $0.gridCode == code }?.reason }
}
