import Synchronization

/// A kind of value that an interceptor attaches to a call and that handlers read: `enum ActorKey: ContextKey { typealias Value = Actor }`.
package protocol ContextKey {
  associatedtype Value: Sendable
}

/// What a handler knows of the call besides its messages.
package struct ServerContext: Sendable {
  /// Which method was called.
  package let method: MethodDescriptor
  /// What the caller sent beside the messages. An interceptor may take things out before the handler sees them.
  package var metadata: Metadata
  /// When the caller stops waiting; `nil`: never.
  package let deadline: ContinuousClock.Instant?
  /// Who is at the other end of the connection: `127.0.0.1:40312`, or `unix:`.
  package let peer: String
  /// Who the caller's verified certificate says it is; `nil` without TLS or without a certificate.
  package var peerIdentity: PeerIdentity?

  private var values: [ObjectIdentifier: any Sendable] = [:]
  private let outgoing: OutgoingMetadata

  /// A context for a call; tests make one of their own.
  package init(
    method: MethodDescriptor, metadata: Metadata = Metadata(), deadline: ContinuousClock.Instant? = nil,
    peer: String = "test"
  ) {
    self.init(method: method, metadata: metadata, deadline: deadline, peer: peer, outgoing: OutgoingMetadata())
  }

  init(
    method: MethodDescriptor, metadata: Metadata, deadline: ContinuousClock.Instant?, peer: String,
    outgoing: OutgoingMetadata
  ) {
    self.method = method
    self.metadata = metadata
    self.deadline = deadline
    self.peer = peer
    self.outgoing = outgoing
  }

  /// What an interceptor attached under `key`.
  package subscript<Key: ContextKey>(_ key: Key.Type) -> Key.Value? {
    get { values[ObjectIdentifier(key)] as? Key.Value }
    set { values[ObjectIdentifier(key)] = newValue }
  }

  /// Whether the last message that was read of the caller came compressed.
  package var isRequestCompressed: Bool { outgoing.state.withLock(\.isRequestCompressed) }

  /// Whether to compress the messages of the answer, if the caller takes that; `nil`: those that gain by it.
  package func setResponseCompression(_ isWanted: Bool?) { outgoing.state.withLock { $0.compression = isWanted } }

  /// Sends `metadata` before the first message. Has no effect once that has gone.
  package func setInitialMetadata(_ metadata: Metadata) { outgoing.state.withLock { $0.initial = metadata } }

  /// Sends `metadata` with the status, well or badly.
  package func setTrailingMetadata(_ metadata: Metadata) { outgoing.state.withLock { $0.trailing = metadata } }
}
