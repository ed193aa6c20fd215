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
          performanceDueTime: request.performanceDueTime?.kernel))
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
    try await dispute.perform(request, context) { _ in .registerClose((request.closure ?? .init()).draft) }
  }

  func guideToLaw(
    _ request: DisputeV1.GuideToLawRequest, context: ServerContext
  ) async throws -> DisputeV1.GuideToLawResponse {
    try await dispute.perform(request, context) { seal in
      .guideToLaw(way: request.way, guidance: try seal(request.guidance, "case.guidance"))
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
