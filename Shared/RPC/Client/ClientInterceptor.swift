/// Sees every exchange of a channel: the same shape as on the server.
package protocol ClientInterceptor: Sendable {
  /// Before the call leaves: add metadata, shorten the deadline, or throw to refuse it.
  func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status)
  /// After the last trailer, or whatever ended the call instead.
  func end(_ method: MethodDescriptor, _ end: ExchangeEnd)
}

extension ClientInterceptor {
  /// Lets the call go as it is.
  package func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status) {}
  /// Takes no notice.
  package func end(_ method: MethodDescriptor, _ end: ExchangeEnd) {}
}
