import Glibc
import HTTP2
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A gRPC server: HTTP/2, over TLS or by prior knowledge, on TCP ports and Unix sockets.
package final class Server: Sendable {
  private struct State {
    var listeners: [any NIOCore.Channel] = []
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    /// Those that have not finished the TLS handshake: nothing was said yet that could be lost.
    var handshakes: [ObjectIdentifier: any NIOCore.Channel] = [:]
    var isDraining = false
  }

  private let core: ServerCore
  private let state = Mutex(State())
  private let executors: [ObjectIdentifier: LoopExecutor]
  private let group: MultiThreadedEventLoopGroup
  private let open = OpenCount()

  /// A server that answers `services`, and everything else with `fallback`, or UNIMPLEMENTED. `passedOn`: the methods of which it
  /// is known that `fallback` answers them, by those who do so in truth. Each of these has queues of his own, so that one who
  /// stands still holds nobody up; calls of methods that nobody knows are taken for streams.
  package init(
    _ configuration: ServerConfiguration, services: [any Service], interceptors: [any ServerInterceptor] = [],
    fallback: RawHandler? = nil, passedOn: [[MethodDescriptor]] = []
  ) {
    core = ServerCore(configuration, services, interceptors, fallback, passedOn: passedOn)
    group = .singleton
    executors = Dictionary(
      uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), LoopExecutor($0)) })
  }

  /// Starts to listen; afterwards `addresses` are known. Throws `SecurityError` where the certificates cannot be used,
  /// `ListenError` where a Unix socket cannot be made.
  package func start() async throws {
    let security = core.configuration.security.map(SecurityContext.init)
    _ = try security?.current()
    for address in core.configuration.addresses {
      let listener = try await bind(address, security)
      let isLate = state.withLock { state in
        state.listeners.append(listener)
        return state.isDraining
      }
      if isLate { try? await listener.close() }
    }
  }

  /// Where it listens, with the ports that the system chose.
  package var addresses: [ListenAddress] {
    state.withLock(\.listeners).compactMap { listener in
      guard let address = listener.localAddress else { return nil }
      if let path = address.pathname { return .unix(path: path) }
      return .tcp(host: address.ipAddress ?? "", port: address.port ?? 0)
    }
  }

  /// The port that it listens on, the first one if there are several; 0 before `start`.
  package var port: Int {
    for case .tcp(_, let port) in addresses { return port }
    return 0
  }

  /// Connections that are open.
  package var connectionCount: Int { open.total }

  /// What was counted since it was made.
  package var statistics: Statistics { Statistics(executors.values.map(\.tally)) }

  /// Calls whose handlers run.
  package var runningCount: Int { core.running.load(ordering: .relaxed) }

  /// Takes no new calls, lets those under way finish, cancels what is left shortly before the time is over, and closes.
  package func drain(within limit: Duration = .seconds(8)) async {
    let (listeners, connections, handshakes) = state.withLock { state in
      state.isDraining = true
      return (state.listeners, state.connections, state.handshakes)
    }
    for listener in listeners { try? await listener.close() }
    for channel in handshakes.values { channel.close(promise: nil) }
    for connection in connections.values { connection.executor.eventLoop.execute { connection.drain() } }
    await waitUntilIdle(limit - Self.cancellationTime)
    for connection in state.withLock(\.connections).values {
      connection.executor.eventLoop.execute { connection.abort() }
    }
    await waitUntilIdle(Self.cancellationTime)
    for executor in executors.values { executor.eventLoop.execute { executor.handlers.retire() } }
  }

  /// How long cancelled handlers may take to return before we no longer wait for them.
  private static let cancellationTime: Duration = .milliseconds(500)

  private func waitUntilIdle(_ limit: Duration) async {
    let end = ContinuousClock.now + limit
    while open.total > 0 || runningCount > 0, ContinuousClock.now < end, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private func bind(_ address: ListenAddress, _ security: SecurityContext?) async throws -> any NIOCore.Channel {
    // A Unix socket is guarded by its file's permissions.
    let security = if case .unix = address { nil as SecurityContext? } else { security }
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptPause()) }
      }
      .childChannelOption(.maxMessagesPerRead, value: ConnectionHandler.readsPerRound(isSecure: security != nil))
      .childChannelOption(.recvAllocator, value: ConnectionHandler.receiveBuffers)
      .childChannelOption(
        .writeBufferWaterMark,
        value: .init(low: ConnectionHandler.sendBufferBytes / 4, high: ConnectionHandler.sendBufferBytes)
      )
      .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try self.accept(channel, security) }
      }
    switch address {
    case .tcp(let host, let port):
      return try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .bind(host: host, port: port).get()
    case .unix(let path):
      try await UnixSocket.makeRoom(at: path, group)
      let listener = try await bootstrap.bind(unixDomainSocketPath: path).get()
      chmod(path, UnixSocket.permissions)
      return listener
    }
  }

  /// A connection has come, on its own event loop.
  private func accept(_ channel: any NIOCore.Channel, _ security: SecurityContext?) throws {
    let address = channel.remoteAddress?.ipAddress
    let limits = core.configuration
    guard let executor = executors[ObjectIdentifier(channel.eventLoop)] else { return channel.close(promise: nil) }
    let refusal = open.open(
      address, maximum: limits.maximumConnections, maximumPerAddress: limits.maximumConnectionsPerAddress)
    if let refusal {
      executor.tally.add(refusal)
      refuse(channel)
      return
    }
    let peer = address.map { "\($0):\(channel.remoteAddress?.port ?? 0)" } ?? "unix:"
    channel.closeFuture.whenComplete { _ in self.open.close(address) }
    let begin = NIODeadline.now()
    guard let security else {
      return try channel.pipeline.syncOperations.addHandler(makeHandler(channel, executor, peer: peer, since: begin))
    }
    let isDraining = state.withLock { state in
      state.handshakes[ObjectIdentifier(channel)] = channel
      return state.isDraining
    }
    channel.closeFuture.whenComplete { _ in
      _ = self.state.withLock { $0.handshakes.removeValue(forKey: ObjectIdentifier(channel)) }
    }
    if isDraining { return channel.close(promise: nil) }
    let tls = NIOSSLServerHandler(context: try security.current())
    let handshake = HandshakeHandler(tls) { tls in
      let certificate = tls.peerCertificate.map(PeerCertificate.init)
      let handler = try self.makeHandler(channel, executor, peer: peer, since: begin, certificate)
      handler.flushesEveryWrite = true
      return handler
    } failed: { _ in
      executor.tally.add(.tlsFailures)
    }
    try handshake.add(to: channel, within: TimeAmount(core.configuration.handshakeTime))
  }

  /// A connection is about to speak HTTP/2: makes the handler that does.
  private func makeHandler(
    _ channel: any NIOCore.Channel, _ executor: LoopExecutor, peer: String, since begin: NIODeadline,
    _ certificate: PeerCertificate? = nil
  ) throws -> ConnectionHandler {
    let connection = try ServerConnection(core, executor, peer: peer, certificate)
    let isDraining = state.withLock { state in
      state.handshakes[ObjectIdentifier(channel)] = nil
      state.connections[ObjectIdentifier(connection)] = connection
      return state.isDraining
    }
    channel.closeFuture.whenComplete { _ in
      _ = self.state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    }
    connection.start(begin)
    if isDraining { connection.drain() }
    return connection.handler
  }

  /// Tells a peer that there is no room, in the shortest words of HTTP/2: SETTINGS, GOAWAY. So it knows that nothing it says is taken.
  private func refuse(_ channel: any NIOCore.Channel) {
    guard core.configuration.security == nil else { return channel.close(promise: nil) }
    channel.writeAndFlush(ByteBuffer(bytes: Self.refusal)).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: ConnectionHandler.lingerTime) { channel.close(promise: nil) }
    }
  }

  private static let refusal: [UInt8] =
    [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0, 28, 7, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 11]
    + Array("too_many_connections".utf8)
}
