import DisputeContract
import DisputeDomain
import Kernel
import Persistence
import RPC
import Runtime
import WireTypes

/// A case from its report to its closing.
struct CaseHandlers: DisputeV1.CaseService {
  let dispute: DisputeShell

  func reportCase(
    _ request: DisputeV1.ReportCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.ReportCaseResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try Reporting(dispute, transaction).report(request)
    }
  }

  func acceptCase(
    _ request: DisputeV1.AcceptCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.AcceptCaseResponse {
    try await dispute.perform(request, context) { _ in .accept(responsible: request.responsiblePersonID.given()) }
  }

  func selfHandleCase(
    _ request: DisputeV1.SelfHandleCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.SelfHandleCaseResponse {
    try await dispute.perform(request, context) { _ in .selfHandle }
  }

  func withdrawCase(
    _ request: DisputeV1.WithdrawCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.WithdrawCaseResponse {
    try await dispute.perform(request, context) { seal in
      .withdraw(reason: try seal(request.withdrawReason, "case.withdraw_reason"))
    }
  }

  func settleCase(
    _ request: DisputeV1.SettleCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.SettleCaseResponse {
    try await dispute.perform(request, context) { seal in
      .settle(
        Case.SettlementDraft(
          agreement: Case.Settlement.Agreement(wire: request.agreement),
          text: try seal(request.settlementText, "case.settlement"),
          performanceDueTime: request.performanceDueTime?.kernel, content: try request.content?.sealed(seal)))
    }
  }

  func fallBackCase(
    _ request: DisputeV1.FallBackCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.FallBackCaseResponse {
    try await dispute.perform(request, context) { seal in
      .fallBack(reason: try seal(request.fallBackReason, "case.fall_back_reason"))
    }
  }

  func registerClose(
    _ request: DisputeV1.RegisterCloseRequest, context: ServerContext
  ) async throws -> DisputeV1.RegisterCloseResponse {
    try await dispute.perform(request, context) { seal in
      let closure = request.closure ?? .init()
      for reference in [closure.result, closure.basis] + closure.evidenceRefs {
        _ = try seal.code(reference, "closure")
      }
      return .registerClose(closure.draft)
    }
  }

  func guideToLaw(
    _ request: DisputeV1.GuideToLawRequest, context: ServerContext
  ) async throws -> DisputeV1.GuideToLawResponse {
    try await dispute.perform(request, context) { seal in
      .guideToLaw(way: try seal.code(request.way, "way"), guidance: try seal(request.guidance, "case.guidance"))
    }
  }

  func rejectCase(
    _ request: DisputeV1.RejectCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.RejectCaseResponse {
    try await dispute.perform(request, context) { seal in
      .reject(
        Case.Rejection.Ground(wire: request.ground), reason: try seal(request.rejectReason, "case.reject_reason"),
        reporterTold: request.reporterTold)
    }
  }

  func reconsiderCase(
    _ request: DisputeV1.ReconsiderCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.ReconsiderCaseResponse {
    try await dispute.perform(request, context) { seal in
      .reconsider(objection: try seal(request.objection, "case.objection"))
    }
  }

  func locateCase(
    _ request: DisputeV1.LocateCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.LocateCaseResponse {
    try await dispute.perform(request, context) { _ in
      .locate(ID(request.gridID))
    }
  }

  func classifyCase(
    _ request: DisputeV1.ClassifyCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.ClassifyCaseResponse {
    try await dispute.perform(request, context) { seal in
      .classify(category: try seal.code(request.category, "category").given, Case.Complexity(wire: request.complexity))
    }
  }

  func setFlags(
    _ request: DisputeV1.SetFlagsRequest, context: ServerContext
  ) async throws -> DisputeV1.SetFlagsResponse {
    try await dispute.perform(request, context) { seal in
      .setFlags(
        Set(request.flags.compactMap { Case.Flag(wire: $0) }), reason: try seal(request.flagReason, "case.flag_reason"),
        room: request.industryRoomOrgID.given())
    }
  }

  func reassignCase(
    _ request: DisputeV1.ReassignCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.ReassignCaseResponse {
    try await dispute.perform(request, context) { seal in
      .reassign(
        request.responsiblePersonID.given(), reason: try seal(request.reassignReason, "case.reassign_reason"),
        phone: try seal(request.responsiblePhone, "responsible.phone"))
    }
  }

  func reopenCase(
    _ request: DisputeV1.ReopenCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.ReopenCaseResponse {
    try await dispute.perform(request, context) { seal in
      .reopen(
        Case.Reopening.Source(wire: request.source), reason: try seal(request.reopenReason, "case.reopen_reason"))
    }
  }

  func signCase(
    _ request: DisputeV1.SignCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.SignCaseResponse {
    try await dispute.perform(request, context) { _ in
      .sign
    }
  }

  func recordAssist(
    _ request: DisputeV1.RecordAssistRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordAssistResponse {
    try await dispute.perform(request, context) { seal in
      .assistDone(try seal(request.assistText, "case.assist"))
    }
  }

  func recordFollowUp(
    _ request: DisputeV1.RecordFollowUpRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordFollowUpResponse {
    try await dispute.perform(request, context) { seal in
      .followUp(
        Case.FollowUpDraft(
          visitTime: request.visitTime?.kernel, isPerformed: request.performed, isNewDispute: request.newDispute,
          remark: try seal(request.remark, "follow_up.remark")))
    }
  }

  func recordSatisfaction(
    _ request: DisputeV1.RecordSatisfactionRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordSatisfactionResponse {
    try await dispute.perform(request, context) { seal in
      .rateSatisfaction(
        Case.Closure.Satisfaction(wire: request.satisfaction), channel: try seal.code(request.channel, "channel"))
    }
  }

  func recordConfirmation(
    _ request: DisputeV1.RecordConfirmationRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordConfirmationResponse {
    try await dispute.perform(request, context) { _ in
      .confirmAgreement(Case.Settlement.Confirmation(wire: request.confirmation))
    }
  }

  // MARK: - Reads

  func getCase(_ request: DisputeV1.GetCaseRequest, context: ServerContext) async throws -> DisputeV1.GetCaseResponse {
    let actor = try context.actor
    return try dispute.shell.readInline { reading in
      .init(caseRecord: try CaseReading(dispute, actor, reading).get(request))
    }
  }

  func listCases(
    _ request: DisputeV1.ListCasesRequest, context: ServerContext
  ) async throws -> DisputeV1.ListCasesResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in try CaseReading(dispute, actor, reading).list(request) }
  }

  func countCases(
    _ request: DisputeV1.CountCasesRequest, context: ServerContext
  ) async throws -> DisputeV1.CountCasesResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in try CaseReading(dispute, actor, reading).count(request) }
  }

  func listTimeline(
    _ request: DisputeV1.ListTimelineRequest, context: ServerContext
  ) async throws -> DisputeV1.ListTimelineResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in
      .init(entries: try CaseReading(dispute, actor, reading).timeline(request.caseID))
    }
  }

  func listAllowedActions(
    _ request: DisputeV1.ListAllowedActionsRequest, context: ServerContext
  ) async throws -> DisputeV1.ListAllowedActionsResponse {
    let actor = try context.actor
    return try dispute.shell.readInline { reading in
      try CaseReading(dispute, actor, reading).allowedActions(request.caseID)
    }
  }

  func revealCase(
    _ request: DisputeV1.RevealCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.RevealCaseResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(caseRecord: try Revealing(dispute, transaction).reveal(request))
    }
  }
}

extension DisputeV1.AgreementContent {
  /// The content of a written agreement, its texts sealed.
  func sealed(_ seal: Sealer) throws -> Case.AgreementContent {
    Case.AgreementContent(
      signedParties: signedPartyIDs, facts: try seal(facts, "agreement.facts"),
      duties: try seal(duties, "agreement.duties"), manner: try seal(manner, "agreement.manner"),
      place: try seal(place, "agreement.place"), evidence: evidenceRefs)
  }
}
