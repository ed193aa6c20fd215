import Synchronization

/// What a handler wants sent beside its messages. Behind a lock, because a handler may set it from any thread.
final class OutgoingMetadata: Sendable {
  struct State {
    var initial = Metadata()
    var trailing = Metadata()
    /// Whether to compress messages; `nil`: as it pays.
    var compression: Bool?
    /// Whether the last message read came compressed.
    var isRequestCompressed = false
  }

  let state = Mutex(State())
}
