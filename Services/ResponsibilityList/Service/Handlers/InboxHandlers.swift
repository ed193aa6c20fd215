import Feed
import FeedContract
import Kernel
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListStore
import Runtime

/// What the relay tells of the neighbours.
struct InboxHandlers: ResponsibilityListV1.InboxService {
  let shell: CommandShell
  let directory: DirectoryStore
  private let inbox = Inbox()

  init(shell: CommandShell, directory: DirectoryStore) {
    self.shell = shell
    self.directory = directory
  }

  func getPosition(
    _ request: ResponsibilityListV1.GetPositionRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.GetPositionResponse {
    .init(position: .init(try shell.readInline { try inbox.position(of: request.source, in: $0) }))
  }

  func receiveMessages(
    _ request: ResponsibilityListV1.ReceiveMessagesRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.ReceiveMessagesResponse {
    let delivery = try await inbox.deliver(
      request.messages, to: shell.database, origin: { Inbox.Origin($0.origin) },
      apply: { try apply($0, $2) })
    return .init(
      appliedCount: Int32(delivery.appliedCount), alreadyAppliedCount: Int32(delivery.alreadyAppliedCount),
      refusal: delivery.refusal.map { .init($0) }, position: .init(delivery.position))
  }

  private func apply(_ message: ResponsibilityListV1.Message, _ transaction: WriteTransaction) throws {
    switch message.content {
    case .organisationHeard(let heard):
      guard !heard.orgID.isEmpty else { throw Refused(.invalidArgument, .organisationIDMissing) }
      try directory.save(.init(heard), in: transaction)
    case .heartbeat, nil: break
    }
  }
}

extension DirectoryStore.Organisation {
  fileprivate init(_ heard: ResponsibilityListV1.OrganisationHeard) {
    self.init(
      id: heard.orgID, name: heard.name, kind: heard.organisationKind, townshipCode: heard.townshipCode,
      agencyType: heard.agencyType, departmentID: heard.departmentOrgID, isClosed: heard.closed)
  }
}

extension Reason {
  static let organisationIDMissing = Reason(
    "ORG_ID_MISSING", zh: "缺少单位编号。", en: "The organisation has no id.", field: "organisation_heard.org_id")
}
