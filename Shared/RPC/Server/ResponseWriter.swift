package import Wire

/// Where a handler puts the messages of its answer. `write` waits while the caller does not read.
package struct ResponseWriter<Response: Message>: Sendable {
  let call: ServerCall

  init(_ call: ServerCall) { self.call = call }

  /// Sends one message. Throws `CancellationError` when nobody waits for it any more. `compressed` goes before what the context
  /// was told for the whole answer.
  package func write(_ response: Response, compressed: Bool? = nil) async throws {
    try await call.write(framed: response.encoded(prefix: 5), compressed: compressed)
  }

  /// Sends the initial metadata now, ahead of the first message.
  package func sendHeaders() async throws { try await call.sendHeaders() }
}

/// The messages of a caller, in order. One reader at a time; the caller may send more only as they are read.
package struct RequestStream<Request: Message>: AsyncSequence, Sendable {
  let call: ServerCall

  init(_ call: ServerCall) { self.call = call }

  /// The next message, `nil` after the last.
  package func next() async throws -> Request? {
    guard let bytes = try await call.next() else { return nil }
    return try Request(decoding: bytes)
  }

  /// Whether the message that `next` returned last came compressed.
  package var isCompressed: Bool { call.extras?.isRequestCompressed ?? false }

  package func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  /// Reads the stream it was made of.
  package struct Iterator: AsyncIteratorProtocol {
    let stream: RequestStream

    package mutating func next() async throws -> Request? { try await stream.next() }
    package mutating func next(isolation actor: isolated (any Actor)?) async throws -> Request? {
      try await stream.next()
    }
  }
}
