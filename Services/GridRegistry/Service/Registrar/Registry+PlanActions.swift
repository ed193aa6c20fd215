import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Lifecycle
import Persistence

extension Registry {
  /// What somebody who plays `parts` could do with a plan now, each action with what still stands in its way. The same table
  /// decides the commands.
  func actions(
    on plan: DivisionPlan, as parts: Set<DivisionPlan.Part>, by actor: Actor, at now: Timestamp,
    in reading: some Reading
  ) throws -> [(action: DivisionPlan.Action, unmet: [Reason])] {
    let today = CivilDate(now)
    var step = DivisionPlan.Step(
      plan: plan, content: plan.content, township: plan.townshipCode, actorID: actor.personID, today: today)
    if plan.state == .draft {
      let base = try divisionBase(
        of: plan.content, plan: plan.id, township: plan.townshipCode,
        on: max(plan.content.effectiveDay ?? today, today),
        staleCases: false, in: reading)
      step.check = plan.outcome(of: plan.content, on: base).check(at: now)
    }
    if plan.state == .submitted {
      step.takenCodes = try plan.content.plannedGrids.map(\.code).filter { code in
        try grids.find(code: code, in: reading).map { !$0.wasDropped } ?? false
      }
    }
    return DivisionPlan.lifecycle.actions(from: plan.state, as: parts, on: step)
  }
}
