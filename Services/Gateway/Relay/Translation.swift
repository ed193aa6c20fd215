package import FeedContract
package import Wire

/// A target's inbox message, as the relay needs to see it. Every target has its own, in its own words.
package protocol InboxMessage: Wire.Message {
  associatedtype OneOfContent: Sendable
  init(origin: FeedV1.Origin?, content: OneOfContent?)
  var origin: FeedV1.Origin? { get set }
  /// Only moves the position.
  static var heartbeat: OneOfContent { get }
}

/// What one target hears when one source says one kind of thing. One file each in `Translations/`.
package struct Translation<Message: InboxMessage>: Sendable {
  /// The source's event types that it reads.
  package let eventTypes: [String]
  /// The target's words; `nil` where this event is nothing to it. Throws if the payload cannot be read.
  package let content: @Sendable (FeedV1.Event) throws(WireError) -> Message.OneOfContent?

  package init(
    of eventTypes: String...,
    content: @escaping @Sendable (FeedV1.Event) throws(WireError) -> Message.OneOfContent?
  ) {
    self.eventTypes = eventTypes
    self.content = content
  }
}

extension FeedV1.Origin {
  /// Where `event` of `source` comes from.
  init(_ event: FeedV1.Event, of source: String, epoch: String, after seq: Int64) {
    self.init(
      source: source, sourceEpoch: epoch, seq: event.seq, eventID: event.eventID, eventType: event.eventType,
      aggregateID: event.aggregateID, aggregateVersion: event.aggregateVersion, occurTime: event.occurTime,
      correlationID: event.correlationID, afterSeq: seq)
  }
}
