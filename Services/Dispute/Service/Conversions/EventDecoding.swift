package import DisputeContract
package import DisputeDomain
package import Kernel
import CommonContract
import WireTypes
import WorkClock

extension DisputeV1.CaseEvent {
  /// The domain's event back from the journal's payload. `nil`: the payload is not one that this program knows.
  package func domain(at time: Timestamp) -> Case.Event? {
    guard let change = event?.domain(facts, at: time) else { return nil }
    return Case.Event(change, clocks: clockChanges.compactMap(\.domain), time: time)
  }
}

extension DisputeV1.SealedRef {
  var domain: Case.SealedText { Case.SealedText(sealedID: sealedID, digest: digest) }
}

extension DisputeV1.ClockChange {
  var domain: Case.ClockChange? {
    guard let time = changeTime?.kernel else { return nil }
    switch change {
    case .started:
      guard let budget, let unit = Budget.Unit(wire: budget.unit), let domain = try? Budget(Int(budget.amount), unit)
      else { return nil }
      let clock = Clock(
        kind: clockKind, round: Int(round), policyCode: policyCode, policyVersion: Int(policyVersion), budget: domain,
        startTime: time)
      return .started(clock, due: dueTime?.kernel)
    case .stopped: return .stopped(kind: clockKind, round: Int(round), at: time, due: dueTime?.kernel, isOnTime: onTime)
    case .suspended: return .suspended(kind: clockKind, round: Int(round), at: time)
    case .resumed: return .resumed(kind: clockKind, round: Int(round), at: time)
    case .promised:
      return dueTime.map { .promised(kind: clockKind, round: Int(round), due: $0.kernel, at: time) }
    case .adopted:
      return startTime.map { .adopted(kind: clockKind, round: Int(round), start: $0.kernel, at: time) }
    case .moved:
      guard let old = oldDueTime?.kernel, let new = dueTime?.kernel else { return nil }
      return .moved(kind: clockKind, round: Int(round), from: old, to: new, at: time)
    case .rebudgeted:
      guard let budget, let unit = Budget.Unit(wire: budget.unit), let domain = try? Budget(Int(budget.amount), unit),
        let old = oldDueTime?.kernel, let new = dueTime?.kernel, let start = startTime?.kernel,
        let effective = effectiveTime?.kernel
      else { return nil }
      let clock = Clock(
        kind: clockKind, round: Int(round), policyCode: policyCode, policyVersion: Int(policyVersion), budget: domain,
        startTime: start)
      return .rebudgeted(clock, from: old, to: new, effective: effective, at: time)
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension DisputeV1.CaseEvent.OneOfEvent {
  func domain(_ facts: DisputeV1.CaseFacts?, at time: Timestamp) -> Case.Change? {
    switch self {
    case .reported(let reported): return facts.flatMap { reported.domain($0) }.map { .reported($0) }
    case .selfHandled(let event): return .selfHandled(responsible: ID(event.responsiblePersonID))
    case .accepted(let event): return .accepted(responsible: ID(event.responsiblePersonID))
    case .started(let event):
      return .started(mediators: event.mediatorPersonIDs.map { ID($0) }, consenting: Set(event.consentingPartyIDs))
    case .attemptRecorded(let event): return event.domain.map { .attemptRecorded($0) }
    case .escalationSubmitted(let event):
      return event.domain(at: time).map { .escalationSubmitted($0) }
    case .escalationReceived(let event):
      return .escalationReceived(number: Int(event.number), responsible: ID(event.responsiblePersonID))
    case .escalationReturned(let event):
      return .escalationReturned(number: Int(event.number), reason: event.returnReason?.domain)
    case .escalationRetracted(let event): return .escalationRetracted(number: Int(event.number))
    case .analysed(let event):
      return Case.State(wire: event.fromState).map {
        .analysed(from: $0, minutes: event.minutes?.domain, determination: event.determination?.domain)
      }
    case .determined(let event): return event.determination?.domain.map { .determined($0) }
    case .routedHere(let event):
      return .routedHere(responsible: ID(event.responsiblePersonID), minutes: event.minutes?.domain)
    case .agencyAwaited(let event): return .agencyAwaited(task: event.taskID, minutes: event.minutes?.domain)
    case .callAwaited(let event): return .callAwaited(call: event.callID, minutes: event.minutes?.domain)
    case .linked(let event): return event.link?.domain.map { .linked($0) }
    case .settled(let event): return event.domain(at: time).map { .settled($0, by: event.subjectID.given) }
    case .cameBack(let event):
      return Case.State(wire: event.fromState).map { .cameBack(from: $0, subjectID: event.subjectID) }
    case .fellBack(let event):
      return Case.State(wire: event.toState).map { .fellBack(to: $0, reason: event.reason?.domain) }
    case .closed(let event): return event.domain.map { .closed($0) }
    case .clocksRederived: return .clocksRederived
    case .clockWarned(let event): return event.domain(at: time).map { .rungFired($0) }
    case .partyCorrected(let event):
      return .partyCorrected(partyID: event.partyID, name: event.name?.domain, phone: event.phone?.domain)
    case .withdrawn(let event): return .withdrawn(reason: event.reason?.domain)
    case .terminated(let event):
      return Case.State(wire: event.fromState)
        .map { .terminated(from: $0, way: event.way, guidance: event.guidance?.domain) }
    case .rejected, .reconsidered, .merged, .absorbed, .repointed, .unmerged, .released, .located, .classified,
      .flagged, .assigned:
      return screening(at: time)
    case .suspended, .resumed, .analysisRecorded, .returnedDown, .routedIndustry, .jointStarted, .reanalysed,
      .planCreated, .measureUpdated, .departmentInvited, .departmentAnswered, .assistDone, .signed, .reopened,
      .followUpRecorded, .satisfactionRecorded, .agreementConfirmed:
      return handling(facts, at: time)
    }
  }
}

extension DisputeV1.ClockWarned {
  func domain(at time: Timestamp) -> Case.FiredRung? {
    guard let rung = WorkClock.Rung(wire: rung), let rungTime = rungTime?.kernel, let noticeTime = noticeTime?.kernel
    else {
      return nil
    }
    return Case.FiredRung(
      kind: clockKind, round: Int(round), rung: rung, rungTime: rungTime, fireTime: time, noticeTime: noticeTime)
  }
}

extension DisputeV1.CaseReported {
  func domain(_ facts: DisputeV1.CaseFacts) -> Case.Reported? {
    guard let kind = Case.Kind(wire: facts.kind), let complexity = Case.Complexity(wire: complexity),
      let discovery = Case.Discovery(wire: facts.discovery), let level = Case.Level(wire: ownLevel),
      let reportTime = facts.reportTime?.kernel, let township = AreaCode(facts.townshipCode),
      let area = AreaCode(facts.areaCode)
    else { return nil }
    var origin = Case.Origin(
      caseID: ID(facts.caseID), number: facts.number, kind: kind, category: facts.category, complexity: complexity,
      flags: Set(facts.flags.compactMap { Case.Flag(wire: $0) }), discovery: discovery,
      importSource: facts.importSource, externalRef: facts.externalRef, occurTime: occurTime?.kernel,
      reportTime: reportTime, township: township, townshipOrganisation: ID(facts.townshipOrgID),
      grid: facts.gridID.given(), area: area, reporter: ID(reporterPersonID),
      reporterOrganisation: ID(reporterOrgID), title: title?.domain, narrative: narrative?.domain,
      partyCount: Int(partyCount))
    origin.location = location?.domain
    return Case.Reported(
      origin: origin, parties: parties.compactMap(\.domain), level: level,
      handlingOrganisation: ID(facts.handlingOrgID), responsiblePerson: ID(facts.responsiblePersonID),
      industryRoom: industryRoomOrgID.given())
  }
}

extension DisputeV1.SealedParty {
  var domain: Case.Party? {
    Case.Party.Role(wire: role).map {
      Case.Party(partyID: partyID, role: $0, name: name?.domain, phone: phone?.domain, isOrganisation: organisation)
    }
  }
}

extension DisputeV1.AttemptRecorded {
  var domain: Case.Attempt? {
    guard let level = Case.Level(wire: level), let result = Case.Attempt.Result(wire: result),
      let time = attemptTime?.kernel
    else { return nil }
    return Case.Attempt(
      number: Int(number), level: level, organisation: ID(orgID), mediators: mediatorPersonIDs.map { ID($0) },
      attemptTime: time, method: method, presentCount: Int(presentCount), result: result, record: record?.domain,
      failureReason: failureReason?.domain)
  }
}

extension DisputeV1.EscalationSubmitted {
  func domain(at time: Timestamp) -> Case.Escalation? {
    guard let from = Case.Level(wire: fromLevel), let to = Case.Level(wire: toLevel) else { return nil }
    return Case.Escalation(
      number: Int(number), from: PathStep(from, ID(fromOrgID)), to: PathStep(to, ID(toOrgID)), isUrgent: urgent,
      reason: reason?.domain, submitTime: time)
  }
}

extension DisputeV1.Link {
  var domain: Case.Link? {
    guard let subject = Case.Link.Subject(wire: subject), let state = Case.Link.State(wire: state),
      let time = hearTime?.kernel
    else { return nil }
    return Case.Link(
      subject: subject, subjectID: subjectID, state: state, hearTime: time, outcomeTime: outcomeTime?.kernel)
  }
}

extension DisputeV1.CaseSettled {
  func domain(at time: Timestamp) -> Case.Settlement? {
    Case.State(wire: fromState).map {
      Case.Settlement(
        settledFrom: $0, settleTime: time, agreement: Case.Settlement.Agreement(wire: agreement),
        performanceDueTime: performanceDueTime?.kernel, text: text?.domain, content: content?.domain)
    }
  }
}

extension DisputeV1.CaseClosed {
  var domain: Case.Closure? {
    guard let authority = Case.Closure.Authority(wire: authority), let level = Case.Level(wire: resolvingLevel),
      let closeTime = closeTime?.kernel, let followUp = followUpDueTime?.kernel
    else { return nil }
    return Case.Closure(
      result: result, authority: authority, resolvingLevel: level, partiesNotified: partiesNotified,
      satisfaction: Case.Closure.Satisfaction(wire: satisfaction), followUpDueTime: followUp,
      secondSigner: secondSignerPersonID.given(), closer: ID(closerPersonID), closeTime: closeTime,
      dueTime: dueTime?.kernel, isOnTime: onTime, evidence: evidenceRefs, basis: basis)
  }
}
