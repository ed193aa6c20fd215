import Access
import Kernel
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import Wire

/// The list as a document.
struct ListVersionHandlers: ResponsibilityListV1.ListVersionService {
  let shell: CommandShell
  let content: ListContent

  func importListVersion(
    _ request: ResponsibilityListV1.ImportListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.ImportListVersionResponse {
    try await perform(request, request.requestID, context) { try $0.importItems(request) }
  }

  func rehearseListVersion(
    _ request: ResponsibilityListV1.RehearseListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.RehearseListVersionResponse {
    do {
      // Thrown, the result undoes the part of the transaction that it was found in.
      return try await shell.apply(as: context.actor) { [content] command in
        throw Rehearsed(response: try ListKeeper(command, content: content).rehearse(request))
      }
    } catch let rehearsed as Rehearsed {
      return rehearsed.response
    }
  }

  func checkListVersion(
    _ request: ResponsibilityListV1.CheckListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.CheckListVersionResponse {
    try await shell.read { reading in
      let list = try content.list(id: request.listVersionID, in: reading)
      return .init(findings: ItemFindings.all(of: try content.items(ofList: list.id, in: reading)).map { .init($0) })
    }
  }

  func submitListVersion(
    _ request: ResponsibilityListV1.SubmitListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.SubmitListVersionResponse {
    try await change(request, request.requestID, request.listVersionID, request.expectedVersion, context) {
      .submit(content: try content.summary(ofList: request.listVersionID, in: $0))
    } answer: {
      .init(listVersion: $0)
    }
  }

  func objectToListVersion(
    _ request: ResponsibilityListV1.ObjectToListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.ObjectToListVersionResponse {
    let organisation = try context.actor.organisationID
    return try await change(request, request.requestID, request.listVersionID, request.expectedVersion, context) { _ in
      .object(opinion: request.opinion, organisationID: organisation)
    } answer: {
      .init(listVersion: $0)
    }
  }

  func approveListVersion(
    _ request: ResponsibilityListV1.ApproveListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.ApproveListVersionResponse {
    try await change(request, request.requestID, request.listVersionID, request.expectedVersion, context) { _ in
      .approve(number: request.approvalNumber)
    } answer: {
      .init(listVersion: $0)
    }
  }

  func publishListVersion(
    _ request: ResponsibilityListV1.PublishListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.PublishListVersionResponse {
    try await perform(request, request.requestID, context) { keeper in
      let day = try RequestedDay.parse(request.effectiveDate, field: "effective_date", now: keeper.command.now)
      let list = try keeper.publish(request.listVersionID, expected: request.expectedVersion, effective: day)
      return .init(listVersion: .init(list))
    }
  }

  func cancelListVersion(
    _ request: ResponsibilityListV1.CancelListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.CancelListVersionResponse {
    try await change(request, request.requestID, request.listVersionID, request.expectedVersion, context) { _ in
      .cancel
    } answer: {
      .init(listVersion: $0)
    }
  }

  func discardListVersion(
    _ request: ResponsibilityListV1.DiscardListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.DiscardListVersionResponse {
    try await change(request, request.requestID, request.listVersionID, request.expectedVersion, context) { _ in
      .discard(reason: request.discardReason)
    } answer: {
      .init(listVersion: $0)
    }
  }

  func getListVersion(
    _ request: ResponsibilityListV1.GetListVersionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.GetListVersionResponse {
    let day = try RequestedDay.parse(request.asOfDate, field: "as_of_date", now: shell.time.now())
    return .init(listVersion: .init(try shell.readInline { try find(request, day, in: $0) }))
  }

  func listListVersions(
    _ request: ResponsibilityListV1.ListListVersionsRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.ListListVersionsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let before = page.after.isEmpty ? nil : page.after
    let lists = try await shell.read { try content.lists.list(before: before, limit: page.limit, in: $0) }
    return .init(listVersions: lists.map { .init($0) }, nextPageToken: page.next(lists, key: \.number))
  }
}

extension ListVersionHandlers {
  /// The path of a command on a list.
  private func perform<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, _ context: ServerContext,
    _ body: @escaping @Sendable (ListKeeper) throws -> Response
  ) async throws -> Response {
    try await shell.perform(request, requestID: requestID, context) { try body(ListKeeper($0, content: content)) }
  }

  /// A command that moves one list on.
  private func change<Request: Message, Response: Message>(
    _ request: Request, _ requestID: String, _ id: String, _ expected: UInt64, _ context: ServerContext,
    command: @escaping @Sendable (WriteTransaction) throws -> ListVersion.Command,
    answer: @escaping @Sendable (ResponsibilityListV1.ListVersion) -> Response
  ) async throws -> Response {
    try await perform(request, requestID, context) { keeper in
      let list = try keeper.change(id, expected: expected) { _ in try command(keeper.command.tx) }
      return answer(.init(list))
    }
  }

  private func find(
    _ request: ResponsibilityListV1.GetListVersionRequest, _ day: CivilDate, in reading: ReadTransaction
  ) throws -> ListVersion {
    guard !request.number.isEmpty else { return try content.list(id: request.listVersionID, or: day, in: reading) }
    guard let list = try content.lists.find(number: request.number, in: reading) else {
      throw Refused(.notFound, .listNotFound)
    }
    return list
  }
}

/// What a rehearsal found, on the way out of a transaction that is not to be kept.
private struct Rehearsed: Error {
  let response: ResponsibilityListV1.RehearseListVersionResponse
}
