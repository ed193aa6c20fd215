import Access
import CommonContract
package import FeedContract
package import Journal
import Kernel
package import Persistence
import Wire
import WireTypes

extension FeedV1.Event {
  /// A line as others may read it.
  package init(_ entry: JournalEntry) {
    self.init(
      seq: entry.seq, eventID: entry.eventID, eventType: entry.eventType, aggregateType: entry.aggregateType,
      aggregateID: entry.aggregateID, aggregateVersion: entry.aggregateVersion,
      actor: CommonV1.Actor(
        personID: entry.actor.personID, orgID: entry.actor.organisationID, role: entry.actor.role.rawValue,
        countyCode: entry.actor.countyCode, onBehalfOf: entry.actor.onBehalfOf),
      occurTime: .init(entry.occurTime), recordTime: .init(entry.recordTime), correlationID: entry.correlationID,
      causationID: entry.causationID, payload: entry.payload, previousHash: entry.previousHash, hash: entry.hash)
  }
}

extension FeedV1.Head {
  /// Where a journal ends.
  package init(_ head: JournalHead) {
    self.init(sourceEpoch: head.sourceEpoch, seq: head.seq, eventID: head.eventID, hash: head.hash)
  }
}

extension Inbox.Origin {
  /// Where a message says it comes from; a message that does not say is refused by `admit`.
  package init(_ origin: FeedV1.Origin?) {
    let origin = origin ?? FeedV1.Origin()
    self.init(
      source: origin.source, sourceEpoch: origin.sourceEpoch, seq: origin.seq, eventID: origin.eventID,
      eventType: origin.eventType, aggregateID: origin.aggregateID, aggregateVersion: origin.aggregateVersion,
      occurTime: origin.occurTime?.kernel ?? Timestamp(microseconds: 0), correlationID: origin.correlationID,
      isParked: origin.parked, afterSeq: origin.afterSeq, isWithheld: origin.withheld)
  }
}

extension FeedV1.HeardEvent {
  /// An event of a source, as it is remembered.
  package init(_ heard: Inbox.Heard) {
    self.init(seq: heard.seq, eventID: heard.eventID, eventType: heard.eventType, aggregateID: heard.aggregateID)
  }
}

extension FeedV1.LostEvent {
  /// An event that its source no longer knows.
  package init(_ lost: Inbox.Lost) {
    self.init(
      source: lost.source, sourceEpoch: lost.sourceEpoch, seq: lost.event.seq, eventID: lost.event.eventID,
      eventType: lost.event.eventType, aggregateID: lost.event.aggregateID, noteTime: .init(lost.noteTime))
  }
}

extension FeedV1.Position {
  /// How far a source was heard.
  package init(_ position: Inbox.Position) {
    self.init(
      source: position.source, sourceEpoch: position.sourceEpoch, seq: position.seq, eventID: position.eventID,
      asOfTime: position.asOfTime.map { .init($0) })
  }
}

extension FeedV1.DeliveryRefusal {
  /// Why a batch stopped.
  package init(_ refusal: Inbox.DeliveryRefusal) {
    self.init(
      index: Int32(refusal.index), reason: refusal.reason, text: refusal.text, retriable: refusal.isRetriable,
      textZh: refusal.chineseText)
  }
}

extension Inbox {
  /// `deliver` for messages that carry the contract's origin.
  package func deliver<Message: Sendable>(
    _ messages: [Message], to database: Database, origin: @escaping @Sendable (Message) -> FeedV1.Origin?,
    apply: @escaping @Sendable (Message, Origin, WriteTransaction) throws -> Void
  ) async throws -> Delivery {
    try await deliver(messages, to: database, origin: { Origin(origin($0)) }, apply: apply)
  }
}
