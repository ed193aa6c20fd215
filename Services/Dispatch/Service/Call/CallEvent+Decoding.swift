package import DispatchContract
package import DispatchDomain
package import Kernel
import WireTypes

extension DispatchV1.CallEvent {
  /// The domain's event that this payload, written at `time`, stands for; `nil`: not what was written. The journal folded
  /// from empty with these is the stored call.
  package func domain(at time: Timestamp) -> DispatchDomain.CallEvent? {
    switch event {
    case .drafted(let payload):
      guard let identity = facts?.identity, let content = payload.content?.domain else { return nil }
      return .drafted(identity, content, at: time)
    case .amended(let payload): return payload.content?.domain.map { .amended($0) }
    case .submitted(let payload): return payload.determination.map { .submitted($0.domain, at: time) }
    case .judged(let payload):
      return payload.admission?.domain.map { .judged($0, clocks: payload.clocks.compactMap(\.domain)) }
    case .reviewed(let payload):
      guard let review = payload.review?.domain, let clock = payload.clock?.domain else { return nil }
      return .reviewed(review, clock)
    case .dispatched(let payload):
      return .dispatched(
        payload.assignments.compactMap(\.domain), clocks: payload.clocks.compactMap(\.domain), at: time)
    case .signed(let payload):
      guard let sign = payload.sign?.domain, let respond = payload.clock?.domain else { return nil }
      return .signed(sign, respond: respond)
    case .responded(let payload): return payload.domain
    case .doneReported(let payload): return payload.result.map { .doneReported($0.domain, at: time) }
    case .assistDone(let payload):
      return payload.result.map { .assistDone(orgID: payload.orgID, $0.domain, at: time) }
    case .assistReleased(let payload):
      return .assistReleased(orgID: payload.orgID, reason: payload.releaseReason, at: time)
    case .verified(let payload): return payload.domain(at: time)
    case .closed(let payload):
      return payload.outcome.named(Call.Outcome.self).map { .closed($0, reason: payload.closingReason, at: time) }
    case .cancelAsked(let payload): return payload.request?.domain.map { .cancelAsked($0) }
    case .cancelled(let payload): return .cancelled(reason: payload.cancelReason, at: time)
    case .clocksRederived(let payload): return .clocksRederived(payload.clocks.compactMap(\.domain))
    case nil: return nil
    }
  }
}

extension DispatchV1.CallFacts {
  fileprivate var identity: Call.Identity {
    Call.Identity(
      id: ID(callID), number: number, townshipOrgID: townshipOrgID, townshipCode: townshipCode,
      externalRef: externalRef, importSource: importSource)
  }
}

extension DispatchV1.Assignment {
  fileprivate var domain: Assignment? {
    guard let part = part.named(DispatchDomain.Assignment.Part.self) else { return nil }
    return DispatchDomain.Assignment(orgID: orgID, part: part, office: office, phone: phone)
  }
}

extension DispatchV1.CallResponded {
  fileprivate var domain: DispatchDomain.CallEvent? {
    guard let date = CivilDate(planDate), let contact = contactRecord?.domain, let plan = plan?.domain,
      let clock = respond?.domain
    else { return nil }
    return .responded(
      planDate: date, contact: contact, plan: plan, clock, workingMinutesSinceSign: workingMinutesSinceSign)
  }
}

extension DispatchV1.CallVerified {
  fileprivate func domain(at time: Timestamp) -> DispatchDomain.CallEvent? {
    guard let verdict = verdict.named(DispatchDomain.Verification.Verdict.self) else { return nil }
    let verification = DispatchDomain.Verification(
      workRound: Int(workRound), verdict: verdict, points: points.map(\.domain), rating: rating?.domain,
      verifyTime: time, verifierID: verifierID)
    return .verified(verification, respond: clock?.domain)
  }
}

extension DispatchV1.CancelRequest {
  fileprivate var domain: DispatchDomain.CancelRequest? {
    guard let side = side.named(DispatchDomain.CancelRequest.Side.self), let time = requestTime?.kernel else {
      return nil
    }
    return DispatchDomain.CancelRequest(side: side, personID: personID, reason: cancelReason, requestTime: time)
  }
}
