import Wire
import DispatchContract
import DisputeContract

// When dispatch says that a call was submitted, refused, cancelled or closed, dispute hears CallHeard for the cases it names.

extension Translation where Message == DisputeV1.Message {
  /// dispute: a case that waits for the county learns how it ended.
  static let call = Translation(
    of: "call.submitted", "call.refused", "call.reviewed", "call.cancelled", "call.closed"
  ) { event throws(WireError) in
    let call = try DispatchV1.CallEvent(event)
    guard let facts = call.facts, !facts.caseIDs.isEmpty else { return nil }
    let outcome: DisputeV1.CallHeard.Outcome
    switch call.event {
    case .submitted: outcome = .unspecified
    case .judged, .reviewed:
      guard facts.state == .notAdmitted else { return nil }
      outcome = .notAdmitted
    case .cancelled: outcome = .cancelled
    case .closed(let closed): outcome = closed.outcome == .solved ? .solved : .unsolved
    default: return nil
    }
    var heard = DisputeV1.CallHeard(callID: facts.callID, caseIDs: facts.caseIDs, outcome: outcome)
    if case .submitted(let submitted) = call.event {
      heard.determination = submitted.determination.flatMap(\.reference)
    }
    return .call(heard)
  }
}

extension DispatchV1.DeterminationFinding {
  /// What dispute keeps of it; `nil` where nothing was determined.
  fileprivate var reference: DisputeV1.DeterminationRef? {
    guard !determinationID.isEmpty else { return nil }
    let verdict: DisputeV1.DeterminationRef.Verdict =
      switch self.verdict {
      case .`self`: .`self`
      case .agency: .agency
      case .call: .call
      case .ambiguous: .ambiguous
      case .offList: .offList
      case .unspecified, .unrecognized: .unspecified
      }
    return .init(determinationID: determinationID, verdict: verdict, itemCode: itemCode, listVersion: listVersion)
  }
}
