import Access
import CommonContract
import DispatchContract
import DispatchDomain
import DispatchStore
import Journal
import Kernel
import RPC
import Wire
import WireTypes

extension CallHandlers {
  func checkAdmission(
    _ request: DispatchV1.CheckAdmissionRequest, context: ServerContext
  ) async throws -> DispatchV1.CheckAdmissionResponse {
    try await shell.read(context) { records, actor, now in try records.checkAdmission(request, for: actor, at: now) }
  }

  func getCall(_ request: DispatchV1.GetCallRequest, context: ServerContext) async throws -> DispatchV1.GetCallResponse
  {
    try await shell.read(context) { records, actor, now in
      let id =
        try request.callID.isEmpty
        ? records.calls.find(number: request.number, in: records.reading)?.text ?? "" : request.callID
      return .init(call: try records.view(records.call(id), for: actor, at: now))
    }
  }

  func listCalls(
    _ request: DispatchV1.ListCallsRequest, context: ServerContext
  ) async throws -> DispatchV1.ListCallsResponse {
    let filter = try CallStore.Filter(request)
    let page = try Page(request.pageToken, size: request.pageSize, start: Page.newest)
    return try await shell.read(context) { records, actor, now in
      let found = try records.calls.list(
        filter, before: page.time, page.id, limit: page.size + 1, in: records.reading)
      let (calls, next) = page.cut(found) { ($0.draftTime, $0.id.text) }
      return .init(
        calls: try calls.map { try records.view($0, for: actor, at: now, texts: false) }, nextPageToken: next)
    }
  }

  func getTimeline(
    _ request: DispatchV1.GetTimelineRequest, context: ServerContext
  ) async throws -> DispatchV1.GetTimelineResponse {
    try await shell.read(context) { records, _, _ in
      let call = try records.call(request.callID)
      let entries = try Journal.entries(ofAggregate: "call", call.id.text, in: records.reading)
      return .init(entries: try entries.map(DispatchV1.TimelineEntry.init))
    }
  }

  func getAllowedActions(
    _ request: DispatchV1.GetAllowedActionsRequest, context: ServerContext
  ) async throws -> DispatchV1.GetAllowedActionsResponse {
    try await shell.read(context) { records, actor, _ in
      let call = try records.call(request.callID)
      let actions = call.allowedActions(by: actor, as: try records.parts(of: actor, call))
      return .init(
        actions: actions.map {
          .init(action: $0.action.rawValue, unmet: $0.unmet.map { CommonV1.RefusalReason($0) })
        })
    }
  }

  func listAwaitingCases(
    _ request: DispatchV1.ListAwaitingCasesRequest, context: ServerContext
  ) async throws -> DispatchV1.ListAwaitingCasesResponse {
    let page = try Page(request.pageToken, size: request.pageSize, start: Page.oldest)
    return try await shell.read(context) { records, _, _ in
      let found = try records.awaiting.list(
        township: request.townshipCode.isEmpty ? nil : request.townshipCode, after: page.time, page.id,
        limit: page.size + 1, in: records.reading)
      let (cases, next) = page.cut(found) { ($0.awaitTime, $0.caseID) }
      return .init(cases: cases.map(DispatchV1.AwaitingCase.init), nextPageToken: next)
    }
  }
}

extension CallStore.Filter {
  /// Refuses `FILTERS_TOO_MANY`.
  fileprivate init(_ request: DispatchV1.ListCallsRequest) throws {
    let state = request.state.named(Call.State.self)
    switch (request.townshipCode, request.mainOrgID, request.caseID) {
    case ("", "", ""): self = .all(state)
    case (let code, "", ""): self = .township(code, state)
    case ("", let orgID, ""): self = .main(orgID, state)
    case ("", "", let caseID) where state == nil: self = .ofCase(caseID)
    default: throw Refused(.invalidArgument, .filtersTooMany)
    }
  }
}

extension DispatchV1.TimelineEntry {
  fileprivate init(_ entry: JournalEntry) throws {
    let actor = entry.actor
    self.init(
      occurTime: .init(entry.occurTime), eventType: entry.eventType, personID: actor.personID,
      orgID: actor.organisationID, role: actor.role.rawValue, aggregateVersion: UInt64(entry.aggregateVersion),
      eventID: entry.eventID, facts: try DispatchV1.CallEvent(decoding: entry.payload).facts, seq: entry.seq)
  }
}

extension DispatchV1.AwaitingCase {
  fileprivate init(_ awaiting: AwaitingCase) {
    self.init(
      caseID: awaiting.caseID, number: awaiting.number, awaitsCall: awaiting.awaitsCall,
      townshipOrgID: awaiting.townshipOrgID, townshipCode: awaiting.townshipCode, itemCode: awaiting.itemCode,
      determinationID: awaiting.determinationID, awaitTime: .init(awaiting.awaitTime))
  }
}
