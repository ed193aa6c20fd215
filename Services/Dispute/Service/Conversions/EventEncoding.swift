import CommonContract
import DisputeContract
import DisputeDomain
import Kernel
import WireTypes
import WorkClock

extension DisputeV1.CaseEvent {
  /// `event` as the journal and the neighbours get it; `record` is the case after it.
  init(_ event: Case.Event, of record: Case, in calendar: WorkCalendar) {
    self.init(
      facts: DisputeV1.CaseFacts(record, in: calendar), clockChanges: event.clocks.map { DisputeV1.ClockChange($0) },
      event: OneOfEvent(event.change))
  }
}

extension DisputeV1.CaseFacts {
  init(_ record: Case, in calendar: WorkCalendar) {
    let origin = record.origin
    self.init(
      caseID: origin.caseID.text, number: origin.number, version: UInt64(record.version), state: record.state.wire(),
      kind: origin.kind.wire(), discovery: origin.discovery.wire(), category: origin.category,
      flags: Case.Flag.allCases.filter(origin.flags.contains).map { $0.wire() }, importSource: origin.importSource,
      externalRef: origin.externalRef, reportTime: GoogleProtobuf.Timestamp(origin.reportTime),
      townshipCode: origin.township.text, townshipOrgID: origin.townshipOrganisation.text, areaCode: origin.area.text,
      gridID: origin.grid?.text ?? "", level: record.level.wire(), handlingOrgID: record.handlingOrganisation.text,
      responsiblePersonID: record.responsiblePerson.text,
      determination: record.determination.map { DisputeV1.DeterminationRef($0) },
      dueTime: record.dueTime(in: calendar).wire, reporterCount: Int32(clamping: record.reporterCount))
  }
}

extension DisputeV1.SealedRef {
  init?(_ sealed: Case.SealedText?) {
    guard let sealed else { return nil }
    self.init(sealedID: sealed.sealedID, digest: sealed.digest)
  }
}

extension DisputeV1.ClockChange {
  init(_ change: Case.ClockChange) {
    switch change {
    case .started(let clock, let due):
      self.init(
        change: .started, clockKind: clock.kind, round: Int32(clamping: clock.round),
        changeTime: GoogleProtobuf.Timestamp(clock.startTime), policyCode: clock.policyCode,
        policyVersion: Int32(clamping: clock.policyVersion), budget: CommonV1.TimeBudget(clock.budget),
        dueTime: due.wire)
    case .stopped(let kind, let round, let time, let due, let isOnTime):
      self.init(
        change: .stopped, clockKind: kind, round: Int32(clamping: round), changeTime: GoogleProtobuf.Timestamp(time),
        dueTime: due.wire, onTime: isOnTime)
    case .suspended(let kind, let round, let time):
      self.init(
        change: .suspended, clockKind: kind, round: Int32(clamping: round), changeTime: GoogleProtobuf.Timestamp(time))
    case .resumed(let kind, let round, let time):
      self.init(
        change: .resumed, clockKind: kind, round: Int32(clamping: round), changeTime: GoogleProtobuf.Timestamp(time))
    case .moved(let kind, let round, let old, let new, let time):
      self.init(
        change: .moved, clockKind: kind, round: Int32(clamping: round), changeTime: GoogleProtobuf.Timestamp(time),
        dueTime: GoogleProtobuf.Timestamp(new), oldDueTime: GoogleProtobuf.Timestamp(old))
    case .rebudgeted(let clock, let old, let new, let effective, let time):
      self.init(
        change: .rebudgeted, clockKind: clock.kind, round: Int32(clamping: clock.round),
        changeTime: GoogleProtobuf.Timestamp(time), policyCode: clock.policyCode,
        policyVersion: Int32(clamping: clock.policyVersion), budget: CommonV1.TimeBudget(clock.budget),
        dueTime: GoogleProtobuf.Timestamp(new), startTime: GoogleProtobuf.Timestamp(clock.startTime),
        oldDueTime: GoogleProtobuf.Timestamp(old), effectiveTime: GoogleProtobuf.Timestamp(effective))
    case .promised(let kind, let round, let due, let time):
      self.init(
        change: .promised, clockKind: kind, round: Int32(clamping: round), changeTime: GoogleProtobuf.Timestamp(time),
        dueTime: GoogleProtobuf.Timestamp(due))
    case .adopted(let kind, let round, let start, let time):
      self.init(
        change: .adopted, clockKind: kind, round: Int32(clamping: round), changeTime: GoogleProtobuf.Timestamp(time),
        startTime: GoogleProtobuf.Timestamp(start))
    }
  }
}

extension DisputeV1.CaseEvent.OneOfEvent {
  init(_ change: Case.Change) {
    switch change {
    case .reported(let reported): self = .reported(DisputeV1.CaseReported(reported))
    case .selfHandled(let person): self = .selfHandled(.init(responsiblePersonID: person.text))
    case .accepted(let person): self = .accepted(.init(responsiblePersonID: person.text))
    case .started(let mediators, let consenting):
      self = .started(.init(mediatorPersonIDs: mediators.map(\.text), consentingPartyIDs: consenting.sorted()))
    case .attemptRecorded(let attempt): self = .attemptRecorded(DisputeV1.AttemptRecorded(attempt))
    case .escalationSubmitted(let escalation): self = .escalationSubmitted(DisputeV1.EscalationSubmitted(escalation))
    case .escalationReceived(let number, let person):
      self = .escalationReceived(.init(number: Int32(clamping: number), responsiblePersonID: person.text))
    case .escalationReturned(let number, let reason):
      self = .escalationReturned(
        .init(number: Int32(clamping: number), returnReason: DisputeV1.SealedRef(reason)))
    case .escalationRetracted(let number): self = .escalationRetracted(.init(number: Int32(clamping: number)))
    case .analysed(let from, let minutes, let determination):
      self = .analysed(
        .init(
          fromState: from.wire(), minutes: DisputeV1.SealedRef(minutes),
          determination: determination.map { DisputeV1.DeterminationRef($0) }))
    case .determined(let determination): self = .determined(.init(determination: .init(determination)))
    case .routedHere(let person, let minutes):
      self = .routedHere(.init(responsiblePersonID: person.text, minutes: DisputeV1.SealedRef(minutes)))
    case .agencyAwaited(let task, let minutes):
      self = .agencyAwaited(.init(taskID: task, minutes: DisputeV1.SealedRef(minutes)))
    case .callAwaited(let call, let minutes):
      self = .callAwaited(.init(callID: call, minutes: DisputeV1.SealedRef(minutes)))
    case .linked(let link): self = .linked(.init(link: DisputeV1.Link(link)))
    case .settled(let settlement, let subject): self = .settled(DisputeV1.CaseSettled(settlement, by: subject))
    case .cameBack(let from, let subject): self = .cameBack(.init(fromState: from.wire(), subjectID: subject))
    case .fellBack(let to, let reason):
      self = .fellBack(.init(toState: to.wire(), reason: DisputeV1.SealedRef(reason)))
    case .closed(let closure): self = .closed(DisputeV1.CaseClosed(closure))
    case .withdrawn(let reason): self = .withdrawn(.init(reason: DisputeV1.SealedRef(reason)))
    case .terminated(let from, let way, let guidance):
      self = .terminated(.init(fromState: from.wire(), way: way, guidance: DisputeV1.SealedRef(guidance)))
    case .clocksRederived: self = .clocksRederived(.init())
    case .rungFired(let fired): self = .clockWarned(DisputeV1.ClockWarned(fired))
    case .partyCorrected(let partyID, let name, let phone):
      self = .partyCorrected(
        .init(partyID: partyID, name: DisputeV1.SealedRef(name), phone: DisputeV1.SealedRef(phone)))
    case .rejected, .reconsidered, .merged, .absorbed, .repointed, .unmerged, .released, .located, .classified,
      .flagged,
      .assigned:
      self = Self.screening(change)
    case .suspended, .resumed, .analysisRecorded, .returnedDown, .routedIndustry, .jointStarted, .reanalysed, .planned,
      .measureUpdated, .departmentInvited, .departmentAnswered, .assisted, .signed, .reopened, .followedUp,
      .satisfactionRated, .agreementConfirmed:
      self = Self.handling(change)
    }
  }
}

extension DisputeV1.ClockWarned {
  init(_ fired: Case.FiredRung) {
    self.init(
      clockKind: fired.kind, round: Int32(clamping: fired.round), rung: fired.rung.wire(),
      rungTime: GoogleProtobuf.Timestamp(fired.rungTime), noticeTime: GoogleProtobuf.Timestamp(fired.noticeTime))
  }
}

extension DisputeV1.CaseReported {
  init(_ reported: Case.Reported) {
    let origin = reported.origin
    self.init(
      complexity: origin.complexity.wire(), occurTime: origin.occurTime.wire,
      reporterPersonID: origin.reporter.text, reporterOrgID: origin.reporterOrganisation.text,
      title: DisputeV1.SealedRef(origin.title), narrative: DisputeV1.SealedRef(origin.narrative),
      parties: reported.parties.map { party in
        DisputeV1.SealedParty(
          partyID: party.partyID, role: party.role.wire(), name: DisputeV1.SealedRef(party.name),
          phone: DisputeV1.SealedRef(party.phone), organisation: party.isOrganisation)
      },
      partyCount: Int32(clamping: origin.partyCount), ownLevel: reported.level.wire(),
      industryRoomOrgID: reported.industryRoom?.text ?? "",
      location: origin.location.map { DisputeV1.Location($0) })
  }
}

extension DisputeV1.AttemptRecorded {
  init(_ attempt: Case.Attempt) {
    self.init(
      number: Int32(clamping: attempt.number), level: attempt.level.wire(), orgID: attempt.organisation.text,
      mediatorPersonIDs: attempt.mediators.map(\.text), attemptTime: GoogleProtobuf.Timestamp(attempt.attemptTime),
      method: attempt.method, presentCount: Int32(clamping: attempt.presentCount), result: attempt.result.wire(),
      record: DisputeV1.SealedRef(attempt.record), failureReason: DisputeV1.SealedRef(attempt.failureReason))
  }
}

extension DisputeV1.EscalationSubmitted {
  init(_ escalation: Case.Escalation) {
    self.init(
      number: Int32(clamping: escalation.number), fromLevel: escalation.fromLevel.wire(),
      fromOrgID: escalation.fromOrganisation.text, toLevel: escalation.toLevel.wire(),
      toOrgID: escalation.toOrganisation.text, urgent: escalation.isUrgent,
      reason: DisputeV1.SealedRef(escalation.reason))
  }
}

extension DisputeV1.CaseSettled {
  init(_ settlement: Case.Settlement, by subject: String?) {
    self.init(
      fromState: settlement.settledFrom.wire(), agreement: settlement.agreement?.wire() ?? .unspecified,
      performanceDueTime: settlement.performanceDueTime.wire, text: DisputeV1.SealedRef(settlement.text),
      subjectID: subject ?? "", content: settlement.content.map { DisputeV1.SealedAgreement($0) })
  }
}

extension DisputeV1.CaseClosed {
  init(_ closure: Case.Closure) {
    self.init(
      closeTime: GoogleProtobuf.Timestamp(closure.closeTime), dueTime: closure.dueTime.wire, onTime: closure.isOnTime,
      result: closure.result, authority: closure.authority.wire(), resolvingLevel: closure.resolvingLevel.wire(),
      partiesNotified: closure.partiesNotified, satisfaction: closure.satisfaction?.wire() ?? .unspecified,
      followUpDueTime: GoogleProtobuf.Timestamp(closure.followUpDueTime),
      secondSignerPersonID: closure.secondSigner?.text ?? "", closerPersonID: closure.closer.text,
      evidenceRefs: closure.evidence, basis: closure.basis)
  }
}
