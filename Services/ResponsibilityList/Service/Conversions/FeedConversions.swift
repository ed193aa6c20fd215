import Feed
import FeedContract
import Kernel
import WireTypes

extension Inbox.Origin {
  init(_ origin: FeedV1.Origin) {
    self.init(
      source: origin.source, sourceEpoch: origin.sourceEpoch, seq: origin.seq, eventID: origin.eventID,
      eventType: origin.eventType, aggregateID: origin.aggregateID, aggregateVersion: origin.aggregateVersion,
      occurTime: origin.occurTime?.kernel ?? Timestamp(microseconds: 0), correlationID: origin.correlationID,
      isParked: origin.parked, afterSeq: origin.afterSeq == 0 ? nil : origin.afterSeq)
  }
}

extension FeedV1.Position {
  init(_ position: Inbox.Position) {
    self.init(
      source: position.source, sourceEpoch: position.sourceEpoch, seq: position.seq, eventID: position.eventID,
      asOfTime: position.asOfTime.map { .init($0) })
  }
}

extension FeedV1.DeliveryRefusal {
  init(_ refusal: Inbox.DeliveryRefusal) {
    self.init(
      index: Int32(refusal.index), reason: refusal.reason, text: refusal.text, retriable: refusal.isRetriable)
  }
}
