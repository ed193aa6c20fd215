package import Wire

/// What a channel is set to.
package struct ChannelConfiguration: Sendable {
  /// Largest message it takes.
  package var maximumMessageBytes = 4 << 20
  /// Longest pause between two attempts to connect.
  package var maximumBackoff: Duration = .seconds(120)
  /// See every call.
  package var interceptors: [any ClientInterceptor] = []

  /// The usual settings.
  package init() {}
}

/// The way to one server: makes its connections when they are needed, and again when they are lost.
package final class Channel: Sendable {
  /// What it is doing about its connection.
  package enum State: Sendable, Hashable { case idle, connecting, ready, transientFailure, shutdown }

  /// A channel to `host:port` or `unix:/path`. Nothing is connected yet.
  package init(target: String, configuration: ChannelConfiguration = ChannelConfiguration()) {}

  /// The state of its connections, the best of them.
  package var state: State { .idle }

  /// Lets calls under way finish, cancels what is left when the time is over, and closes.
  package func close(within limit: Duration = .seconds(8)) async {}

  /// One message out, one in.
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions()
  ) async throws(Status) -> Response { throw Status(.unimplemented, "not built yet") }

  /// One message out, any number in. A failure shows at the first `next()`.
  package func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions()
  ) -> ResponseStream<Response> { ResponseStream(ClientCall()) }

  /// Any number of messages out, any number (or, by `response()`, one) in.
  package func streaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ options: CallOptions = CallOptions()
  ) -> StreamingCall<Request, Response> { StreamingCall(ClientCall()) }

  /// Messages as bytes, any number both ways.
  package func call(_ method: MethodDescriptor, _ options: CallOptions = CallOptions()) -> ClientCall { ClientCall() }
}
