import DisputeContract
import DisputeDomain
import Kernel
import RPC
import Runtime
import WireTypes

/// Mediation at one level; for a MATTER, handling it.
struct MediationHandlers: DisputeV1.MediationService {
  let dispute: DisputeShell

  func startMediation(
    _ request: DisputeV1.StartMediationRequest, context: ServerContext
  ) async throws -> DisputeV1.StartMediationResponse {
    try await dispute.perform(request, context) { _ in
      .start(
        Case.StartDraft(
          mediators: request.mediatorPersonIDs.map { ID($0) }, noConflictDeclared: request.noConflictDeclared,
          rightsTold: request.rightsTold, consentingParties: Set(request.consentingPartyIDs)))
    }
  }

  func recordAttempt(
    _ request: DisputeV1.RecordAttemptRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordAttemptResponse {
    try await dispute.perform(request, context) { seal in
      .recordAttempt(
        Case.AttemptDraft(
          result: Case.Attempt.Result(wire: request.result), attemptTime: request.attemptTime?.kernel,
          method: try seal.code(request.method, "method"), presentCount: Int(request.presentCount),
          record: try seal(request.record, "attempt.record"),
          failureReason: try seal(request.failureReason, "attempt.failure_reason")))
    }
  }

  func adjournMediation(
    _ request: DisputeV1.AdjournMediationRequest, context: ServerContext
  ) async throws -> DisputeV1.AdjournMediationResponse {
    try await dispute.perform(request, context) { _ in
      .adjourn(Case.Adjournment.Reason(wire: request.reason), resumeTime: request.resumeTime?.kernel)
    }
  }

  func resumeMediation(
    _ request: DisputeV1.ResumeMediationRequest, context: ServerContext
  ) async throws -> DisputeV1.ResumeMediationResponse {
    try await dispute.perform(request, context) { _ in
      .resume
    }
  }
}
