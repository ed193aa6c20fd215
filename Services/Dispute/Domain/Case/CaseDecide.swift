package import Access
package import Kernel
import Lifecycle
import WorkClock

extension TransitionRefusal {
  static let notYours = TransitionRefusal(cause: .notYourRole)
}

extension Case {
  /// What `command` means now. Pure: no clock, no I/O, no half-done work. Refuses with all unmet guards.
  package func decide(
    _ command: Command, by actor: Actor, as parts: Set<Part>, in world: Surroundings, at now: Timestamp,
    policy: ClockPolicy? = nil
  ) throws(Refused) -> Event {
    let now = max(now, changeTime)
    let policy = policy ?? world.policies.inForce(at: now)
    let person = ID<Person>(actor.personID)
    let move = Move(
      record: self, command: command, actor: person, organisation: ID(actor.organisationID), parts: parts, world: world,
      now: now)
    try permit(move, action(of: command), as: parts)
    var ledger = ClockLedger(
      origin: origin, level: level, clocks: clocks, calendar: world.calendar, policy: policy, now: now)
    let change = try change(command, move, person, policy, &ledger)
    return Event(change, clocks: ledger.changes, time: now)
  }

  /// The table's row, or every reason why not.
  private func permit(_ move: Move, _ action: Action, as parts: Set<Part>) throws(Refused) {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      _ = try Self.lifecycle.transition(action, from: state, as: parts, on: move)
    } catch {
      throw error.refusal(action: action.rawValue, state: state.rawValue)
    }
  }

  /// What follows from a permitted command; the clocks go into `ledger`.
  private func change(
    _ command: Command, _ move: Move, _ person: ID<Person>, _ policy: ClockPolicy, _ ledger: inout ClockLedger
  ) throws(Refused) -> Change {
    switch command {
    case .selfHandle:
      ledger.stop(.accept)
      ledger.start(.selfHandle)
      return .selfHandled(responsible: person)
    case .accept(let responsible):
      ledger.stop(.accept)
      return .accepted(responsible: responsible ?? person)
    case .start(let draft):
      ledger.start(.mediation)
      if isDispute { ledger.start(.peoplesMediation) }
      return .started(
        mediators: draft.mediators.isEmpty ? [person] : draft.mediators, consenting: draft.consentingParties)
    case .recordAttempt(let draft): return attempt(draft, by: person, &ledger)
    case .settle(let draft):
      ledger.stop(.mediation, .peoplesMediation, .selfHandle, .escalate, .handUp, .joint)
      return settlement(draft.agreement, draft.text, draft.performanceDueTime, draft.content, by: nil, &ledger)
    case .handUp(let reason), .escalate(let reason, _):
      return try submission(to: move.nextStep, reason, urgent: false, &ledger)
    case .raise(let reason):
      let isUrgent = state != .reopened
      return try submission(
        to: isUrgent ? move.world.grid?.townshipStep : move.nextStep, reason, urgent: isUrgent, &ledger)
    case .receive(let responsible):
      ledger.stop(.receipt)
      ledger.start(.analysis)
      return .escalationReceived(number: escalations.count, responsible: responsible ?? person)
    case .giveBack(let reason):
      backFromEscalation(&ledger)
      return .escalationReturned(number: escalations.count, reason: reason)
    case .retract:
      backFromEscalation(&ledger)
      return .escalationRetracted(number: escalations.count)
    case .analyse(let minutes, let determination):
      ledger.stop(.mediation, .escalate)
      ledger.start(.analysis)
      return .analysed(from: state, minutes: minutes, determination: determination)
    case .determine(let determination):
      guard let determination else { throw Refused(.failedPrecondition, .determinationMissing) }
      return .determined(determination)
    case .routeHere(let responsible, let minutes):
      ledger.stop(.analysis, .jointPlan)
      return .routedHere(responsible: responsible ?? person, minutes: minutes)
    case .routeAgency(let task, let minutes):
      handOver(&ledger)
      return .agencyAwaited(task: try linkID(.task, task, .noRequestedTask), minutes: minutes)
    case .routeCall(let call, let minutes):
      handOver(&ledger)
      return .callAwaited(call: try linkID(.call, call, .noSubmittedCall), minutes: minutes)
    case .link(let subject, let subjectID, let state): return .linked(link(subject, subjectID, state, at: move.now))
    case .confirmAgencyDone(let text): return settlement(nil, text, nil, nil, by: awaited, &ledger)
    case .callSolved: return settlement(nil, nil, nil, nil, by: awaited, &ledger)
    case .agencyFailed, .callBack:
      ledger.resume(.whole)
      ledger.start(.analysis)
      return .cameBack(from: state, subjectID: awaited ?? "")
    case .fallBack(let reason): return fallBack(reason, &ledger)
    case .guideToLaw(let way, let guidance):
      ledger.stopAll()
      return .terminated(from: state, way: way, guidance: guidance)
    case .registerClose(let draft): return try closing(draft, by: person, move, policy, &ledger)
    case .withdraw(let reason):
      ledger.stopAll()
      return .withdrawn(reason: reason)
    case .reject, .reconsider, .merge, .unmerge, .absorb, .release, .repoint:
      return try screening(command, move, &ledger)
    case .locate, .classify, .setFlags, .reassign, .takeOver: return try naming(command, move, &ledger)
    case .adjourn, .resume, .recordAnalysis, .returnDown, .routeIndustry: return try analysing(command, move, &ledger)
    case .routeJoint, .reanalyse, .plan, .invite, .answerInvitation, .updateMeasure, .assistDone, .sign:
      return try jointly(command, move, &ledger)
    case .reopen, .followUp, .rateSatisfaction, .confirmAgreement: return try afterwards(command, move, &ledger)
    }
  }

  private func attempt(_ draft: AttemptDraft, by person: ID<Person>, _ ledger: inout ClockLedger) -> Change {
    let duty: CaseClock = state == .selfHandling ? .handUp : .escalate
    if draft.result == .failed { ledger.start(duty) } else if draft.result == .success { ledger.stop(duty) }
    return .attemptRecorded(
      Attempt(
        number: attempts.count + 1, level: level, organisation: handlingOrganisation,
        mediators: state == .selfHandling || mediators.isEmpty ? [person] : mediators,
        attemptTime: draft.attemptTime ?? ledger.now, method: draft.method, presentCount: draft.presentCount,
        result: draft.result ?? .adjourned, record: draft.record, failureReason: draft.failureReason))
  }

  private func settlement(
    _ agreement: Settlement.Agreement?, _ text: SealedText?, _ performanceDueTime: Timestamp?,
    _ content: AgreementContent?, by subject: String?, _ ledger: inout ClockLedger
  ) -> Change {
    ledger.resume(.whole)
    ledger.start(.registerClose)
    return .settled(
      Settlement(
        settledFrom: state, settleTime: ledger.now, agreement: isDispute ? agreement : nil,
        performanceDueTime: performanceDueTime, text: text, content: isDispute ? content : nil), by: subject)
  }

  private func submission(
    to next: PathStep?, _ reason: SealedText?, urgent: Bool, _ ledger: inout ClockLedger
  ) throws(Refused) -> Change {
    guard let next else { throw Refused(.failedPrecondition, .noNextLevel) }
    ledger.stop(.accept, .selfHandle, .mediation, .escalate, .handUp)
    if next.level == .township { ledger.stop(.informTownship) }
    ledger.start(.receipt)
    return .escalationSubmitted(
      Escalation(
        number: escalations.count + 1, from: PathStep(level, handlingOrganisation), to: next, isUrgent: urgent,
        reason: reason, submitTime: ledger.now))
  }

  private func backFromEscalation(_ ledger: inout ClockLedger) {
    ledger.stop(.receipt)
    if level == .grid { ledger.start(.selfHandle) }
  }

  /// Mediation and analysis are over here; the whole case stands still while others have it.
  private func handOver(_ ledger: inout ClockLedger) {
    ledger.stop(.analysis, .peoplesMediation, .jointPlan, .joint)
    ledger.suspend(.whole)
  }

  private func linkID(_ subject: Link.Subject, _ named: String?, _ reason: Reason) throws(Refused) -> String {
    guard let link = promisingLink(subject, named) else { throw Refused(.failedPrecondition, reason) }
    return link.subjectID
  }

  private func link(_ subject: Link.Subject, _ subjectID: String, _ state: Link.State, at now: Timestamp) -> Link {
    let earlier = links.first { $0.subjectID == subjectID }
    return Link(
      subject: subject, subjectID: subjectID, state: state, hearTime: earlier?.hearTime ?? now,
      outcomeTime: state == .open ? nil : now)
  }

  private func fallBack(_ reason: SealedText?, _ ledger: inout ClockLedger) -> Change {
    ledger.stop(.registerClose)
    switch settlement?.settledFrom {
    case .selfHandling:
      ledger.start(.selfHandle)
      return .fellBack(to: .selfHandling, reason: reason)
    case .awaitingAgency, .awaitingCall:
      ledger.start(.analysis)
      return .fellBack(to: .analysing, reason: reason)
    case .jointHandling:
      ledger.start(.joint)
      return .fellBack(to: .jointHandling, reason: reason)
    default:
      ledger.start(.mediation)
      return .fellBack(to: .mediating, reason: reason)
    }
  }

  private func closing(
    _ draft: ClosureDraft, by person: ID<Person>, _ move: Move, _ policy: ClockPolicy, _ ledger: inout ClockLedger
  ) throws(Refused) -> Change {
    guard let authority = draft.authority else {
      throw Refused(.failedPrecondition, .closureIncomplete.with("fields", "authority"))
    }
    let whole = runningClock(.whole)
    let due = whole?.dueTime(in: move.world.calendar)
    ledger.stopAll()
    ledger.start(.followUp)
    return .closed(
      Closure(
        result: draft.result, authority: authority,
        resolvingLevel: resolvingLevel(in: move.world),
        partiesNotified: draft.partiesNotified, satisfaction: draft.satisfaction,
        followUpDueTime: draft.followUpDueTime ?? ledger.now + .days(Int64(policy.followUpDays)),
        secondSigner: signature?.person, closer: person, closeTime: ledger.now, dueTime: due,
        isOnTime: due.map { ledger.now <= $0 } ?? true, evidence: draft.evidence, basis: draft.basis))
  }

  /// The county's where a call solved it or the county's centre led.
  private func resolvingLevel(in world: Surroundings) -> Level {
    switch settlement?.settledFrom {
    case .awaitingCall: .county
    case .jointHandling:
      plan.flatMap { world.organisations[$0.leadOrganisation] }?.kind == .countyCentre ? .county : level
    default: level
    }
  }
}

extension Case {
  /// What somebody in `parts` could do now, each action with everything that still stands in its way.
  package func allowedActions(
    as parts: Set<Part>, actor: Actor, in world: Surroundings, at now: Timestamp
  ) -> [(action: Action, unmet: [Reason])] {
    let move = Move(
      record: self, command: nil, actor: ID(actor.personID), organisation: ID(actor.organisationID), parts: parts,
      world: world, now: now)
    var seen: [Action: Int] = [:]
    var actions: [(action: Action, unmet: [Reason])] = []
    for row in Self.lifecycle.actions(from: state, as: parts, on: move)
    where !row.unmet.contains(where: { Self.formReasons.contains($0.code) }) {
      // Of two rows of one action, the one that is open counts.
      if let index = seen[row.action] {
        if row.unmet.isEmpty { actions[index] = row }
      } else {
        seen[row.action] = actions.count
        actions.append(row)
      }
    }
    return actions
  }
}
