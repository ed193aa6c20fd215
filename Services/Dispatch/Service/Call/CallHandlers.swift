import DispatchContract
import DispatchDomain
import Kernel
import RPC

/// A township calls the county, and the county answers (乡呼县应).
struct CallHandlers: DispatchV1.CallService {
  let shell: DispatchShell

  func draftCall(
    _ request: DispatchV1.DraftCallRequest, context: ServerContext
  ) async throws -> DispatchV1.DraftCallResponse {
    try await shell.perform(request, request.requestID, context) { desk in
      let call = try desk.draft(request.draft ?? .init())
      return .init(call: try desk.records.view(call, for: desk.actor, at: desk.now))
    }
  }

  func amendCall(
    _ request: DispatchV1.AmendCallRequest, context: ServerContext
  ) async throws -> DispatchV1.AmendCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { desk, call in
      .amend(try CallContent(request.draft ?? .init(), keeping: call.content, seal: desk.sealing(call.id)))
    }
  }

  func submitCall(
    _ request: DispatchV1.SubmitCallRequest, context: ServerContext
  ) async throws -> DispatchV1.SubmitCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context,
      bare: { $0.determination = nil }, respond: { .init(call: $0, admission: $0.admission) }
    ) { desk, call in .submit(try desk.records.surroundings(request.determination, of: call, at: desk.now)) }
  }

  func cancelCall(
    _ request: DispatchV1.CancelCallRequest, context: ServerContext
  ) async throws -> DispatchV1.CancelCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { _, _ in .cancel(reason: request.cancelReason) }
  }

  func reviewCall(
    _ request: DispatchV1.ReviewCallRequest, context: ServerContext
  ) async throws -> DispatchV1.ReviewCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { _, _ in
      .review(
        admit: request.admit, reason: request.reviewReason, rule: Rule(rawValue: request.ruleCode),
        basis: request.basis)
    }
  }

  func dispatchCall(
    _ request: DispatchV1.DispatchCallRequest, context: ServerContext
  ) async throws -> DispatchV1.DispatchCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { desk, call in
      .dispatch(
        try .init(
          call.finding, main: request.mainOrgID, assists: request.assistOrgIDs, office: request.office,
          phone: request.phone, unfit: desk.records.isUnfit))
    }
  }

  func signCall(
    _ request: DispatchV1.SignCallRequest, context: ServerContext
  ) async throws -> DispatchV1.SignCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { _, _ in .sign }
  }

  func respondCall(
    _ request: DispatchV1.RespondCallRequest, context: ServerContext
  ) async throws -> DispatchV1.RespondCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { desk, call in
      .respond(
        contact: try desk.seal(request.contactRecord, "call.contact", of: call),
        plan: try desk.seal(request.plan, "call.plan", of: call), planDate: try request.planDate.asDate("plan_date"))
    }
  }

  func reportDone(
    _ request: DispatchV1.ReportDoneRequest, context: ServerContext
  ) async throws -> DispatchV1.ReportDoneResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { desk, call in .reportDone(result: try desk.seal(request.result, "call.result", of: call)) }
  }

  func completeAssist(
    _ request: DispatchV1.CompleteAssistRequest, context: ServerContext
  ) async throws -> DispatchV1.CompleteAssistResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { desk, call in
      try desk.expectOwn(department: request.orgID)
      return .completeAssist(orgID: request.orgID, result: try desk.seal(request.result, "call.result", of: call))
    }
  }

  func releaseAssist(
    _ request: DispatchV1.ReleaseAssistRequest, context: ServerContext
  ) async throws -> DispatchV1.ReleaseAssistResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { _, _ in .releaseAssist(orgID: request.orgID, reason: request.releaseReason) }
  }

  func verifyCall(
    _ request: DispatchV1.VerifyCallRequest, context: ServerContext
  ) async throws -> DispatchV1.VerifyCallResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { desk, call in
      guard let verdict = request.verdict.named(Verification.Verdict.self) else {
        throw Refused(.invalidArgument, .missing("verdict"))
      }
      let points = try request.points.compactMap { try desk.seal($0, "call.verification", of: call) }
      return .verify(verdict, points: points, rating: request.rating?.domain)
    }
  }

  func closeUnsolved(
    _ request: DispatchV1.CloseUnsolvedRequest, context: ServerContext
  ) async throws -> DispatchV1.CloseUnsolvedResponse {
    try await shell.perform(
      request, request.requestID, on: request.callID, request.expectedVersion, context, respond: { .init(call: $0) }
    ) { _, _ in
      .closeUnsolved(
        townshipAgrees: request.townshipAgrees, legallyImpossible: request.legallyImpossible,
        basis: request.closingBasis)
    }
  }
}

extension String {
  /// `nil` for nothing; refuses what is no date.
  fileprivate func asDate(_ field: String) throws -> CivilDate? {
    if isEmpty { return nil }
    guard let date = CivilDate(self) else { throw Refused(.invalidArgument, .dateInvalid(field)) }
    return date
  }
}
