package import Access
package import Kernel
import Lifecycle
package import WorkClock

/// What a decision rests on besides the call and the command.
package struct CallCircumstances: Sendable {
  package let actor: Actor
  package let parts: Set<Call.Part>
  package let now: Timestamp
  package let calendar: WorkCalendar
  package let policy: ClockPolicy
  /// `false`: an imported step whose own time is not known.
  package let isRated: Bool
  /// Nobody judges a call from before this system.
  package let isImport: Bool

  package init(
    actor: Actor, parts: Set<Call.Part>, now: Timestamp, calendar: WorkCalendar, policy: ClockPolicy = .first,
    isRated: Bool = true, isImport: Bool = false
  ) {
    self.actor = actor
    self.parts = parts
    self.now = now
    self.calendar = calendar
    self.policy = policy
    self.isRated = isRated
    self.isImport = isImport
  }
}

extension Call {
  /// Opens a call: from nothing to DRAFT.
  package static func open(
    _ identity: Identity, _ content: CallContent, in circumstances: CallCircumstances
  ) throws(Refused) -> CallEvent {
    let command = CallCommand.draft(identity, content)
    try permit(.draft, from: nil, on: nil, command, circumstances)
    return .drafted(identity, content, at: circumstances.now)
  }

  /// What `command` means now. Pure: no clock, no I/O, no half-done work.
  package func decide(_ command: CallCommand, in circumstances: CallCircumstances) throws(Refused) -> [CallEvent] {
    try Self.permit(action(for: command, by: circumstances), from: state, on: self, command, circumstances)
    let now = circumstances.now
    switch command {
    case .draft(let identity, let content): return [.drafted(identity, content, at: now)]
    case .amend(let content): return [.amended(content)]
    case .submit(let surroundings): return submission(surroundings, circumstances)
    case .cancel(let reason): return cancellation(reason, circumstances)
    case .review(let admit, let reason, let rule, let basis):
      return try review(admit: admit, reason, rule, basis, circumstances)
    case .dispatch(let to): return [dispatching(to, circumstances)]
    case .sign: return try signing(circumstances)
    case .respond(let contact, let plan, let date): return try response(contact, plan, date, circumstances)
    case .reportDone(let result): return [.doneReported(try given(result), at: now)]
    case .completeAssist(let orgID, let result): return [.assistDone(orgID: orgID, try given(result), at: now)]
    case .releaseAssist(let orgID, let reason): return [.assistReleased(orgID: orgID, reason: reason, at: now)]
    case .verify(let verdict, let points, let rating): return verification(verdict, points, rating, circumstances)
    case .closeUnsolved(_, _, let basis): return [.closed(.unsolved, reason: basis, at: now)]
    }
  }

  /// What these parts could do now, each action with what still stands in its way.
  package func allowedActions(by actor: Actor, as parts: Set<Part>) -> [(action: Action, unmet: [Reason])] {
    let attempt = CallAttempt(call: self, command: nil, actor: actor)
    var seen: Set<Action> = []
    return Self.lifecycle.actions(from: state, as: parts, on: attempt).filter { seen.insert($0.action).inserted }
  }

  private func action(for command: CallCommand, by circumstances: CallCircumstances) -> Action {
    switch command {
    case .draft: return .draft
    case .amend: return .amend
    case .submit: return .submit
    case .cancel:
      guard [.dispatched, .accepted, .inProgress].contains(state) else { return .cancel }
      let side: CancelRequest.Side = circumstances.actor.role == .callOffice ? .callOffice : .township
      return cancelRequest.map { $0.side != side } ?? false ? .cancel : .askCancel
    case .review(let admit, _, _, _): return admit ? .admit : .refuse
    case .dispatch: return .dispatch
    case .sign: return .sign
    case .respond: return .respond
    case .reportDone: return .reportDone
    case .completeAssist: return .completeAssist
    case .releaseAssist: return .releaseAssist
    case .verify(.solved, _, _): return .verifySolved
    case .verify(.partly, _, _): return .verifyPartly
    case .verify(.unsolved, _, _): return .verifyUnsolved
    case .closeUnsolved: return .closeUnsolved
    }
  }

  private static func permit(
    _ action: Action, from state: State?, on call: Call?, _ command: CallCommand, _ circumstances: CallCircumstances
  ) throws(Refused) {
    guard !circumstances.parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    let attempt = CallAttempt(call: call, command: command, actor: circumstances.actor)
    do {
      _ = try lifecycle.transition(action, from: state, as: circumstances.parts, on: attempt)
    } catch {
      throw error.refusal(action: action.rawValue, state: state?.rawValue ?? "–")
    }
  }

  /// A text that the table's guards have asked for.
  private func given(_ text: SealedText?) throws(Refused) -> SealedText {
    guard let text else { throw Refused(.failedPrecondition, Guard<CallAttempt>.resultIsGiven.reason) }
    return text
  }
}

// MARK: - What follows

extension Call {
  /// Submitted, judged in the same step, and an emergency with a known department on its way to it.
  private func submission(_ surroundings: AdmissionSurroundings, _ circumstances: CallCircumstances) -> [CallEvent] {
    let now = circumstances.now
    var admission = AdmissionFacts(content, surroundings, at: now).judge(round: submissionRound + 1, at: now)
    if circumstances.isImport { admission.decision = .importedNotJudged }
    var clocks: [StartedClock] = []
    if admission.decision == .manualReview { clocks = [start(.review, round: admission.round, circumstances)] }
    if admission.decision == .admitted, content.kind == .emergency {
      clocks = [start(.sign, circumstances), start(.respond, circumstances)]
    }
    let events: [CallEvent] = [
      .submitted(surroundings.finding, at: now), .judged(admission, clocks: clocks),
    ]
    guard content.kind == .emergency, !circumstances.isImport, surroundings.finding.defaultMain != nil else {
      return events
    }
    let to = CallCommand.Dispatching(surroundings.finding) { _ in false }
    return events + [.dispatched(to.assignments, clocks: [], at: now)]
  }

  private func cancellation(_ reason: String, _ circumstances: CallCircumstances) -> [CallEvent] {
    guard action(for: .cancel(reason: reason), by: circumstances) == .askCancel else {
      return [.cancelled(reason: reason, at: circumstances.now)]
    }
    return [
      .cancelAsked(
        CancelRequest(
          side: circumstances.actor.role == .callOffice ? .callOffice : .township,
          personID: circumstances.actor.personID, reason: reason, requestTime: circumstances.now))
    ]
  }

  private func review(
    admit: Bool, _ reason: String, _ rule: Rule?, _ basis: String, _ circumstances: CallCircumstances
  ) throws(Refused) -> [CallEvent] {
    let review = Review(
      reviewerID: circumstances.actor.personID, reviewerOrgID: circumstances.actor.organisationID, isAdmitted: admit,
      reason: reason, rule: admit ? nil : rule, basis: basis, reviewTime: circumstances.now)
    return [.reviewed(review, try stop(.review, circumstances))]
  }

  private func dispatching(_ to: CallCommand.Dispatching, _ circumstances: CallCircumstances) -> CallEvent {
    var clocks: [StartedClock] = []
    if runningClock(.sign) == nil {
      clocks.append(start(.sign, circumstances))
      if circumstances.policy.response(content.kind).respondsFromDispatch {
        clocks.append(start(.respond, circumstances))
      }
    }
    return .dispatched(to.assignments, clocks: clocks, at: circumstances.now)
  }

  private func signing(_ circumstances: CallCircumstances) throws(Refused) -> [CallEvent] {
    let running = runningClock(.respond).map { clock in
      StartedClock(clock: clock, dueTime: clock.dueTime(in: circumstances.calendar) ?? circumstances.now)
    }
    return [.signed(try stop(.sign, circumstances), respond: running ?? start(.respond, circumstances))]
  }

  private func response(
    _ contact: SealedText?, _ plan: SealedText?, _ date: CivilDate?, _ circumstances: CallCircumstances
  ) throws(Refused) -> [CallEvent] {
    guard let date else { throw Refused(.failedPrecondition, Guard<CallAttempt>.planDateIsGiven.reason) }
    let result = try stop(.respond, circumstances)
    let from = workRound > 1 ? result.startTime : main?.signTime ?? result.startTime
    return [
      .responded(
        planDate: date, contact: try given(contact), plan: try given(plan), result,
        workingMinutesSinceSign: circumstances.calendar.workingMinutes(from: from, to: circumstances.now))
    ]
  }

  private func verification(
    _ verdict: Verification.Verdict, _ points: [SealedText], _ rating: Rating?, _ circumstances: CallCircumstances
  ) -> [CallEvent] {
    let verification = Verification(
      workRound: workRound, verdict: verdict, points: points, rating: rating, verifyTime: circumstances.now,
      verifierID: circumstances.actor.personID)
    guard verdict != .solved else {
      return [.verified(verification, respond: nil), .closed(.solved, reason: "", at: circumstances.now)]
    }
    return [.verified(verification, respond: start(.respond, round: workRound + 1, circumstances))]
  }

  private func start(_ kind: ClockKind, round: Int = 1, _ circumstances: CallCircumstances) -> StartedClock {
    let response = circumstances.policy.response(content.kind)
    let budget =
      switch kind {
      case .sign: response.sign
      case .respond: response.respond
      case .review: circumstances.policy.review
      case .coordination: circumstances.policy.coordination
      }
    return StartedClock(
      kind, round: round, budget, of: circumstances.policy, at: circumstances.now, in: circumstances.calendar)
  }

  private func stop(_ kind: ClockKind, _ circumstances: CallCircumstances) throws(Refused) -> ClockResult {
    guard let clock = runningClock(kind) else {
      throw Refused(
        .failedPrecondition,
        Reason("CLOCK_STOPPED", zh: "该计时已经结束。", en: "The clock has stopped.", metadata: ["clock_kind": kind.rawValue]))
    }
    return try ClockResult(
      stopping: clock, kind, at: circumstances.now, in: circumstances.calendar, rated: circumstances.isRated)
  }
}

extension Call {
  /// Fields that a submission by `actor` would still lack.
  package func missingForSubmission(by actor: Actor) -> [Reason] {
    let attempt = CallAttempt(call: self, command: nil, actor: actor)
    return [Guard<CallAttempt>.narrativeIsGiven, .placeIsGiven, .callerIsRecorded].flatMap { $0.unmet(attempt) }
  }

  /// What another calendar means for the clocks that run; `nil`: nothing.
  package func rederive(from old: WorkCalendar, to new: WorkCalendar) -> CallEvent? {
    let changes = clocks.compactMap { ClockRederivation($0, from: old, to: new) }
    return changes.isEmpty ? nil : .clocksRederived(changes)
  }
}
