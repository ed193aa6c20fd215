import DispatchContract
import DispatchDomain
import Kernel
import WireTypes

extension DispatchV1.CallFacts {
  /// What every event says about the call as it stands afterwards.
  init(_ call: Call) {
    self.init(
      callID: call.id.text, number: call.identity.number, state: .init(call.state), kind: .init(call.content.kind),
      townshipOrgID: call.identity.townshipOrgID, townshipCode: call.identity.townshipCode,
      caseIDs: call.content.caseIDs, itemCode: call.finding?.itemCode ?? "",
      determinationID: call.finding?.determinationID ?? call.content.determinationID,
      mainOrgID: call.main?.orgID ?? "", assistOrgIDs: call.assists.map(\.orgID),
      submissionRound: Int32(call.submissionRound), workRound: Int32(call.workRound),
      importSource: call.identity.importSource, externalRef: call.identity.externalRef)
  }
}

extension DispatchV1.CallEvent {
  /// `event`, after which the call is `call`.
  init(_ event: CallEvent, after call: Call) {
    self.init(facts: .init(call), event: OneOfEvent(event))
  }
}

extension DispatchV1.CallEvent.OneOfEvent {
  fileprivate init(_ event: CallEvent) {
    switch event {
    case .drafted(_, let content, _): self = .drafted(.init(content: .init(content)))
    case .amended(let content): self = .amended(.init(content: .init(content)))
    case .submitted(let finding, _): self = .submitted(.init(determination: .init(finding)))
    case .judged(let admission, let clocks):
      self = .judged(
        .init(
          admission: .init(admission), refusedRules: admission.refusedRules.map(\.rawValue),
          clocks: clocks.map(DispatchV1.ClockStart.init)))
    case .reviewed(let review, let clock):
      let refused = review.isAdmitted ? [] : [review.rule?.rawValue].compactMap(\.self)
      self = .reviewed(.init(review: .init(review), refusedRules: refused, clock: .init(clock)))
    case .dispatched(let assignments, let clocks, _):
      self = .dispatched(
        .init(
          assignments: assignments.map { DispatchV1.Assignment($0) }, clocks: clocks.map(DispatchV1.ClockStart.init)))
    case .signed(let sign, let respond): self = .signed(.init(sign: .init(sign), clock: .init(respond)))
    case .responded(let date, let contact, let plan, let respond, let minutes):
      self = .responded(
        .init(
          planDate: date.description, contactRecord: .init(contact), plan: .init(plan), respond: .init(respond),
          workingMinutesSinceSign: minutes))
    case .doneReported(let result, _): self = .doneReported(.init(result: .init(result)))
    case .assistDone(let orgID, let result, _): self = .assistDone(.init(orgID: orgID, result: .init(result)))
    case .assistReleased(let orgID, let reason, _):
      self = .assistReleased(.init(orgID: orgID, releaseReason: reason))
    case .verified(let verification, let respond):
      self = .verified(
        .init(
          verdict: .init(verification.verdict), workRound: Int32(verification.workRound),
          points: verification.points.map { .init($0) }, rating: verification.rating.map(DispatchV1.Rating.init),
          clock: respond.map(DispatchV1.ClockStart.init), verifierID: verification.verifierID))
    case .closed(let outcome, let reason, _): self = .closed(.init(outcome: .init(outcome), closingReason: reason))
    case .cancelAsked(let request): self = .cancelAsked(.init(request: .init(request)))
    case .cancelled(let reason, _): self = .cancelled(.init(cancelReason: reason))
    case .clocksRederived(let changes):
      self = .clocksRederived(.init(clocks: changes.map(DispatchV1.ClockRederivation.init)))
    }
  }
}

extension DispatchV1.Assignment {
  /// Without its texts.
  init(_ assignment: Assignment) {
    self.init(
      orgID: assignment.orgID, part: .init(assignment.part), office: assignment.office, phone: assignment.phone,
      progress: .init(assignment.progress), signTime: .init(assignment.signTime),
      respondTime: .init(assignment.respondTime), doneTime: .init(assignment.doneTime),
      planDate: assignment.planDate?.description ?? "")
  }
}

extension DispatchV1.Rating {
  init(_ rating: Rating) {
    self.init(speed: Int32(rating.speed), attitude: Int32(rating.attitude), result: Int32(rating.result))
  }

  var domain: Rating { Rating(speed: Int(speed), attitude: Int(attitude), result: Int(result)) }
}

extension DispatchV1.CancelRequest {
  init(_ request: CancelRequest) {
    self.init(
      side: .init(request.side), personID: request.personID, cancelReason: request.reason,
      requestTime: .init(request.requestTime))
  }
}
