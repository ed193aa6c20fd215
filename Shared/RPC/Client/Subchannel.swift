import Glibc
import HTTP2
import NIOCore

/// The way to one address: its connections, and when to try again.
///
/// ```
/// idle ──connect──▶ connecting ──settings──▶ ready ──last connection lost──▶ idle
///                      │ refused, no answer       calls over the peer's stream limit: one more connection
///                      ▼
///              transientFailure ──pause over──▶ idle, and at once the next attempt
/// ```
/// After a failure it stays `transientFailure` for whoever picks until an attempt has succeeded (gRFC A62): an address that swallows
/// everything would otherwise hold each call for as long as an attempt may take.
///
/// Lives on its channel loop's event loop.
final class Subchannel: Candidate {
  /// Connections that are made at most because of the peer's stream limit; further calls wait.
  static let maximumConnections = 8
  /// How long a further connection is kept that nobody uses any more.
  static let spareTime: TimeAmount = .seconds(30)

  let address: SocketAddress
  /// Why the last attempt failed.
  private(set) var failure = Status(.unavailable, "")

  private let way: ChannelLoop
  private var connections: [ClientConnection] = []
  private var attempt: ClientConnection?
  private var pause: Scheduled<Void>?
  private var backoff: Backoff
  private var isClosed = false
  private var isTidying = false

  init(_ address: SocketAddress, _ way: ChannelLoop) {
    self.address = address
    self.way = way
    self.backoff = Backoff(maximum: way.configuration.maximumBackoff)
  }

  var state: Channel.State {
    if !connections.isEmpty { return .ready }
    if attempt != nil { return backoff.last == .zero ? .connecting : .transientFailure }
    return pause != nil ? .transientFailure : .idle
  }

  var hasRoom: Bool { connections.contains(where: \.isOpenForCalls) }
  /// A connection on which a call can begin.
  var open: ClientConnection? { connections.first(where: \.isOpenForCalls) }
  /// Whether any connection is there, or on its way.
  var isAtRest: Bool { connections.isEmpty && attempt == nil }

  // MARK: - Attempts

  /// Makes a connection, unless that is under way or just failed.
  func connect() {
    guard attempt == nil, pause == nil, !isClosed else { return }
    guard connections.count < Self.maximumConnections else { return }
    let begin = NIODeadline.now()
    let connection: ClientConnection
    do throws(SessionError) {
      connection = try ClientConnection(self, way, begin)
    } catch {
      return failed("HTTP/2 does not start: \(error)", since: begin)
    }
    attempt = connection
    way.tally.add(.connectAttempts)
    way.changed()
    let time = TimeAmount(max(way.configuration.connectTimeout, backoff.last))
    connection.timeout = way.loop.scheduleTask(in: time) {
      connection.reason = connection.reason ?? "no answer in time"
      connection.abandon()
      self.ended(connection)
    }
    way.connector.connect(connection, to: address, on: way.eventLoop, within: time).assumeIsolated().whenComplete {
      switch $0 {
      case .success(let channel):
        // Given up meanwhile.
        if self.attempt !== connection, !connection.isReady { channel.close(promise: nil) }
      case .failure(let error):
        connection.reason = connection.reason ?? Self.sentence(error)
        self.ended(connection)
      }
    }
  }

  /// A further connection, because the others have no room.
  func grow() {
    // A peer that takes no streams at all will not take any on a further connection.
    guard connections.contains(where: { $0.handler.session.streamCount > 0 }) else { return }
    connect()
  }

  func became(ready connection: ClientConnection) {
    guard attempt === connection else { return connection.abandon() }
    attempt = nil
    connection.timeout?.cancel()
    way.tally.add(.connections)
    backoff.reset()
    connections.append(connection)
    way.changed()
  }

  /// It takes no more calls.
  func leaving(_ connection: ClientConnection) {
    guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
    connections.remove(at: index)
    lost(connection)
  }

  /// It is gone, or never came.
  func ended(_ connection: ClientConnection) {
    connection.timeout?.cancel()
    if attempt === connection {
      attempt = nil
      failed(connection.reason ?? "it hung up before it spoke HTTP/2", since: connection.begin)
    } else if let index = connections.firstIndex(where: { $0 === connection }) {
      connections.remove(at: index)
      lost(connection)
    }
  }

  private func lost(_ connection: ClientConnection) {
    // One that hangs up on everybody at once is not to be asked again at once.
    let isUseless = !connection.hasCarriedCalls && connection.begin + TimeAmount(Backoff.first) > .now()
    if connections.isEmpty, attempt == nil, isUseless, !connection.isRetired, way.reconnectsAtOnce {
      failed(connection.reason ?? "it hung up at once", since: connection.begin)
    } else {
      way.lost(self)
    }
  }

  private func failed(_ reason: String, since begin: NIODeadline) {
    guard !isClosed else { return }
    way.tally.add(.connectFailures)
    failure = Status(.unavailable, "cannot connect to \(way.connector.target)\(place): \(reason)")
    let delay = TimeAmount(backoff.next(random: Double.random(in: -1...1)))
    pause = way.loop.scheduleTask(deadline: begin + delay) {
      self.pause = nil
      self.way.changed()
    }
    way.failed(self)
  }

  /// The address, where the target does not say it.
  private var place: String {
    guard let ip = address.ipAddress, !way.connector.target.description.contains(ip) else { return "" }
    return " (\(ip))"
  }

  // MARK: - Calls

  /// A stream of `connection` has ended.
  func streamEnded(_ connection: ClientConnection) {
    guard connections.count > 1, connection.handler.session.streamCount == 0, !isTidying else { return }
    isTidying = true
    _ = way.loop.scheduleTask(in: Self.spareTime) { self.tidy() }
  }

  /// Closes further connections that had nothing to do for a while.
  private func tidy() {
    isTidying = false
    var isAnySpare = false
    for connection in connections.dropFirst() where connection.handler.session.streamCount == 0 {
      if connection.isSpare { connection.retire() } else { connection.isSpare = true }
      isAnySpare = true
    }
    guard isAnySpare, connections.count > 1 else { return }
    isTidying = true
    _ = way.loop.scheduleTask(in: Self.spareTime) { self.tidy() }
  }

  // MARK: - End

  /// Lets go of everything, each connection when its last stream ends. It can connect again.
  func rest() {
    attempt?.timeout?.cancel()
    attempt?.abandon()
    attempt = nil
    pause?.cancel()
    pause = nil
    backoff.reset()
    let all = connections
    connections = []
    for connection in all { connection.retire() }
  }

  /// As `rest`, and for good.
  func close() {
    isClosed = true
    rest()
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case is ChannelError: "no answer in time"
    default: "\(error)"
    }
  }
}
