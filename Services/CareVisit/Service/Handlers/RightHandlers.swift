import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Kernel
import Persistence
import RPC
import Runtime

/// What people ask about their own entries.
struct RightHandlers: CareVisitV1.RightService {
  let desk: CareDesk

  func fileRight(
    _ request: CareVisitV1.FileRightRequest, context: ServerContext
  ) async throws -> CareVisitV1.FileRightResponse {
    try await desk.perform(
      request, request.requestID, context,
      hiding: { bare, register in bare.documentRef = register.hidden(bare.documentRef) }
    ) { clerk in
      let right = try clerk.file(request)
      let moment = Moment(calendar: try clerk.register.directory.calendar(), now: clerk.now)
      return .init(rightRequest: .init(right, at: moment))
    }
  }

  func answerRight(
    _ request: CareVisitV1.AnswerRightRequest, context: ServerContext
  ) async throws -> CareVisitV1.AnswerRightResponse {
    let answer: CareVisitV1.AnswerRightResponse = try await desk.perform(
      request, request.requestID, context,
      hiding: { bare, register in
        bare.decisionReason = register.hidden(bare.decisionReason)
        bare.correctedIdentity = bare.correctedIdentity?.hidden(by: register)
      }
    ) { clerk in
      let (right, enrolment) = try clerk.answer(request)
      let moment = Moment(calendar: try clerk.register.directory.calendar(), now: clerk.now)
      return .init(rightRequest: .init(right, at: moment), enrolment: .init(enrolment))
    }
    try await desk.open().overwriteErased()
    return answer
  }

  func listRights(
    _ request: CareVisitV1.ListRightsRequest, context: ServerContext
  ) async throws -> CareVisitV1.ListRightsResponse {
    try await desk.read(context) { reader in
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let register = reader.register
      let moment = Moment(calendar: try register.directory.calendar(), now: register.commands.time.now())
      let found = try register.rights.list(after: page.after, limit: page.limit, in: reader.reading)
      let shown = try found.map { right in
        let drawer = try register.vault.open(right.enrolmentID, in: reader.reading)
        let document = try drawer?.take(VaultName.document(of: right.id), in: reader.reading) ?? []
        let decision = try drawer?.take(VaultName.decision(of: right.id), in: reader.reading) ?? []
        return CareVisitV1.RightRequest(
          right, document: String(decoding: document, as: UTF8.self),
          decision: String(decoding: decision, as: UTF8.self),
          at: moment)
      }
      return .init(rightRequests: shown, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func getAccessCopy(
    _ request: CareVisitV1.GetAccessCopyRequest, context: ServerContext
  ) async throws -> CareVisitV1.GetAccessCopyResponse {
    try await desk.look(context) { try $0.accessCopy(request.rightRequestID) }
  }
}
