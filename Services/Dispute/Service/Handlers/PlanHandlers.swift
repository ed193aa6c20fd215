import DisputeContract
import DisputeDomain
import Kernel
import RPC
import WireTypes

/// Joint handling: its plan, the departments that take part, the measures.
struct PlanHandlers: DisputeV1.PlanService {
  let dispute: DisputeShell

  func putPlan(
    _ request: DisputeV1.PutPlanRequest, context: ServerContext
  ) async throws -> DisputeV1.PutPlanResponse {
    try await dispute.perform(request, context) { seal in
      .plan(
        Case.PlanDraft(
          lead: request.leadOrgID.given(),
          responsibles: try request.responsibles.map {
            Case.Responsible(person: ID($0.personID), phone: try seal($0.phone, "responsible.phone"))
          },
          measures: try request.measures.map { measure in
            Case.Measure(
              number: 0, text: try seal(measure.text, "measure.text"), ownerOrganisation: ID(measure.ownerOrgID),
              ownerPerson: measure.ownerPersonID.given(), dueTime: measure.dueTime?.kernel)
          }))
    }
  }

  func updateMeasure(
    _ request: DisputeV1.UpdateMeasureRequest, context: ServerContext
  ) async throws -> DisputeV1.UpdateMeasureResponse {
    try await dispute.perform(request, context) { seal in
      .updateMeasure(
        Int(request.measureNumber), Case.Measure.State(wire: request.state),
        outcome: try seal(request.outcome, "measure.outcome"),
        evidence: try request.evidenceRefs.map { try seal.code($0, "evidence_refs") })
    }
  }

  func inviteDepartment(
    _ request: DisputeV1.InviteDepartmentRequest, context: ServerContext
  ) async throws -> DisputeV1.InviteDepartmentResponse {
    try await dispute.perform(request, context) { seal in
      .invite(
        request.orgID.given(), ask: try seal(request.ask, "invitation.ask"), dueTime: request.dueTime?.kernel)
    }
  }

  func answerInvitation(
    _ request: DisputeV1.AnswerInvitationRequest, context: ServerContext
  ) async throws -> DisputeV1.AnswerInvitationResponse {
    try await dispute.perform(request, context) { seal in
      .answerInvitation(
        Int(request.invitationNumber), accepts: request.accept, basis: try seal(request.basis, "invitation.basis"))
    }
  }
}
