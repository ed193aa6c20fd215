import Synchronization
import Wire

/// One exchange of a client, messages as bytes: what every kind of call stands on, and what the gateway passes on.
///
/// Any thread may use it; one reader at a time. Letting go of it cancels the call if it is still under way.
package final class ClientCall: Sendable {
  private let exchange: ClientExchange

  init(_ exchange: ClientExchange) { self.exchange = exchange }

  deinit { exchange.cancel() }

  /// Sends one message; waits while the server does not read. Does nothing once the server has answered.
  package func send(_ message: [UInt8]) async throws(Status) {
    try await send(framed: MessagePrefix.bytes(message.count) + message)
  }

  func send(framed message: consuming [UInt8], compressed: Bool? = nil) async throws(Status) {
    MessagePrefix.fill(&message)
    try await exchange.send(message, compressed).get()
  }

  /// Says that no more messages follow.
  package func finishSending() async throws(Status) { exchange.finishSending() }

  /// The next message of the answer, `nil` after the last one of a call that succeeded.
  package func next() async throws(Status) -> [UInt8]? { try await exchange.next().get() }

  /// Whether the message that `next` returned last came compressed.
  package var isCompressed: Bool { exchange.isCompressed.load(ordering: .relaxed) }

  /// What the server sent before the first message.
  package func initialMetadata() async throws(Status) -> Metadata { try await exchange.initialMetadata().get() }

  /// What the server sent with the status; empty before `next` has returned `nil` or thrown.
  package var trailingMetadata: Metadata { exchange.trailingMetadata }

  /// Gives the call up.
  package func cancel() { exchange.cancel() }

  func onlyMessage() async throws(Status) -> [UInt8] { try await exchange.onlyMessage() }

  func decoded<Response: Message>(_ bytes: [UInt8]) throws(Status) -> Response { try exchange.decoded(bytes) }
}

extension ClientExchange {
  /// The answer's only message.
  func onlyMessage() async throws(Status) -> [UInt8] {
    guard let message = try await next().get() else { throw Status(.unimplemented, "the answer has no message") }
    guard try await next().get() == nil else {
      cancel()
      throw Status(.unimplemented, "the answer has more than one message")
    }
    return message
  }

  func decoded<Response: Message>(_ bytes: [UInt8]) throws(Status) -> Response {
    do throws(WireError) {
      return try Response(decoding: bytes, limit: way.configuration.maximumMessageBytes)
    } catch {
      throw Status(.internal, "the server's message cannot be read: \(error)")
    }
  }
}
