import Feed
import FeedContract
import Kernel
package import PerformanceEvaluationContract
package import RPC
import Runtime
import WireTypes

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
        request.messages, to: shell.database, origin: { Inbox.Origin($0.origin) },
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

extension Inbox.Origin {
  init(_ origin: FeedV1.Origin?) {
    let origin = origin ?? FeedV1.Origin()
    self.init(
      source: origin.source, sourceEpoch: origin.sourceEpoch, seq: origin.seq, eventID: origin.eventID,
      eventType: origin.eventType, aggregateID: origin.aggregateID, aggregateVersion: origin.aggregateVersion,
      occurTime: origin.occurTime?.kernel ?? Timestamp(seconds: 0), correlationID: origin.correlationID,
      isParked: origin.parked)
  }
}

extension FeedV1.Position {
  init(_ position: Inbox.Position) {
    self.init(
      source: position.source, sourceEpoch: position.sourceEpoch, seq: position.seq, eventID: position.eventID,
      asOfTime: position.asOfTime.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension FeedV1.DeliveryRefusal {
  init(_ refusal: Inbox.DeliveryRefusal) {
    self.init(
      index: Int32(refusal.index), reason: refusal.reason, text: refusal.text, retriable: refusal.isRetriable)
  }
}
