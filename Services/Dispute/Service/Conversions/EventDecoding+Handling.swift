import DisputeContract
import DisputeDomain
import Kernel
import WireTypes

/// The events of merging, classifying, joint handling and of what follows the closing, back from the journal.
extension DisputeV1.CaseEvent.OneOfEvent {
  func screening(at time: Timestamp) -> Case.Change? {
    switch self {
    case .rejected(let event):
      Case.Rejection.Ground(wire: event.ground).map {
        .rejected(
          Case.Rejection(ground: $0, reason: event.reason?.domain, rejectTime: time, person: ID(event.personID)))
      }
    case .reconsidered(let event): .reconsidered(objection: event.objection?.domain)
    case .merged(let event): .merged(into: ID(event.survivorCaseID), reason: event.reason?.domain)
    case .absorbed(let event): .absorbed(event.cases.compactMap(\.domain))
    case .repointed(let event): .repointed(to: ID(event.survivorCaseID))
    case .unmerged(let event):
      Case.Level(wire: event.level)
        .map { .unmerged(from: ID(event.survivorCaseID), reason: event.reason?.domain, level: $0) }
    case .released(let event): .released(ID(event.caseID))
    case .located(let event): event.domain.map { .located($0) }
    case .classified(let event):
      Case.Complexity(wire: event.complexity).map { .classified(category: event.category, $0) }
    case .flagged(let event):
      Case.Level(wire: event.level).map {
        .flagged(
          Case.Flagging(
            flags: Set(event.flags.compactMap { Case.Flag(wire: $0) }), reason: event.reason?.domain,
            industryRoom: event.industryRoomOrgID.given(), step: PathStep($0, ID(event.handlingOrgID)),
            responsible: ID(event.responsiblePersonID)))
      }
    case .assigned(let event):
      .assigned(
        responsible: ID(event.responsiblePersonID), reason: event.reason?.domain, phone: event.phone?.domain)
    default: nil
    }
  }

  func handling(_ facts: DisputeV1.CaseFacts?, at time: Timestamp) -> Case.Change? {
    switch self {
    case .suspended(let event):
      guard let reason = Case.Adjournment.Reason(wire: event.reason), let resume = event.resumeTime?.kernel else {
        return nil
      }
      return .suspended(Case.Adjournment(reason: reason, adjournTime: time, resumeTime: resume))
    case .resumed: return .resumed
    case .analysisRecorded(let event):
      return event.domain(at: time).map { .analysisRecorded($0, event.determination?.domain) }
    case .returnedDown(let event):
      return Case.Level(wire: event.level).map {
        .returnedDown(
          number: Int(event.number), reason: event.returnReason?.domain, to: PathStep($0, ID(event.handlingOrgID)),
          responsible: ID(event.responsiblePersonID))
      }
    case .routedIndustry(let event):
      return .routedIndustry(
        room: ID(event.roomOrgID), responsible: ID(event.responsiblePersonID), minutes: event.minutes?.domain)
    case .jointStarted(let event):
      return .jointStarted(
        lead: ID(event.leadOrgID), responsible: ID(event.responsiblePersonID), approver: ID(event.approverPersonID),
        minutes: event.minutes?.domain)
    case .reanalysed(let event): return .reanalysed(reason: event.reason?.domain)
    case .planCreated(let event):
      return .planned(
        Case.Plan(
          leadOrganisation: ID(event.leadOrgID),
          responsibles: event.responsibles.map { Case.Responsible(person: ID($0.personID), phone: $0.phone?.domain) },
          measures: event.measures.compactMap(\.domain)))
    case .measureUpdated(let event):
      return Case.Measure.State(wire: event.state).map {
        .measureUpdated(number: Int(event.number), $0, outcome: event.outcome?.domain, evidence: event.evidenceRefs)
      }
    case .departmentInvited(let event):
      return .departmentInvited(
        Case.Invitation(
          number: Int(event.number), organisation: ID(event.orgID), ask: event.ask?.domain,
          dueTime: event.dueTime?.kernel, sendTime: time))
    case .departmentAnswered(let event):
      return .departmentAnswered(
        number: Int(event.number), accepts: event.accepted, by: ID(event.personID), basis: event.basis?.domain)
    case .assistDone(let event):
      return .assisted(
        Case.Assist(
          person: ID(event.personID), organisation: ID(event.orgID), assistTime: time, text: event.text?.domain))
    case .signed(let event): return .signed(by: ID(event.personID))
    case .reopened(let event):
      guard let source = Case.Reopening.Source(wire: event.source), let from = Case.State(wire: event.fromState),
        let level = Case.Level(wire: event.level)
      else { return nil }
      return .reopened(
        Case.Reopening(
          number: Int(event.number), reopenTime: time, source: source, fromState: from, reason: event.reason?.domain),
        level: level)
    case .followUpRecorded(let event):
      return event.visitTime.map {
        .followedUp(
          Case.FollowUp(
            number: Int(event.number), visitTime: $0.kernel, isPerformed: event.performed,
            isNewDispute: event.newDispute, remark: event.remark?.domain, person: ID(event.personID)))
      }
    case .satisfactionRecorded(let event):
      return Case.Closure.Satisfaction(wire: event.satisfaction)
        .map { .satisfactionRated($0, channel: event.channel) }
    case .agreementConfirmed(let event):
      return Case.Settlement.Confirmation(wire: event.confirmation).map { .agreementConfirmed($0) }
    default: return nil
    }
  }
}

extension DisputeV1.MergedCase {
  var domain: Case.Merge? {
    mergeTime.map {
      Case.Merge(
        caseID: ID(caseID), reporterCount: Int(reporterCount), mergeTime: $0.kernel, startTime: startTime?.kernel,
        ownStartTime: ownStartTime?.kernel)
    }
  }
}

extension DisputeV1.CaseLocated {
  var domain: Case.Placement? {
    guard let area = AreaCode(areaCode), let township = AreaCode(townshipCode), let level = Case.Level(wire: level)
    else { return nil }
    return Case.Placement(
      grid: ID(gridID), area: area, township: township, townshipOrganisation: ID(townshipOrgID),
      step: PathStep(level, ID(handlingOrgID)), responsible: ID(responsiblePersonID))
  }
}

extension DisputeV1.AnalysisRecorded {
  func domain(at time: Timestamp) -> Case.Analysis? {
    guard let level = Case.Level(wire: level), let route = Case.Analysis.Route(wire: route) else { return nil }
    return Case.Analysis(
      number: Int(number), level: level, organisation: ID(orgID), analysisTime: time,
      attendants: attendantPersonIDs.map { ID($0) }, causes: causes?.domain, route: route, minutes: minutes?.domain)
  }
}

extension DisputeV1.SealedMeasure {
  var domain: Case.Measure? {
    Case.Measure.State(wire: state).map {
      Case.Measure(
        number: Int(number), text: text?.domain, ownerOrganisation: ID(ownerOrgID), ownerPerson: ownerPersonID.given(),
        dueTime: dueTime?.kernel, state: $0, outcome: outcome?.domain, evidence: evidenceRefs,
        changeTime: changeTime?.kernel)
    }
  }
}

extension DisputeV1.SealedAgreement {
  var domain: Case.AgreementContent {
    Case.AgreementContent(
      signedParties: signedPartyIDs, facts: facts?.domain, duties: duties?.domain, manner: manner?.domain,
      place: place?.domain, evidence: evidenceRefs)
  }
}
