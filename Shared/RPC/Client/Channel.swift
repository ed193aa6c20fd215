import NIOCore
import NIOPosix
package import Wire

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
  let first: ChannelLoop
  private let interceptors: [any ClientInterceptor]
  private let board: ChannelStates

  /// A channel to `host:port`, `dns:///host:port`, `ipv4:1.2.3.4:1,5.6.7.8:2`, `ipv6:[::1]:1`, `static:///a:1,b:2` or
  /// `unix:path`. Nothing is connected yet. With a target that is none of these, every call fails and says so.
  package init(target: String, configuration: ChannelConfiguration = ChannelConfiguration()) {
    let connector = Connector(ChannelTarget(target), configuration)
    let group = MultiThreadedEventLoopGroup.singleton
    let eventLoops = Array(group.makeIterator())
    let board = ChannelStates(loops: eventLoops.count)
    let all = eventLoops.enumerated().map { ChannelLoop($1, $0, connector, board) }
    loops = Dictionary(uniqueKeysWithValues: all.map { (ObjectIdentifier($0.eventLoop), $0) })
    let chosen = group.next()
    first = all.first { $0.eventLoop === chosen } ?? all[0]
    interceptors = configuration.interceptors
    self.board = board
  }

  deinit {
    for loop in loops.values { loop.eventLoop.execute { loop.shutDown() } }
  }

  /// The state of its connections, the best of them.
  package var state: State { board.state }

  /// The state now, and then every change; ends when the channel is closed.
  package var states: AsyncStream<State> { board.watch() }

  /// Connects without a call, unless it is idle no more.
  package func connect() {
    let loop = loop
    loop.eventLoop.run { loop.wake() }
  }

  /// What was counted since it was made.
  package var statistics: Statistics { Statistics(loops.values.map(\.tally)) }

  /// Lets calls under way finish, cancels what is left when the time is over, and closes.
  package func close(within limit: Duration = .seconds(8)) async {
    for loop in loops.values { loop.eventLoop.execute { loop.shutDown() } }
    let end = ContinuousClock.now + limit
    while loops.values.contains(where: { !$0.isFinished }), ContinuousClock.now < end, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(2))
    }
    for loop in loops.values { loop.eventLoop.execute { loop.abort() } }
  }

  /// One message out, one in.
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions()
  ) async throws(Status) -> Response {
    let exchange = begin(method, options, framed(request))
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
    ClientCall(begin(method, options, message))
  }

  private func begin(_ method: MethodDescriptor, _ options: CallOptions, _ message: [UInt8]?) -> ClientExchange {
    var options = options
    do throws(Status) {
      for interceptor in interceptors { try interceptor.begin(method, &options) }
    } catch {
      let refused = ClientExchange(method, options, loop)
      refused.refuse(error)
      return refused
    }
    let exchange = ClientExchange(method, options, loop)
    exchange.start(message)
    return exchange
  }

  /// How long its loops let a connection be silent: servers may have asked for more.
  func keepaliveTimes() async -> [Duration] {
    var times: [Duration] = []
    for loop in loops.values {
      if let time = try? await loop.eventLoop.submit({ loop.keepalive?.time }).get() { times.append(time) }
    }
    return times
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
