import DequeModule
import HTTP2
import NIOCore
import NIOPosix
import Synchronization

/// A channel's part on one event loop: its connections there, and the calls that wait for one.
///
/// ```
/// idle ──call──▶ connecting ──settings──▶ ready ──last connection lost──▶ idle
///                  │ refused, no answer              calls over the peer's stream limit: one more connection
///                  ▼
///          transientFailure ──pause over──▶ connecting (if calls wait) or idle
/// ```
/// In `transientFailure` a call fails at once unless it waits for ready. `@unchecked`: all but `published` on its event loop.
final class ChannelLoop: @unchecked Sendable {
  /// How long the connection and the server's settings may take together.
  static let connectTime: TimeAmount = .seconds(20)
  /// Connections that one loop makes at most because of the peer's stream limit; further calls wait.
  static let maximumConnections = 8

  let eventLoop: any EventLoop
  let target: ChannelTarget
  let configuration: ChannelConfiguration
  /// What happens on the loop.
  let tally = Tally()
  private let published = Mutex(Channel.State.idle)

  private var connections: [ClientConnection] = []
  private var waiting = Deque<ClientExchange>()
  private var isConnecting = false
  private var isShutdown = false
  private var pause: Scheduled<Void>?
  private var backoff: Backoff
  private var failure = Status(.unavailable, "")

  init(_ eventLoop: any EventLoop, _ target: ChannelTarget, _ configuration: ChannelConfiguration) {
    self.eventLoop = eventLoop
    self.target = target
    self.configuration = configuration
    self.backoff = Backoff(maximum: configuration.maximumBackoff)
  }

  var state: Channel.State { published.withLock { $0 } }

  // MARK: - Calls

  /// Finds a connection for the call, or lets it wait for one.
  func place(_ exchange: ClientExchange) {
    guard !isShutdown else { return exchange.fail(Status(.unavailable, "the channel is closed")) }
    if waiting.isEmpty, let connection = connections.first(where: \.isOpenForCalls) {
      return exchange.attach(connection)
    }
    if pause != nil, !exchange.isWaitingForReady { return exchange.fail(failure) }
    waiting.append(exchange)
    connectIfNeeded()
  }

  /// A call that was waiting has ended by itself.
  func forget(_ exchange: ClientExchange) { waiting.removeAll { $0 === exchange } }

  /// A stream has ended or settings have changed: there may be room for who waits.
  func placeWaiting() {
    while !waiting.isEmpty, let connection = connections.first(where: \.isOpenForCalls) {
      if let exchange = waiting.popFirst() { exchange.attach(connection) }
    }
    if !waiting.isEmpty { connectIfNeeded() }
  }

  /// A stream of `connection` has ended.
  func streamEnded(_ connection: ClientConnection) {
    // Later: this is called while the session reads or writes.
    if connection.isLeaving, !connection.handler.isLost {
      eventLoop.assumeIsolated().execute { connection.leave() }
    }
    if !waiting.isEmpty { eventLoop.assumeIsolated().execute { self.placeWaiting() } }
  }

  // MARK: - Connections

  private func connectIfNeeded() {
    guard !isConnecting, pause == nil, !isShutdown else { return }
    guard connections.count(where: { !$0.isLeaving }) < Self.maximumConnections else { return }
    isConnecting = true
    tally.add(.connectAttempts)
    publish()
    let begin = NIODeadline.now()
    let connection: ClientConnection
    do throws(SessionError) {
      connection = try ClientConnection(self)
    } catch {
      return failed(Status(.unavailable, "HTTP/2 does not start: \(error)"), since: begin)
    }
    let timeout = eventLoop.assumeIsolated().scheduleTask(in: Self.connectTime) {
      if !connection.isReady { connection.handler.close() }
    }
    target.connect(eventLoop, Self.connectTime) { channel in
      try channel.pipeline.syncOperations.addHandler(connection.handler)
    }.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel):
        channel.closeFuture.assumeIsolated().whenComplete { _ in
          timeout.cancel()
          guard !connection.isReady else { return }
          self.failed(Status(.unavailable, "\(self.target) hung up before it spoke HTTP/2"), since: begin)
        }
      case .failure(let error):
        timeout.cancel()
        self.failed(Status(.unavailable, "cannot connect to \(self.target): \(Self.sentence(error))"), since: begin)
      }
    }
  }

  func became(ready connection: ClientConnection) {
    isConnecting = false
    tally.add(.connections)
    backoff.reset()
    connections.append(connection)
    if isShutdown { connection.leave() }
    publish()
    // Not here: this is called while the session reads.
    eventLoop.assumeIsolated().execute { self.placeWaiting() }
  }

  func leaving(_ connection: ClientConnection) {
    connections.removeAll { $0 === connection }
    publish()
  }

  func ended(_ connection: ClientConnection) {
    connections.removeAll { $0 === connection }
    publish()
    if !waiting.isEmpty { eventLoop.assumeIsolated().execute { self.placeWaiting() } }
  }

  private func failed(_ status: Status, since begin: NIODeadline) {
    isConnecting = false
    tally.add(.connectFailures)
    failure = status
    let delay = TimeAmount(backoff.next(random: Double.random(in: -1...1)))
    pause = eventLoop.assumeIsolated().scheduleTask(deadline: begin + delay) {
      self.pause = nil
      self.publish()
      if !self.waiting.isEmpty { self.connectIfNeeded() }
    }
    publish()
    let failing = waiting.filter { !$0.isWaitingForReady || isShutdown }
    waiting.removeAll { !$0.isWaitingForReady || isShutdown }
    for exchange in failing { exchange.fail(status) }
  }

  // MARK: - End

  /// Takes no more calls, and closes each connection when its last stream ends.
  func shutDown() {
    guard !isShutdown else { return }
    isShutdown = true
    pause?.cancel()
    pause = nil
    let failing = waiting
    waiting.removeAll()
    for exchange in failing { exchange.fail(Status(.unavailable, "the channel is closed")) }
    for connection in connections { connection.leave() }
    publish()
  }

  /// The time for a graceful end is over.
  func abort() {
    for connection in connections {
      connection.handler.session.terminate(.noError)
      connection.handler.close()
    }
  }

  private func publish() {
    let state: Channel.State =
      if isShutdown, connections.isEmpty { .shutdown } else if !connections.isEmpty { .ready } else if isConnecting {
        .connecting
      } else if pause != nil { .transientFailure } else { .idle }
    published.withLock { $0 = state }
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { sentence($0.error) } ?? "the name \(error.host) has no address"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case is ChannelError: "no answer in time"
    default: "\(error)"
    }
  }
}
