import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Kernel
import RPC
import Runtime
import Wire

/// Visits.
struct VisitHandlers: CareVisitV1.VisitService {
  let desk: CareDesk

  func recordVisit(
    _ request: CareVisitV1.RecordVisitRequest, context: ServerContext
  ) async throws -> CareVisitV1.RecordVisitResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      let report = Enrolment.VisitReport(
        date: request.visitDate, outcome: request.outcome.word(prefix: "OUTCOME_"), needCodes: request.needCodes,
        referralID: request.referralOrgID)
      let event = try clerk.carryOut(.visit(report), on: request.enrolmentID, expected: request.expectedVersion)
      return .init(visit: event.visit.map { .init($0) }, enrolment: .init(event.enrolment))
    }
  }

  func listVisits(
    _ request: CareVisitV1.ListVisitsRequest, context: ServerContext
  ) async throws -> CareVisitV1.ListVisitsResponse {
    try await desk.read(context) { reader in
      let (enrolment, _) = try reader.enrolment(request.enrolmentID)
      return .init(visits: try reader.register.visits.list(of: enrolment.id, in: reader.reading).map { .init($0) })
    }
  }
}

/// One identity at a time.
struct RevealHandlers: CareVisitV1.RevealService {
  let desk: CareDesk

  func revealIdentity(
    _ request: CareVisitV1.RevealIdentityRequest, context: ServerContext
  ) async throws -> CareVisitV1.RevealIdentityResponse {
    try await desk.look(context) { try $0.reveal(request.enrolmentID, purpose: request.revealPurpose) }
  }
}
