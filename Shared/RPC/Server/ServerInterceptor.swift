/// Sees every exchange of a server: its begin, when it may be refused or be given values, and its end, however it ends.
///
/// One shape for all kinds of calls. `begin` runs in the order given to the server, `end` in the reverse order, once for every
/// exchange, also for those that no handler ever saw (unknown method, not gRPC, caller gone).
package protocol ServerInterceptor: Sendable {
  /// Before the handler: attach values to `context`, take metadata out, or throw to refuse.
  func begin(_ context: inout ServerContext) throws
  /// After the handler has returned and the status is on its way.
  func end(_ context: ServerContext, _ end: ExchangeEnd)
}

extension ServerInterceptor {
  /// Takes no notice.
  package func end(_ context: ServerContext, _ end: ExchangeEnd) {}
}

/// An interceptor that has to wait before it can let a call in. A protocol of its own, because every `await` costs each call.
package protocol WaitingServerInterceptor: ServerInterceptor {
  /// As `begin`, and in its place in the order.
  func admit(_ context: inout ServerContext) async throws
}

extension WaitingServerInterceptor {
  /// Lets the call in: `admit` decides.
  package func begin(_ context: inout ServerContext) throws {}
}
