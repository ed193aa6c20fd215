import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Kernel
import RPC
import Runtime

/// Enrolments.
struct EnrolmentHandlers: CareVisitV1.EnrolmentService {
  let desk: CareDesk

  func proposeEnrolment(
    _ request: CareVisitV1.ProposeEnrolmentRequest, context: ServerContext
  ) async throws -> CareVisitV1.ProposeEnrolmentResponse {
    try await desk.perform(
      request, request.requestID, context,
      hiding: { bare, register in
        bare.consentRef = register.hidden(bare.consentRef)
        bare.identity = bare.identity?.hidden(by: register)
      }
    ) { .init(enrolment: .init(try $0.propose(request))) }
  }

  func decideEnrolment(
    _ request: CareVisitV1.DecideEnrolmentRequest, context: ServerContext
  ) async throws -> CareVisitV1.DecideEnrolmentResponse {
    try await desk.perform(
      request, request.requestID, context,
      hiding: { bare, register in bare.decisionReason = register.hidden(bare.decisionReason) }
    ) { clerk in
      let reason = request.decisionReason
      let event = try clerk.carryOut(
        request.approved ? .approve(reason: reason) : .reject(reason: reason), on: request.enrolmentID,
        expected: request.expectedVersion)
      return .init(enrolment: .init(event.enrolment))
    }
  }

  func beginEnrolment(
    _ request: CareVisitV1.BeginEnrolmentRequest, context: ServerContext
  ) async throws -> CareVisitV1.BeginEnrolmentResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      let event = try clerk.carryOut(
        .begin(visitorID: request.visitorPersonID, firstVisit: request.nextVisitDate), on: request.enrolmentID,
        expected: request.expectedVersion)
      return .init(enrolment: .init(event.enrolment))
    }
  }

  func reassignEnrolment(
    _ request: CareVisitV1.ReassignEnrolmentRequest, context: ServerContext
  ) async throws -> CareVisitV1.ReassignEnrolmentResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      let event = try clerk.carryOut(
        .reassign(visitorID: request.visitorPersonID), on: request.enrolmentID, expected: request.expectedVersion)
      return .init(enrolment: .init(event.enrolment))
    }
  }

  func endEnrolment(
    _ request: CareVisitV1.EndEnrolmentRequest, context: ServerContext
  ) async throws -> CareVisitV1.EndEnrolmentResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      let command: Enrolment.Command =
        switch request.endCause {
        case .declined: .decline
        case .needOver: .end(.needOver)
        default: .end(nil)
        }
      let event = try clerk.carryOut(command, on: request.enrolmentID, expected: request.expectedVersion)
      return .init(enrolment: .init(event.enrolment))
    }
  }

  func getEnrolment(
    _ request: CareVisitV1.GetEnrolmentRequest, context: ServerContext
  ) async throws -> CareVisitV1.GetEnrolmentResponse {
    try await desk.read(context) { reader in
      let (enrolment, parts) = try reader.enrolment(request.enrolmentID)
      return .init(
        enrolment: .init(enrolment), allowedActions: enrolment.allowedActions(as: parts).map(\.rawValue))
    }
  }

  func listEnrolments(
    _ request: CareVisitV1.ListEnrolmentsRequest, context: ServerContext
  ) async throws -> CareVisitV1.ListEnrolmentsResponse {
    try await desk.read(context) { reader in
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let (store, actor) = (reader.register.enrolments, reader.actor)
      let found =
        switch actor.role {
        case .dataProtectionOfficer: try store.list(after: page.after, limit: page.limit, in: reader.reading)
        case .gridLead:
          try store.list(
            ofOrganisation: actor.organisationID, after: page.after, limit: page.limit, in: reader.reading)
        case .careVisitor:
          try store.list(
            ofVisitor: actor.personID, for: actor.organisationID, after: page.after, limit: page.limit,
            in: reader.reading)
        default: [Enrolment]()
        }
      return .init(enrolments: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }
}
