import Feed
import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import WireTypes

extension FactOrigin {
  init(_ origin: Inbox.Origin) {
    self.init(eventID: origin.eventID, seq: origin.seq, occurTime: origin.occurTime)
  }
}

extension CaseFact {
  /// Refuses `FACT_INCOMPLETE` with every field that is missing.
  init(_ fact: PerformanceEvaluationV1.CaseFact, _ origin: FactOrigin) throws(Refused) {
    try Reason.requireFields([
      ("case_fact.change", fact.change == .unspecified), ("case_fact.case_id", fact.caseID.isEmpty),
      ("case_fact.township_code", AreaCode(fact.townshipCode) == nil),
      ("case_fact.report_time", fact.reportTime == nil),
      ("case_fact.closing.close_time", fact.change == .closed && fact.closing?.closeTime == nil),
    ])
    self.init(
      origin: origin, change: Change(fact, origin), caseID: fact.caseID, number: fact.number,
      townshipCode: fact.townshipCode, gridID: fact.gridID, discovery: Discovery(fact.discovery),
      importSource: fact.importSource, reportTime: fact.reportTime?.kernel ?? origin.occurTime,
      dueTime: fact.dueTime?.kernel,
      verdict: Verdict(fact.verdict))
  }
}

extension CaseFact.Change {
  init(_ fact: PerformanceEvaluationV1.CaseFact, _ origin: FactOrigin) {
    self =
      switch fact.change {
      case .reported: .reported
      case .taken: .taken(at: CaseFact.Level(fact.level))
      case .closed:
        .closed(
          at: fact.closing?.closeTime?.kernel ?? origin.occurTime, onTime: fact.closing?.onTime ?? false,
          by: (fact.closing?.resolvingLevel).flatMap { CaseFact.Level($0) } ?? CaseFact.Level(fact.level))
      case .terminated: .terminated
      case .withdrawn: .withdrawn
      case .merged: .merged
      case .rejected: .rejected
      case .reopened: .reopened
      // A change of a newer contract moves the case without ending it.
      case .unspecified, .moved, .located, .determined, .unrecognized: .moved
      }
  }
}

extension CaseFact.Level {
  /// `nil`: not told, or a newer contract's.
  init?(_ level: PerformanceEvaluationV1.CaseFact.Level) {
    switch level {
    case .grid: self = .grid
    case .village: self = .village
    case .community: self = .community
    case .industry: self = .industry
    case .township: self = .township
    case .county: self = .county
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension CaseFact.Discovery {
  /// `nil`: not told, or a newer contract's.
  init?(_ discovery: PerformanceEvaluationV1.CaseFact.Discovery) {
    switch discovery {
    case .patrol: self = .patrol
    case .round: self = .round
    case .citizen: self = .citizen
    case .hotline: self = .hotline
    case .industry: self = .industry
    case .transfer: self = .transfer
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension CallFact {
  /// `nil`: nothing happened that we know (a newer contract's event). Refuses `FACT_INCOMPLETE`.
  init?(_ fact: PerformanceEvaluationV1.CallFact, _ origin: FactOrigin) throws(Refused) {
    try Reason.requireFields([
      ("call_fact.call_id", fact.callID.isEmpty), ("call_fact.township_code", AreaCode(fact.townshipCode) == nil),
    ])
    guard let change = try Change(fact) else { return nil }
    self.init(
      origin: origin, change: change, callID: fact.callID, number: fact.number, townshipCode: fact.townshipCode,
      mainOrgID: fact.mainOrgID, importSource: fact.importSource)
  }
}

extension CallFact.Change {
  init?(_ fact: PerformanceEvaluationV1.CallFact) throws(Refused) {
    switch fact.event {
    case .submitted: self = .submitted
    case .refused(let refused): self = .refused(rules: refused.refusedRules)
    case .admitted(let admitted): self = .advanced(CallFact.ResponseClock(admitted.responseClock))
    case .dispatched(let dispatched): self = .advanced(CallFact.ResponseClock(dispatched.responseClock))
    case .signed(let signed): self = .advanced(CallFact.ResponseClock(signed.responseClock))
    case .responded(let responded):
      try Reason.requireFields([("call_fact.responded.round", responded.round < 1)])
      self = .responded(
        CallFact.Response(
          round: Int(responded.round), onTime: responded.onTime, workingTime: .minutes(responded.workingMinutes),
          isRated: responded.rated))
    case .verified(let verified):
      try Reason.requireFields([
        ("call_fact.verified.verdict", verified.verdict == .unspecified),
        ("call_fact.verified.work_round", verified.workRound < 1),
      ])
      self = .verified(
        solved: verified.verdict == .solved, workRound: Int(verified.workRound),
        next: CallFact.ResponseClock(verified.responseClock))
    case .closed: self = .closed
    case .cancelled: self = .cancelled
    case nil: return nil
    }
  }
}

extension CallFact.ResponseClock {
  init?(_ clock: PerformanceEvaluationV1.ResponseClock?) {
    guard let clock, let dueTime = clock.dueTime else { return nil }
    self.init(round: Int(max(1, clock.round)), dueTime: dueTime.kernel)
  }
}

extension Verdict {
  init(_ verdict: PerformanceEvaluationV1.Verdict) {
    self =
      switch verdict {
      case .`self`: .own
      case .agency: .agency
      case .call: .call
      case .ambiguous: .ambiguous
      case .offList: .offList
      case .unspecified, .unrecognized: .undetermined
      }
  }

  var message: PerformanceEvaluationV1.Verdict {
    switch self {
    case .undetermined: .unspecified
    case .own: .`self`
    case .agency: .agency
    case .call: .call
    case .ambiguous: .ambiguous
    case .offList: .offList
    }
  }
}

extension Reason {
  /// Refuses with one `FACT_INCOMPLETE` per field of `fields` that is missing.
  fileprivate static func requireFields(_ fields: [(name: String, isMissing: Bool)]) throws(Refused) {
    let reasons = fields.filter(\.isMissing).map { field in
      Reason("FACT_INCOMPLETE", zh: "事实缺少必要内容。", en: "The fact lacks something required.", field: field.name)
    }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
  }
}
