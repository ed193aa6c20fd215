import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Kernel
import RPC
import Runtime

/// Programmes.
struct ProgrammeHandlers: CareVisitV1.ProgrammeService {
  let desk: CareDesk

  func proposeProgramme(
    _ request: CareVisitV1.ProposeProgrammeRequest, context: ServerContext
  ) async throws -> CareVisitV1.ProposeProgrammeResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      let facts = Programme.Facts(request.programme ?? .init(), controllerID: clerk.actor.organisationID)
      return .init(programme: .init(try clerk.propose(facts)))
    }
  }

  func decideProgramme(
    _ request: CareVisitV1.DecideProgrammeRequest, context: ServerContext
  ) async throws -> CareVisitV1.DecideProgrammeResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      let programme = try clerk.decide(
        request.approved ? .approve : .reject, on: request.programmeID, expected: request.expectedVersion)
      return .init(programme: .init(programme))
    }
  }

  func closeProgramme(
    _ request: CareVisitV1.CloseProgrammeRequest, context: ServerContext
  ) async throws -> CareVisitV1.CloseProgrammeResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      .init(
        programme: .init(
          try clerk.decide(.close, on: request.programmeID, expected: request.expectedVersion)))
    }
  }

  func listProgrammes(
    _ request: CareVisitV1.ListProgrammesRequest, context: ServerContext
  ) async throws -> CareVisitV1.ListProgrammesResponse {
    try await desk.read(context) { reader in
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let found = try reader.register.programmes.list(after: page.after, limit: page.limit, in: reader.reading)
      return .init(programmes: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }
}
