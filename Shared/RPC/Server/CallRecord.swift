import Synchronization

/// What a context shows of its call. A call is its own record, so that a context costs no more than a reference.
///
/// `@unchecked`: interceptors change it while it `isOpening`, on one thread at a time; from then on only `extras` change, behind its
/// lock.
package class CallRecord: @unchecked Sendable {
  /// What a handler wants sent beside its messages, from any thread.
  struct Extras {
    var initial = Metadata()
    var trailing = Metadata()
    /// Whether to compress messages; `nil`: as it pays.
    var compression: Bool?
    /// Whether the last message read came compressed.
    var isRequestCompressed = false
  }

  /// Who answers the method; `nil` where nobody does.
  final var handler: MethodHandler?
  final var metadata = Metadata()
  final var deadline: ContinuousClock.Instant?
  final let peer: String
  final let certificate: PeerCertificate?
  final var values: [(key: ObjectIdentifier, value: any Sendable)] = []
  /// Whether the handler has not begun yet: until then contexts change the record itself.
  final var isOpening = false

  /// The call's own record, where this is a copy of it that was changed.
  private let original: CallRecord?
  /// `nil` until somebody wants something: most handlers never do.
  private let beside = Mutex<Extras?>(nil)

  init(peer: String, certificate: PeerCertificate?, original: CallRecord? = nil) {
    self.peer = peer
    self.certificate = certificate
    self.original = original
  }

  final var method: MethodDescriptor { handler?.method ?? MethodDescriptor(service: "", name: "") }

  final func changeExtras(_ change: (inout sending Extras) -> Void) {
    if let original { return original.changeExtras(change) }
    beside.withLock { extras in
      var new = extras ?? Extras()
      change(&new)
      extras = new
    }
  }

  /// What is wanted, if anything.
  final var extras: Extras? {
    if let original { return original.extras }
    return beside.withLock { $0 }
  }

  /// A record that says the same, to be changed, of the same call.
  final func copy() -> CallRecord {
    let copy = CallRecord(peer: peer, certificate: certificate, original: original ?? self)
    copy.handler = handler
    copy.metadata = metadata
    copy.deadline = deadline
    copy.values = values
    return copy
  }
}
