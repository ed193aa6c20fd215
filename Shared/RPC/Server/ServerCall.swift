/// One exchange on the server, messages as bytes: what every kind of handler stands on, and what the gateway passes on.
package final class ServerCall: Sendable {
  /// The next message of the caller, `nil` after the last.
  package func next() async throws -> [UInt8]? { throw Status(.unimplemented, "not built yet") }
  /// The caller's only message; INTERNAL if there are none or more.
  package func onlyMessage() async throws -> [UInt8] { throw Status(.unimplemented, "not built yet") }
  /// Sends one message.
  package func write(_ message: [UInt8]) async throws { throw Status(.unimplemented, "not built yet") }
  func write(framed message: [UInt8]) async throws { throw Status(.unimplemented, "not built yet") }
  /// Sends the initial metadata now, ahead of the first message.
  package func sendHeaders() async throws { throw Status(.unimplemented, "not built yet") }
}
