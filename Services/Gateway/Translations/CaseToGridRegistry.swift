import DisputeContract
import GridRegistryContract
import Wire

// Whatever dispute says that may open a case, end it, move it to another grid or give it to somebody else, grid-registry hears as
// CaseHeard: it counts open cases by grid and person, and knows nothing else of them.

extension Translation where Message == GridRegistryV1.Message {
  /// grid-registry: whether a grid or a member may be let go.
  static let gridCase = Translation(
    of: "case.reported", "case.self_handled", "case.accepted", "case.assigned", "case.located", "case.started",
    "escalation.submitted", "case.raised", "escalation.received", "escalation.returned", "escalation.retracted",
    "case.analysed", "case.routed_here", "case.settled", "case.fell_back", "case.closed", "case.withdrawn",
    "case.terminated", "case.rejected", "case.reconsidered", "case.merged", "case.unmerged", "case.reopened",
    "case.returned_down", "case.routed_industry", "case.joint_started", "case.flagged"
  ) { event throws(WireError) in
    guard let facts = try DisputeV1.CaseEvent(event).facts else { return nil }
    guard !facts.gridID.isEmpty || !facts.responsiblePersonID.isEmpty else { return nil }
    return .caseHeard(
      .init(
        caseID: facts.caseID, gridID: facts.gridID, responsiblePersonID: facts.responsiblePersonID,
        open: !endings.contains(facts.state.protoName)))
  }

  /// The states in which nobody has anything to do with a case any more.
  private static var endings: Set<String> {
    ["STATE_CLOSED", "STATE_WITHDRAWN", "STATE_TERMINATED", "STATE_REJECTED", "STATE_MERGED"]
  }
}
