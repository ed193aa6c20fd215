import FeedContract
import Wire

extension Wire.Message {
  /// The event's payload as the source's own event message.
  init(_ event: FeedV1.Event) throws(WireError) { try self.init(decoding: event.payload) }
}
