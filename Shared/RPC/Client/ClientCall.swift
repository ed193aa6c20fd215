import Wire

/// One exchange of a client, messages as bytes: what every kind of call stands on, and what the gateway passes on.
package final class ClientCall: Sendable {
  init() {}
  /// Sends one message; waits while the server does not read.
  package func send(_ message: [UInt8]) async throws(Status) { throw Status(.unimplemented, "not built yet") }
  func send(framed message: [UInt8]) async throws(Status) { throw Status(.unimplemented, "not built yet") }
  /// Says that no more messages follow.
  package func finishSending() async throws(Status) { throw Status(.unimplemented, "not built yet") }
  /// The next message of the answer, `nil` after the last one of a call that succeeded.
  package func next() async throws(Status) -> [UInt8]? { throw Status(.unimplemented, "not built yet") }
  /// What the server sent before the first message.
  package func initialMetadata() async throws(Status) -> Metadata { throw Status(.unimplemented, "not built yet") }
  /// What the server sent with the status; empty before `next` has returned `nil` (with a `Status` it is in its `metadata`).
  package var trailingMetadata: Metadata { Metadata() }
  /// Gives the call up.
  package func cancel() {}

  func onlyMessage() async throws(Status) -> [UInt8] { throw Status(.unimplemented, "not built yet") }

  func decoded<Response: Message>(_ bytes: [UInt8]) throws(Status) -> Response {
    do throws(WireError) { return try Response(decoding: bytes) } catch {
      throw Status(.internal, "the server's message cannot be read: \(error)")
    }
  }
}
