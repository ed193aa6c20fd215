import DisputeContract
import DisputeDomain
import Kernel
import RPC
import WireTypes

/// Whose matter it is, and which way it goes from there.
struct AnalysisHandlers: DisputeV1.AnalysisService {
  let dispute: DisputeShell

  func analyseCase(
    _ request: DisputeV1.AnalyseCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.AnalyseCaseResponse {
    try await dispute.perform(request, context) { seal in
      .analyse(minutes: try seal(request.minutes, "analysis.minutes"), determination: request.determination?.domain)
    }
  }

  func recordDetermination(
    _ request: DisputeV1.RecordDeterminationRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordDeterminationResponse {
    try await dispute.perform(request, context) { _ in .determine(request.determination?.domain) }
  }

  func routeHere(
    _ request: DisputeV1.RouteHereRequest, context: ServerContext
  ) async throws -> DisputeV1.RouteHereResponse {
    try await dispute.perform(request, context) { seal in
      .routeHere(
        responsible: request.responsiblePersonID.given(), minutes: try seal(request.minutes, "analysis.minutes"))
    }
  }

  func routeAgency(
    _ request: DisputeV1.RouteAgencyRequest, context: ServerContext
  ) async throws -> DisputeV1.RouteAgencyResponse {
    try await dispute.perform(request, context) { seal in
      .routeAgency(task: request.taskID.given, minutes: try seal(request.minutes, "analysis.minutes"))
    }
  }

  func routeCall(
    _ request: DisputeV1.RouteCallRequest, context: ServerContext
  ) async throws -> DisputeV1.RouteCallResponse {
    try await dispute.perform(request, context) { seal in
      .routeCall(call: request.callID.given, minutes: try seal(request.minutes, "analysis.minutes"))
    }
  }

  func confirmAgencyDone(
    _ request: DisputeV1.ConfirmAgencyDoneRequest, context: ServerContext
  ) async throws -> DisputeV1.ConfirmAgencyDoneResponse {
    try await dispute.perform(request, context) { seal in
      .confirmAgencyDone(text: try seal(request.settlementText, "case.settlement"))
    }
  }

  func recordAnalysis(
    _ request: DisputeV1.RecordAnalysisRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordAnalysisResponse {
    try await dispute.perform(request, context, bare: { $0.finding = nil }) { seal in
      .recordAnalysis(
        Case.AnalysisDraft(
          attendants: request.attendantPersonIDs.map { ID($0) }, causes: try seal(request.causes, "analysis.causes"),
          route: Case.Analysis.Route(wire: request.route), minutes: try seal(request.minutes, "analysis.minutes"),
          determination: request.finding?.domain))
    }
  }

  func returnDown(
    _ request: DisputeV1.ReturnDownRequest, context: ServerContext
  ) async throws -> DisputeV1.ReturnDownResponse {
    try await dispute.perform(request, context) { seal in
      .returnDown(reason: try seal(request.returnReason, "escalation.return_reason"))
    }
  }

  func routeIndustry(
    _ request: DisputeV1.RouteIndustryRequest, context: ServerContext
  ) async throws -> DisputeV1.RouteIndustryResponse {
    try await dispute.perform(request, context) { seal in
      .routeIndustry(
        room: request.industryRoomOrgID.given(), responsible: request.responsiblePersonID.given(),
        minutes: try seal(request.minutes, "analysis.minutes"))
    }
  }

  func routeJoint(
    _ request: DisputeV1.RouteJointRequest, context: ServerContext
  ) async throws -> DisputeV1.RouteJointResponse {
    try await dispute.perform(request, context) { seal in
      .routeJoint(minutes: try seal(request.minutes, "analysis.minutes"))
    }
  }

  func reanalyseCase(
    _ request: DisputeV1.ReanalyseCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.ReanalyseCaseResponse {
    try await dispute.perform(request, context) { seal in
      .reanalyse(reason: try seal(request.reanalysisReason, "case.reanalysis_reason"))
    }
  }
}
