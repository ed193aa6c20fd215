import NIOCore
import NIOPosix
package import Wire

/// What a channel is set to.
package struct ChannelConfiguration: Sendable {
  /// Whom to trust, for TLS; `nil`: plain text.
  package var security: ChannelSecurity?
  /// Largest message it takes; larger ones end the call with RESOURCE_EXHAUSTED before any allocation of that size.
  package var maximumMessageBytes = 4 << 20
  /// Longest pause between two attempts to connect. gRPC's own 120 s are for the open internet; our services stand side by side,
  /// and one that comes back wants to be found.
  package var maximumBackoff: Duration = .seconds(5)
  /// See every call, in this order at its begin, in the reverse order at its end.
  package var interceptors: [any ClientInterceptor] = []

  /// The usual settings.
  package init() {}
}

/// The way to one server: makes its connections when they are needed, and again when they are lost.
///
/// A caller on one of the process's event loops has a connection on that loop, so that a call passed on never changes threads;
/// all others share the one of the first loop.
package final class Channel: Sendable {
  /// What it is doing about its connection.
  package enum State: Int, Sendable, Hashable, Comparable {
    /// It was closed.
    case shutdown
    /// Nobody has needed it yet, or the connection was lost and nobody has needed it since.
    case idle
    /// The last attempt failed; the next is a while off. Calls that do not wait for ready fail at once.
    case transientFailure
    /// Under way.
    case connecting
    /// There is a connection.
    case ready

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  private let loops: [ObjectIdentifier: ChannelLoop]
  private let first: ChannelLoop
  private let interceptors: [any ClientInterceptor]

  /// A channel to `host:port`, `dns:///host:port` or `unix:/path`. Nothing is connected yet.
  package init(target: String, configuration: ChannelConfiguration = ChannelConfiguration()) {
    let place = ChannelTarget(target)
    let group = MultiThreadedEventLoopGroup.singleton
    loops = Dictionary(
      uniqueKeysWithValues: group.makeIterator().map {
        (ObjectIdentifier($0), ChannelLoop($0, place, configuration))
      })
    let loop = group.next()
    first = loops[ObjectIdentifier(loop)] ?? ChannelLoop(loop, place, configuration)
    interceptors = configuration.interceptors
  }

  deinit {
    for loop in loops.values { loop.eventLoop.execute { loop.shutDown() } }
  }

  /// The state of its connections, the best of them.
  package var state: State { loops.values.map(\.state).max() ?? .idle }

  /// What was counted since it was made.
  package var statistics: Statistics { Statistics(loops.values.map(\.tally)) }

  /// Lets calls under way finish, cancels what is left when the time is over, and closes.
  package func close(within limit: Duration = .seconds(8)) async {
    for loop in loops.values { loop.eventLoop.execute { loop.shutDown() } }
    let end = ContinuousClock.now + limit
    while loops.values.contains(where: { $0.state != .shutdown }), ContinuousClock.now < end, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(2))
    }
    for loop in loops.values { loop.eventLoop.execute { loop.abort() } }
  }

  /// One message out, one in.
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions()
  ) async throws(Status) -> Response {
    let exchange = try begin(method, options, framed(request)).get()
    return try exchange.decoded(try await exchange.onlyMessage())
  }

  /// One message out, any number in. A failure shows at the first `next()`.
  package func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions()
  ) -> ResponseStream<Response> { ResponseStream(call(method, options, framed(request))) }

  /// Any number of messages out, any number (or, by `response()`, one) in.
  package func streaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ options: CallOptions = CallOptions()
  ) -> StreamingCall<Request, Response> { StreamingCall(call(method, options)) }

  /// Messages as bytes, any number both ways.
  package func call(_ method: MethodDescriptor, _ options: CallOptions = CallOptions()) -> ClientCall {
    call(method, options, nil)
  }

  private func call(_ method: MethodDescriptor, _ options: CallOptions, _ message: [UInt8]?) -> ClientCall {
    switch begin(method, options, message) {
    case .success(let exchange): return ClientCall(exchange)
    case .failure(let status):
      let refused = ClientExchange(method, options, loop)
      refused.eventLoop.run { refused.fail(status) }
      return ClientCall(refused)
    }
  }

  private func begin(
    _ method: MethodDescriptor, _ options: CallOptions, _ message: [UInt8]?
  ) -> Result<ClientExchange, Status> {
    var options = options
    do throws(Status) {
      for interceptor in interceptors { try interceptor.begin(method, &options) }
    } catch {
      return .failure(error)
    }
    let exchange = ClientExchange(method, options, loop)
    exchange.start(message)
    return .success(exchange)
  }

  private var loop: ChannelLoop {
    MultiThreadedEventLoopGroup.currentEventLoop.flatMap { loops[ObjectIdentifier($0)] } ?? first
  }

  private func framed<Request: Message>(_ request: Request) -> [UInt8] {
    var message = request.encoded(prefix: MessagePrefix.length)
    MessagePrefix.fill(&message)
    return message
  }
}
