import DisputeContract
import DisputeDomain
import Kernel
import WireTypes

/// How joint handling, merging and what follows the closing are shown.
extension CaseView {
  func showHandling(of record: Case, in view: inout DisputeV1.Case) throws {
    view.plan = try record.plan.map(plan)
    view.invitations = try record.invitations.map(invitation)
    view.analyses = try record.analyses.map(analysis)
    view.assists = try record.assists.map { assist in
      .init(
        personID: assist.person.text, orgID: assist.organisation.text, assistTime: .init(assist.assistTime),
        text: try free(assist.text))
    }
    view.merges = record.merges.map {
      .init(caseID: $0.caseID.text, mergeTime: .init($0.mergeTime), reporterCount: Int32(clamping: $0.reporterCount))
    }
    view.reopenings = try record.reopenings.map { reopening in
      .init(
        number: Int32(clamping: reopening.number), reopenTime: .init(reopening.reopenTime),
        source: reopening.source.wire(), fromState: reopening.fromState.wire(), reason: try free(reopening.reason))
    }
    view.followUps = try record.followUps.map { followUp in
      .init(
        number: Int32(clamping: followUp.number), visitTime: .init(followUp.visitTime),
        performed: followUp.isPerformed, newDispute: followUp.isNewDispute, remark: try free(followUp.remark),
        personID: followUp.person.text)
    }
    view.rejection = try record.rejection.map { rejection in
      .init(
        ground: rejection.ground.wire(), reason: try free(rejection.reason), rejectTime: .init(rejection.rejectTime),
        personID: rejection.person.text, reconsidered: rejection.isReconsidered)
    }
  }

  private func plan(_ plan: Case.Plan) throws -> DisputeV1.ResolutionPlan {
    .init(
      leadOrgID: plan.leadOrganisation.text,
      responsibles: try plan.responsibles.map { responsible in
        .init(personID: responsible.person.text, phone: try text(responsible.phone, Masking.phone))
      },
      measures: try plan.measures.map { measure in
        .init(
          number: Int32(clamping: measure.number), text: try free(measure.text),
          ownerOrgID: measure.ownerOrganisation.text, ownerPersonID: measure.ownerPerson?.text ?? "",
          dueTime: measure.dueTime.wire, state: measure.state.wire(), outcome: try free(measure.outcome),
          evidenceRefs: measure.evidence, changeTime: measure.changeTime.wire)
      },
      approverPersonID: plan.approver?.text ?? "")
  }

  private func invitation(_ invitation: Case.Invitation) throws -> DisputeV1.Invitation {
    .init(
      number: Int32(clamping: invitation.number), orgID: invitation.organisation.text, ask: try free(invitation.ask),
      dueTime: invitation.dueTime.wire, state: invitation.state.wire(), sendTime: .init(invitation.sendTime),
      answerTime: invitation.answerTime.wire, answerPersonID: invitation.answerer?.text ?? "",
      basis: try free(invitation.basis))
  }

  private func analysis(_ analysis: Case.Analysis) throws -> DisputeV1.Analysis {
    .init(
      number: Int32(clamping: analysis.number), level: analysis.level.wire(), orgID: analysis.organisation.text,
      analysisTime: .init(analysis.analysisTime), attendantPersonIDs: analysis.attendants.map(\.text),
      causes: try free(analysis.causes), route: analysis.route.wire(), minutes: try free(analysis.minutes))
  }

  func content(_ content: Case.AgreementContent) throws -> DisputeV1.AgreementContent {
    .init(
      signedPartyIDs: content.signedParties, facts: try free(content.facts), duties: try free(content.duties),
      manner: try free(content.manner), place: try free(content.place), evidenceRefs: content.evidence)
  }
}

extension DisputeV1.Adjournment {
  init(_ adjournment: Case.Adjournment) {
    self.init(
      reason: adjournment.reason.wire(), adjournTime: GoogleProtobuf.Timestamp(adjournment.adjournTime),
      resumeTime: GoogleProtobuf.Timestamp(adjournment.resumeTime))
  }
}
