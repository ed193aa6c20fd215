import DisputeContract
import DisputeDomain
import RPC

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
}
