package import DispatchContract
package import DispatchDomain
package import Kernel
import WireTypes
import WorkClock

extension DispatchV1.CoordinationFacts {
  init(_ task: CoordinationTask) {
    self.init(
      taskID: task.id.text, state: .init(task.state), townshipOrgID: task.townshipOrgID,
      townshipCode: task.townshipCode, agencyOrgID: task.agencyOrgID, agencyType: task.agencyType,
      itemCode: task.itemCode, determinationID: task.determinationID, caseID: task.caseID,
      importSource: task.importSource, externalRef: task.externalRef)
  }
}

extension DispatchV1.CoordinationEvent {
  /// `event`, after which the task is `task`.
  init(_ event: CoordinationTask.Event, after task: CoordinationTask, in calendar: WorkCalendar) {
    self.init(facts: .init(task), event: nil)
    switch event {
    case .requested(let task):
      let due = task.clock.dueTime(in: calendar) ?? task.requestTime
      self.event = .requested(
        .init(
          ask: .init(task.ask), clock: .init(StartedClock(clock: task.clock, dueTime: due)),
          graceDueTime: .init(task.graceDueTime)))
    case .accepted: self.event = .accepted(.init())
    case .done(let result, let clock): self.event = .done(.init(result: .init(result), clock: .init(clock)))
    case .unable(let reason, let basis, let clock):
      self.event = .unable(.init(unableReason: .init(reason), basis: .init(basis), clock: .init(clock)))
    case .overdue: self.event = .overdue(.init())
    case .clockRederived(let change, let grace):
      self.event = .clockRederived(.init(clock: .init(change), graceDueTime: .init(grace)))
    }
  }

  /// The domain's event that this payload, written at `time`, stands for; `nil`: not what was written.
  package func domain(at time: Timestamp) -> CoordinationTask.Event? {
    switch event {
    case .requested(let payload): return facts?.task(payload, at: time).map { .requested($0) }
    case .accepted: return .accepted(at: time)
    case .done(let payload):
      guard let result = payload.result?.domain, let clock = payload.clock?.domain else { return nil }
      return .done(result, clock)
    case .unable(let payload):
      guard let reason = payload.unableReason.named(CoordinationTask.UnableReason.self),
        let basis = payload.basis?.domain, let clock = payload.clock?.domain
      else { return nil }
      return .unable(reason, basis: basis, clock)
    case .overdue: return .overdue(at: time)
    case .clockRederived(let payload):
      guard let change = payload.clock?.domain, let grace = payload.graceDueTime?.kernel else { return nil }
      return .clockRederived(change, graceDueTime: grace)
    case nil: return nil
    }
  }
}

extension DispatchV1.CoordinationFacts {
  fileprivate func task(_ payload: DispatchV1.CoordinationRequested, at time: Timestamp) -> CoordinationTask? {
    guard let ask = payload.ask?.domain, let clock = payload.clock?.domain, let grace = payload.graceDueTime?.kernel
    else { return nil }
    return CoordinationTask(
      id: ID(taskID), version: 1, state: .requested, townshipOrgID: townshipOrgID, townshipCode: townshipCode,
      agencyOrgID: agencyOrgID, agencyType: agencyType, itemCode: itemCode, determinationID: determinationID,
      caseID: caseID, ask: ask, requestTime: time, clock: clock.clock, graceDueTime: grace,
      importSource: importSource, externalRef: externalRef)
  }
}
