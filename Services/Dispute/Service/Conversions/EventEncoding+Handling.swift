import DisputeContract
import DisputeDomain
import Kernel
import WireTypes

/// The events of merging, classifying, joint handling and of what follows the closing, for the journal.
extension DisputeV1.CaseEvent.OneOfEvent {
  static func screening(_ change: Case.Change) -> Self {
    switch change {
    case .rejected(let rejection):
      .rejected(
        .init(
          ground: rejection.ground.wire(), reason: DisputeV1.SealedRef(rejection.reason),
          personID: rejection.person.text))
    case .reconsidered(let objection): .reconsidered(.init(objection: DisputeV1.SealedRef(objection)))
    case .merged(let survivor, let reason):
      .merged(.init(survivorCaseID: survivor.text, reason: DisputeV1.SealedRef(reason)))
    case .absorbed(let merges): .absorbed(.init(cases: merges.map { DisputeV1.MergedCase($0) }))
    case .repointed(let survivor): .repointed(.init(survivorCaseID: survivor.text))
    case .unmerged(let survivor, let reason, let level):
      .unmerged(
        .init(survivorCaseID: survivor.text, reason: DisputeV1.SealedRef(reason), level: level.wire()))
    case .released(let other): .released(.init(caseID: other.text))
    case .located(let location):
      .located(
        .init(
          gridID: location.grid.text, areaCode: location.area.text, townshipCode: location.township.text,
          townshipOrgID: location.townshipOrganisation.text, level: location.step.level.wire(),
          handlingOrgID: location.step.organisation.text, responsiblePersonID: location.responsible.text))
    case .classified(let category, let complexity):
      .classified(.init(category: category, complexity: complexity.wire()))
    case .flagged(let flagging):
      .flagged(
        .init(
          flags: Case.Flag.allCases.filter(flagging.flags.contains).map { $0.wire() },
          reason: DisputeV1.SealedRef(flagging.reason), industryRoomOrgID: flagging.industryRoom?.text ?? "",
          level: flagging.step.level.wire(), handlingOrgID: flagging.step.organisation.text,
          responsiblePersonID: flagging.responsible.text))
    case .assigned(let person, let reason, let phone):
      .assigned(
        .init(
          responsiblePersonID: person.text, reason: DisputeV1.SealedRef(reason), phone: DisputeV1.SealedRef(phone)))
    default: .clocksRederived(.init())
    }
  }

  static func handling(_ change: Case.Change) -> Self {
    switch change {
    case .suspended(let adjournment):
      .suspended(
        .init(reason: adjournment.reason.wire(), resumeTime: GoogleProtobuf.Timestamp(adjournment.resumeTime)))
    case .resumed: .resumed(.init())
    case .analysisRecorded(let analysis, let determination):
      .analysisRecorded(DisputeV1.AnalysisRecorded(analysis, determination))
    case .returnedDown(let number, let reason, let step, let person):
      .returnedDown(
        .init(
          number: Int32(clamping: number), returnReason: DisputeV1.SealedRef(reason), level: step.level.wire(),
          handlingOrgID: step.organisation.text, responsiblePersonID: person.text))
    case .routedIndustry(let room, let person, let minutes):
      .routedIndustry(
        .init(roomOrgID: room.text, responsiblePersonID: person.text, minutes: DisputeV1.SealedRef(minutes)))
    case .jointStarted(let lead, let person, let approver, let minutes):
      .jointStarted(
        .init(
          leadOrgID: lead.text, responsiblePersonID: person.text, approverPersonID: approver.text,
          minutes: DisputeV1.SealedRef(minutes)))
    case .reanalysed(let reason): .reanalysed(.init(reason: DisputeV1.SealedRef(reason)))
    case .planned(let plan):
      .planCreated(
        .init(
          leadOrgID: plan.leadOrganisation.text,
          responsibles: plan.responsibles.map {
            .init(personID: $0.person.text, phone: DisputeV1.SealedRef($0.phone))
          },
          measures: plan.measures.map { DisputeV1.SealedMeasure($0) }))
    case .measureUpdated(let number, let state, let outcome, let evidence):
      .measureUpdated(
        .init(
          number: Int32(clamping: number), state: state.wire(), outcome: DisputeV1.SealedRef(outcome),
          evidenceRefs: evidence))
    case .departmentInvited(let invitation):
      .departmentInvited(
        .init(
          number: Int32(clamping: invitation.number), orgID: invitation.organisation.text,
          ask: DisputeV1.SealedRef(invitation.ask), dueTime: invitation.dueTime.wire))
    case .departmentAnswered(let number, let accepts, let person, let basis):
      .departmentAnswered(
        .init(
          number: Int32(clamping: number), accepted: accepts, personID: person.text, basis: DisputeV1.SealedRef(basis)))
    case .assisted(let assist):
      .assistDone(
        .init(
          personID: assist.person.text, orgID: assist.organisation.text, text: DisputeV1.SealedRef(assist.text)))
    case .signed(let person): .signed(.init(personID: person.text))
    case .reopened(let reopening, let level):
      .reopened(
        .init(
          number: Int32(clamping: reopening.number), source: reopening.source.wire(),
          fromState: reopening.fromState.wire(), reason: DisputeV1.SealedRef(reopening.reason), level: level.wire()))
    case .followedUp(let followUp):
      .followUpRecorded(
        .init(
          number: Int32(clamping: followUp.number), visitTime: GoogleProtobuf.Timestamp(followUp.visitTime),
          performed: followUp.isPerformed, newDispute: followUp.isNewDispute,
          remark: DisputeV1.SealedRef(followUp.remark), personID: followUp.person.text))
    case .satisfactionRated(let satisfaction, let channel):
      .satisfactionRecorded(.init(satisfaction: satisfaction.wire(), channel: channel))
    case .agreementConfirmed(let confirmation): .agreementConfirmed(.init(confirmation: confirmation.wire()))
    default: .clocksRederived(.init())
    }
  }
}

extension DisputeV1.MergedCase {
  init(_ merge: Case.Merge) {
    self.init(
      caseID: merge.caseID.text, reporterCount: Int32(clamping: merge.reporterCount),
      mergeTime: GoogleProtobuf.Timestamp(merge.mergeTime), startTime: merge.startTime.wire,
      ownStartTime: merge.ownStartTime.wire)
  }
}

extension DisputeV1.AnalysisRecorded {
  init(_ analysis: Case.Analysis, _ determination: Case.Determination?) {
    self.init(
      number: Int32(clamping: analysis.number), level: analysis.level.wire(), orgID: analysis.organisation.text,
      attendantPersonIDs: analysis.attendants.map(\.text), causes: DisputeV1.SealedRef(analysis.causes),
      route: analysis.route.wire(), minutes: DisputeV1.SealedRef(analysis.minutes),
      determination: determination.map { DisputeV1.DeterminationRef($0) })
  }
}

extension DisputeV1.SealedMeasure {
  init(_ measure: Case.Measure) {
    self.init(
      number: Int32(clamping: measure.number), text: DisputeV1.SealedRef(measure.text),
      ownerOrgID: measure.ownerOrganisation.text, ownerPersonID: measure.ownerPerson?.text ?? "",
      dueTime: measure.dueTime.wire, state: measure.state.wire(), outcome: DisputeV1.SealedRef(measure.outcome),
      evidenceRefs: measure.evidence, changeTime: measure.changeTime.wire)
  }
}

extension DisputeV1.SealedAgreement {
  init(_ content: Case.AgreementContent) {
    self.init(
      signedPartyIDs: content.signedParties, facts: DisputeV1.SealedRef(content.facts),
      duties: DisputeV1.SealedRef(content.duties), manner: DisputeV1.SealedRef(content.manner),
      place: DisputeV1.SealedRef(content.place), evidenceRefs: content.evidence)
  }
}
