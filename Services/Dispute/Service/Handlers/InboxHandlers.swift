import Access
import DisputeContract
import Feed
import FeedContract
import Kernel
import RPC
import Runtime
import WireTypes

/// What the gateway relays from our neighbours.
struct InboxHandlers: DisputeV1.InboxService {
  let dispute: DisputeShell
  private let inbox = Inbox()

  init(dispute: DisputeShell) { self.dispute = dispute }

  func getPosition(
    _ request: DisputeV1.GetPositionRequest, context: ServerContext
  ) async throws -> DisputeV1.GetPositionResponse {
    try dispute.shell.readInline { reading in
      .init(position: FeedV1.Position(try inbox.position(of: request.source, in: reading)))
    }
  }

  func receiveMessages(
    _ request: DisputeV1.ReceiveMessagesRequest, context: ServerContext
  ) async throws -> DisputeV1.ReceiveMessagesResponse {
    let system = Actor.system(county: dispute.county.text)
    let delivery = try await inbox.deliver(
      request.messages, to: dispute.shell.database, origin: { $0.origin },
      apply: { message, origin, transaction in
        let command = dispute.shell.command(
          transaction, as: system, at: origin.occurTime, causationID: origin.eventID)
        try Hearing(dispute, command).hear(message.content)
      })
    return .init(
      appliedCount: Int32(delivery.appliedCount), alreadyAppliedCount: Int32(delivery.alreadyAppliedCount),
      refusal: delivery.refusal.map { FeedV1.DeliveryRefusal($0) }, position: FeedV1.Position(delivery.position))
  }
}
