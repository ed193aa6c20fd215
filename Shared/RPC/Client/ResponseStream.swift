package import Wire

/// The messages of an answer, in order; ends with a thrown `Status` if the call failed. One reader at a time. Cancelling the
/// reading task, or letting go of the stream, cancels the call.
package struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
  package typealias Failure = Status

  /// The call as bytes: its metadata, and the way to cancel it.
  package let call: ClientCall

  init(_ call: ClientCall) { self.call = call }

  /// The next message, `nil` after the last one of a call that succeeded.
  package func next() async throws(Status) -> Response? {
    guard let bytes = try await call.next() else { return nil }
    return try call.decoded(bytes)
  }

  /// Whether the message that `next` returned last came compressed.
  package var isCompressed: Bool { call.isCompressed }

  package func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  /// Reads the stream it was made of.
  package struct Iterator: AsyncIteratorProtocol {
    let stream: ResponseStream

    package mutating func next() async throws(Status) -> Response? { try await stream.next() }
    package mutating func next(isolation actor: isolated (any Actor)?) async throws(Status) -> Response? {
      try await stream.next()
    }
  }
}

/// Where a caller puts its messages, and where the answer comes from. `send` waits while the server does not read.
package struct StreamingCall<Request: Message, Response: Message>: Sendable {
  /// The answer's messages.
  package let responses: ResponseStream<Response>

  init(_ call: ClientCall) { self.responses = ResponseStream(call) }

  /// Sends one message; `compressed` goes before what the call's options say. To compress, they have to name how.
  package func send(_ request: Request, compressed: Bool? = nil) async throws(Status) {
    try await responses.call.send(framed: request.encoded(prefix: 5), compressed: compressed)
  }

  /// Says that no more messages follow.
  package func finishSending() async throws(Status) { try await responses.call.finishSending() }

  /// Says that no more messages follow and waits for the one message of a client-streaming call's answer.
  package func response() async throws(Status) -> Response {
    try await finishSending()
    return try responses.call.decoded(try await responses.call.onlyMessage())
  }
}
