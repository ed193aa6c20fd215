/// A kind of value that an interceptor attaches to a call and that handlers read: `enum ActorKey: ContextKey { typealias Value = Actor }`.
package protocol ContextKey {
  associatedtype Value: Sendable
}

/// What a handler knows of the call besides its messages.
package struct ServerContext: Sendable {
  private var record: CallRecord

  /// A context for a call; tests make one of their own.
  package init(
    method: MethodDescriptor, metadata: Metadata = Metadata(), deadline: ContinuousClock.Instant? = nil,
    peer: String = "test", peerIdentity: PeerIdentity? = nil
  ) {
    record = CallRecord(peer: peer, certificate: peerIdentity.map { PeerCertificate($0) })
    record.handler = .nobody(method)
    record.metadata = metadata
    record.deadline = deadline
  }

  init(_ record: CallRecord) { self.record = record }

  /// Which method was called.
  package var method: MethodDescriptor { record.method }

  /// What the caller sent beside the messages. An interceptor may take things out before the handler sees them.
  package var metadata: Metadata {
    get { record.metadata }
    set {
      makeChangeable()
      record.metadata = newValue
    }
  }

  /// When the caller stops waiting; `nil`: never.
  package var deadline: ContinuousClock.Instant? { record.deadline }

  /// Who is at the other end of the connection: `127.0.0.1:40312`, or `unix:`.
  package var peer: String { record.peer }

  /// Who the caller's verified certificate says it is; `nil` without TLS or without a certificate.
  package var peerIdentity: PeerIdentity? { record.certificate?.identity }

  /// What an interceptor attached under `key`.
  package subscript<Key: ContextKey>(_ key: Key.Type) -> Key.Value? {
    get {
      let key = ObjectIdentifier(key)
      return record.values.first { $0.key == key }?.value as? Key.Value
    }
    set {
      makeChangeable()
      let key = ObjectIdentifier(key)
      record.values.removeAll { $0.key == key }
      if let newValue { record.values.append((key, newValue)) }
    }
  }

  /// A context is a value: what somebody else can see is not changed. Only the interceptors of a call, which come one after the
  /// other, change the call's own record.
  private mutating func makeChangeable() {
    if !record.isOpening, !isKnownUniquelyReferenced(&record) { record = record.copy() }
  }

  /// Whether the last message that was read of the caller came compressed.
  package var isRequestCompressed: Bool { record.extras?.isRequestCompressed ?? false }

  /// Whether to compress the messages of the answer, if the caller takes that; `nil`: those that gain by it.
  package func setResponseCompression(_ isWanted: Bool?) { record.changeExtras { $0.compression = isWanted } }

  /// Sends `metadata` before the first message. Has no effect once that has gone.
  package func setInitialMetadata(_ metadata: Metadata) { record.changeExtras { $0.initial = metadata } }

  /// Sends `metadata` with the status, well or badly.
  package func setTrailingMetadata(_ metadata: Metadata) { record.changeExtras { $0.trailing = metadata } }
}
