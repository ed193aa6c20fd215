/// How an exchange ended, well or badly: what logs, metrics and limits are made of.
package struct ExchangeEnd: Sendable {
  /// `nil`: it succeeded.
  package var status: Status?
  /// From the first header to the end of the handler (server) or to the last trailer (client).
  package var duration: Duration
  /// Messages and their bytes that came in, without framing.
  package var received: Traffic
  /// Messages and their bytes that went out, without framing.
  package var sent: Traffic

  /// A count of messages and of their bytes.
  package struct Traffic: Sendable, Equatable {
    /// How many messages.
    package var messages = 0
    /// Their bytes.
    package var bytes = 0

    mutating func count(_ bytes: Int) {
      messages += 1
      self.bytes += bytes
    }
  }
}
