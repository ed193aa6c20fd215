import Wire
import DisputeContract
import PerformanceEvaluationContract

// Whatever dispute says about a case, performance-evaluation hears as a CaseFact.

extension Translation where Message == PerformanceEvaluationV1.Message {
  /// performance-evaluation: the facts that K01, K03, K04, K06 and the handling time are counted from.
  static let caseFact = Translation(
    of: "case.reported", "case.self_handled", "case.accepted", "case.started", "escalation.submitted", "case.raised",
    "escalation.received", "escalation.returned", "escalation.retracted", "case.analysed", "case.determined",
    "case.routed_here", "case.agency_awaited", "case.call_awaited", "case.call_solved", "case.agency_done",
    "case.settled", "case.call_came_back", "case.agency_failed", "case.fell_back", "case.closed", "case.withdrawn",
    "case.terminated", "case.clocks_rederived", "case.rejected", "case.reconsidered", "case.merged", "case.unmerged",
    "case.located", "case.classified", "case.flagged", "case.suspended", "case.resumed", "case.returned_down",
    "case.routed_industry", "case.joint_started", "case.reanalysed", "case.reopened"
  ) { event throws(WireError) in
    let change = try DisputeV1.CaseEvent(event)
    guard let facts = change.facts, let kind = change.factKind else { return nil }
    var fact = PerformanceEvaluationV1.CaseFact(
      change: kind, caseID: facts.caseID, number: facts.number, townshipCode: facts.townshipCode, gridID: facts.gridID,
      level: .init(rawValue: facts.level.rawValue), handlingOrgID: facts.handlingOrgID,
      discovery: .init(rawValue: facts.discovery.rawValue), category: facts.category, importSource: facts.importSource,
      reportTime: facts.reportTime, dueTime: facts.dueTime,
      verdict: .init(facts.determination?.verdict ?? .unspecified),
      itemCode: facts.determination?.itemCode ?? "")
    if case .closed(let closed) = change.event {
      fact.closing = .init(
        closeTime: closed.closeTime, onTime: closed.onTime, result: closed.result,
        resolvingLevel: .init(rawValue: closed.resolvingLevel.rawValue))
    }
    return .caseFact(fact)
  }
}

extension DisputeV1.CaseEvent {
  fileprivate var factKind: PerformanceEvaluationV1.CaseFact.Change? {
    switch event {
    case .reported: .reported
    case .selfHandled, .accepted, .escalationReceived: .taken
    case .closed: .closed
    case .withdrawn: .withdrawn
    case .terminated: .terminated
    case .determined: .determined
    case .rejected: .rejected
    case .merged: .merged
    case .located: .located
    case .reopened, .unmerged, .reconsidered: .reopened
    case .repointed: nil
    case nil where clockChanges.isEmpty: nil
    default: .moved
    }
  }
}

extension PerformanceEvaluationV1.Verdict {
  fileprivate init(_ verdict: DisputeV1.DeterminationRef.Verdict) {
    self =
      switch verdict {
      case .`self`: .`self`
      case .agency: .agency
      case .call: .call
      case .ambiguous: .ambiguous
      case .offList: .offList
      case .unspecified, .unrecognized: .unspecified
      }
  }
}
