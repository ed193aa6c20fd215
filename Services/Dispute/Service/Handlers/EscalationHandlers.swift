import DisputeContract
import DisputeDomain
import RPC

/// Takes a case one level up, and back.
struct EscalationHandlers: DisputeV1.EscalationService {
  let dispute: DisputeShell

  func handUpCase(
    _ request: DisputeV1.HandUpCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.HandUpCaseResponse {
    try await dispute.perform(request, context) { seal in
      .handUp(reason: try seal(request.handUpReason, "escalation.reason"))
    }
  }

  func submitEscalation(
    _ request: DisputeV1.SubmitEscalationRequest, context: ServerContext
  ) async throws -> DisputeV1.SubmitEscalationResponse {
    try await dispute.perform(request, context) { seal in
      .escalate(reason: try seal(request.escalationReason, "escalation.reason"), to: request.toOrgID.given())
    }
  }

  func raiseCase(
    _ request: DisputeV1.RaiseCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.RaiseCaseResponse {
    try await dispute.perform(request, context) { seal in
      .raise(reason: try seal(request.raiseReason, "escalation.reason"))
    }
  }

  func receiveEscalation(
    _ request: DisputeV1.ReceiveEscalationRequest, context: ServerContext
  ) async throws -> DisputeV1.ReceiveEscalationResponse {
    try await dispute.perform(request, context) { _ in .receive(responsible: request.responsiblePersonID.given()) }
  }

  func returnEscalation(
    _ request: DisputeV1.ReturnEscalationRequest, context: ServerContext
  ) async throws -> DisputeV1.ReturnEscalationResponse {
    try await dispute.perform(request, context) { seal in
      .giveBack(reason: try seal(request.returnReason, "escalation.return_reason"))
    }
  }

  func retractEscalation(
    _ request: DisputeV1.RetractEscalationRequest, context: ServerContext
  ) async throws -> DisputeV1.RetractEscalationResponse {
    try await dispute.perform(request, context) { _ in .retract }
  }
}
