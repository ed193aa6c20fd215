import Wire
import DispatchContract
import DisputeContract

// When dispatch says that a coordination task was requested, done, declared impossible or left lying, dispute hears CoordinationTaskHeard.

extension Translation where Message == DisputeV1.Message {
  /// dispute: a case that waits for an agency learns how it went.
  static let coordinationTask = Translation(
    of: "coordination.requested", "coordination.done", "coordination.unable", "coordination.overdue"
  ) { event throws(WireError) in
    let task = try DispatchV1.CoordinationEvent(event)
    guard let facts = task.facts, !facts.caseID.isEmpty else { return nil }
    let outcome: DisputeV1.CoordinationTaskHeard.Outcome
    switch task.event {
    case .requested: outcome = .unspecified
    case .done: outcome = .done
    case .unable: outcome = .unable
    case .overdue: outcome = .overdue
    case .accepted, .clockRederived, nil: return nil
    }
    return .task(
      .init(taskID: facts.taskID, caseID: facts.caseID, outcome: outcome, agencyOrgID: facts.agencyOrgID))
  }
}
