import Feed
import FeedContract
package import PerformanceEvaluationContract
package import RPC
import Runtime

/// What the relay tells.
package struct InboxHandlers: PerformanceEvaluationV1.InboxService {
  private let shell: CommandShell
  private let facts: FactInbox
  private let inbox = Inbox()

  init(shell: CommandShell, facts: FactInbox) {
    self.shell = shell
    self.facts = facts
  }

  package func getPosition(
    _ request: PerformanceEvaluationV1.GetPositionRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.GetPositionResponse {
    .init(position: FeedV1.Position(try shell.readInline { try inbox.position(of: request.source, in: $0) }))
  }

  package func receiveMessages(
    _ request: PerformanceEvaluationV1.ReceiveMessagesRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.ReceiveMessagesResponse {
    .init(
      try await inbox.deliver(
        request.messages, to: shell.database, origin: { $0.origin },
        apply: { try facts.apply($0, from: $1, in: $2) }))
  }
}

extension PerformanceEvaluationV1.ReceiveMessagesResponse {
  fileprivate init(_ delivery: Inbox.Delivery) {
    self.init(
      appliedCount: Int32(delivery.appliedCount), alreadyAppliedCount: Int32(delivery.alreadyAppliedCount),
      refusal: delivery.refusal.map { FeedV1.DeliveryRefusal($0) }, position: FeedV1.Position(delivery.position))
  }
}
