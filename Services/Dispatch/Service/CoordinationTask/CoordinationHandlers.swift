import DispatchContract
import DispatchDomain
import DispatchStore
import Kernel
import RPC

/// A township asks a dispatched agency to coordinate (派驻机构协调).
struct CoordinationHandlers: DispatchV1.CoordinationService {
  let shell: DispatchShell

  func requestCoordination(
    _ request: DispatchV1.RequestCoordinationRequest, context: ServerContext
  ) async throws -> DispatchV1.RequestCoordinationResponse {
    try await shell.perform(request, request.requestID, context) { desk in
      let task = try desk.request(request)
      return .init(task: try desk.records.view(task, for: desk.actor, at: desk.now))
    }
  }

  func acceptCoordination(
    _ request: DispatchV1.AcceptCoordinationRequest, context: ServerContext
  ) async throws -> DispatchV1.AcceptCoordinationResponse {
    try await shell.perform(
      request, request.requestID, onTask: request.taskID, request.expectedVersion, context,
      respond: { .init(task: $0) }
    ) { _, _ in .accept }
  }

  func completeCoordination(
    _ request: DispatchV1.CompleteCoordinationRequest, context: ServerContext
  ) async throws -> DispatchV1.CompleteCoordinationResponse {
    try await shell.perform(
      request, request.requestID, onTask: request.taskID, request.expectedVersion, context,
      respond: { .init(task: $0) }
    ) { desk, task in .done(result: try desk.texts.seal(request.result, "task.result", of: task.id.text)) }
  }

  func declareUnable(
    _ request: DispatchV1.DeclareUnableRequest, context: ServerContext
  ) async throws -> DispatchV1.DeclareUnableResponse {
    try await shell.perform(
      request, request.requestID, onTask: request.taskID, request.expectedVersion, context,
      respond: { .init(task: $0) }
    ) { desk, task in
      .unable(
        request.unableReason.named(), basis: try desk.texts.seal(request.unableBasis, "task.basis", of: task.id.text))
    }
  }

  func getCoordinationTask(
    _ request: DispatchV1.GetCoordinationTaskRequest, context: ServerContext
  ) async throws -> DispatchV1.GetCoordinationTaskResponse {
    try await shell.read(context) { records, actor, now in
      .init(task: try records.view(records.task(request.taskID), for: actor, at: now))
    }
  }

  func listCoordinationTasks(
    _ request: DispatchV1.ListCoordinationTasksRequest, context: ServerContext
  ) async throws -> DispatchV1.ListCoordinationTasksResponse {
    let filter = try CoordinationTaskStore.Filter(request)
    let page = try Page(request.pageToken, size: request.pageSize, start: Page.newest)
    return try await shell.read(context) { records, actor, now in
      let found = try records.tasks.list(
        filter, before: page.time, page.id, limit: page.size + 1, in: records.reading)
      let (tasks, next) = page.cut(found) { ($0.requestTime, $0.id.text) }
      return .init(
        tasks: try tasks.map { try records.view($0, for: actor, at: now, texts: false) }, nextPageToken: next)
    }
  }
}

extension Desk {
  /// Asks an agency.
  fileprivate func request(_ request: DispatchV1.RequestCoordinationRequest) throws -> CoordinationTask {
    let faults = [
      ("township_org_id", request.townshipOrgID), ("agency_org_id", request.agencyOrgID),
      ("item_code", request.itemCode), ("ask", request.ask),
    ].filter { $0.1.isEmpty }.map { Reason.missing($0.0) }
    let id = UUIDv7.make(at: now)
    guard faults.isEmpty, let ask = try texts.seal(request.ask, "task.ask", of: id) else {
      throw Refused(.invalidArgument, faults)
    }
    let parts = try CoordinationTask.parts(
      of: actor, townshipOrgID: request.townshipOrgID, agencyOrgID: request.agencyOrgID, in: records.directory)
    let asked = CoordinationTask.Request(
      id: ID(id), townshipOrgID: request.townshipOrgID, townshipCode: try records.townshipCode(request.townshipOrgID),
      agency: try records.directory.organisation(request.agencyOrgID), agencyOrgID: request.agencyOrgID,
      itemCode: request.itemCode, itemAgencyTypes: request.itemAgencyTypes, determinationID: request.determinationID,
      caseID: request.caseID, ask: ask)
    let event = try CoordinationTask.open(asked, as: parts, at: now, policy: policy, calendar: records.calendar())
    guard let task = try open(event) else { throw Refused(.failedPrecondition, .taskUnknown) }
    return task
  }
}

extension CoordinationTaskStore.Filter {
  /// Refuses `FILTERS_TOO_MANY`.
  fileprivate init(_ request: DispatchV1.ListCoordinationTasksRequest) throws {
    switch (request.townshipCode, request.agencyOrgID, request.caseID) {
    case ("", "", ""): self = .all
    case (let code, "", ""): self = .township(code)
    case ("", let orgID, ""): self = .agency(orgID)
    case ("", "", let caseID): self = .ofCase(caseID)
    default: throw Refused(.invalidArgument, .filtersTooMany)
    }
  }
}
