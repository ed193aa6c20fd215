import Wire
import DispatchContract
import PerformanceEvaluationContract

// Whatever dispatch says about a call from its submission on, performance-evaluation hears as a CallFact.

extension Translation where Message == PerformanceEvaluationV1.Message {
  /// performance-evaluation: the facts that K09, K10, K12 and K13 are counted from.
  static let callFact = Translation(
    of: "call.submitted", "call.admitted", "call.refused", "call.reviewed", "call.dispatched", "call.signed",
    "call.responded",
    "call.verified", "call.closed", "call.cancelled"
  ) { event throws(WireError) in
    let change = try DispatchV1.CallEvent(event)
    guard let facts = change.facts, let fact = change.fact else { return nil }
    return .callFact(
      .init(
        callID: facts.callID, number: facts.number, townshipCode: facts.townshipCode, itemCode: facts.itemCode,
        mainOrgID: facts.mainOrgID, emergency: facts.kind == .emergency, importSource: facts.importSource, event: fact))
  }
}

extension DispatchV1.CallEvent {
  fileprivate var fact: PerformanceEvaluationV1.CallFact.OneOfEvent? {
    switch event {
    case .submitted: .submitted(.init())
    case .judged(let judged):
      judged.refusedRules.isEmpty
        ? .admitted(.init(responseClock: judged.clocks.response))
        : .refused(.init(refusedRules: judged.refusedRules))
    case .reviewed(let reviewed):
      reviewed.refusedRules.isEmpty ? nil : .refused(.init(refusedRules: reviewed.refusedRules))
    case .dispatched(let dispatched): .dispatched(.init(responseClock: dispatched.clocks.response))
    case .signed(let signed):
      .signed(.init(responseClock: signed.clock.map(PerformanceEvaluationV1.ResponseClock.init)))
    case .responded(let responded): .responded(.init(responded))
    case .verified(let verified):
      .verified(
        .init(
          verdict: .init(rawValue: verified.verdict.rawValue), workRound: verified.workRound,
          responseClock: verified.clock.map(PerformanceEvaluationV1.ResponseClock.init)))
    case .closed(let closed): .closed(.init(outcome: .init(rawValue: closed.outcome.rawValue)))
    case .cancelled: .cancelled(.init())
    default: nil
    }
  }
}

extension [DispatchV1.ClockStart] {
  /// Of the clocks that start, the department's time to respond.
  fileprivate var response: PerformanceEvaluationV1.ResponseClock? {
    first { $0.clockKind == "RESPOND" }.map(PerformanceEvaluationV1.ResponseClock.init)
  }
}

extension PerformanceEvaluationV1.ResponseClock {
  fileprivate init(_ clock: DispatchV1.ClockStart) { self.init(round: clock.round, dueTime: clock.dueTime) }
}

extension PerformanceEvaluationV1.CallRespondedFact {
  fileprivate init(_ responded: DispatchV1.CallResponded) {
    self.init(
      round: responded.respond?.round ?? 0, onTime: responded.respond?.onTime ?? false,
      workingMinutes: responded.workingMinutesSinceSign, rated: responded.respond?.rated ?? false)
  }
}
