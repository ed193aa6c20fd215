import Feed
import FeedContract
import GridRegistryContract
import GridRegistryStore
import Kernel
import RPC
import Runtime
import WireTypes

/// What this service hears of its neighbours: which cases are open in which grid.
struct InboxHandlers: GridRegistryV1.InboxService {
  let shell: GridRegistryShell
  private let inbox = Inbox()

  init(shell: GridRegistryShell) { self.shell = shell }

  func getPosition(
    _ request: GridRegistryV1.GetPositionRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetPositionResponse {
    shell.caseNews.heard(request.source, at: shell.commands.time.now())
    return .init(position: .init(try shell.commands.readInline { try inbox.position(of: request.source, in: $0) }))
  }

  func receiveMessages(
    _ request: GridRegistryV1.ReceiveMessagesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ReceiveMessagesResponse {
    let registry = try Registry(of: context.actor)
    let delivery = try await inbox.deliver(
      request.messages, to: shell.commands.database, origin: \.origin
    ) { message, _, transaction in
      switch message.content {
      case .caseHeard(let heard):
        guard !heard.caseID.isEmpty else { throw Refused(.invalidArgument, .caseIDMissing) }
        try registry.heardCases.save(
          heard.caseID, grid: .init(heard.gridID), responsible: heard.responsiblePersonID, isOpen: heard.open,
          in: transaction)
      case .heartbeat, nil: break
      }
    }
    if let source = request.messages.first?.origin?.source {
      shell.caseNews.heard(source, at: shell.commands.time.now())
    }
    return .init(
      appliedCount: Int32(delivery.appliedCount), alreadyAppliedCount: Int32(delivery.alreadyAppliedCount),
      refusal: delivery.refusal.map { .init($0) }, position: .init(delivery.position))
  }
}

extension Reason {
  static let caseIDMissing = Reason(
    "CASE_ID_MISSING", zh: "缺少事项编号。", en: "The case has no id.", field: "case_heard.case_id")
}
