import Feed
import FeedContract
import GridRegistryContract
import Kernel
import RPC
import Runtime
import WireTypes

/// What this service hears of its neighbours: so far only how far they are.
struct InboxHandlers: GridRegistryV1.InboxService {
  let shell: GridRegistryShell
  private let inbox = Inbox()

  init(shell: GridRegistryShell) { self.shell = shell }

  func getPosition(
    _ request: GridRegistryV1.GetPositionRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetPositionResponse {
    .init(position: .init(try shell.commands.readInline { try inbox.position(of: request.source, in: $0) }))
  }

  func receiveMessages(
    _ request: GridRegistryV1.ReceiveMessagesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ReceiveMessagesResponse {
    let delivery = try await inbox.deliver(
      request.messages, to: shell.commands.database, origin: \.origin
    ) { _, _, _ in }
    return .init(
      appliedCount: Int32(delivery.appliedCount), alreadyAppliedCount: Int32(delivery.alreadyAppliedCount),
      refusal: delivery.refusal.map { .init($0) }, position: .init(delivery.position))
  }
}
