import Glibc
import HTTP2
import NIOCore
import NIOPosix

/// Makes the connections of a channel: sockets, their options, and what stands between the socket and HTTP/2.
struct Connector: Sendable {
  let target: ChannelTarget
  let configuration: ChannelConfiguration
  /// TLS, if there is to be any.
  let security: ClientSecurity?
  /// What all calls of the channel pay their retries from.
  let throttle: RetryThrottle?

  init(_ target: ChannelTarget, _ configuration: ChannelConfiguration) {
    self.target = target
    self.configuration = configuration
    self.security = configuration.security.map { ClientSecurity($0, host: target.host) }
    self.throttle = configuration.retryThrottling.map { RetryThrottle($0) }
  }

  /// The `:authority` of calls.
  var authority: String { configuration.authority ?? target.authority }

  /// The `:scheme` of calls.
  var scheme: String { configuration.security == nil ? "http" : "https" }

  /// What every call of a method begins with.
  func head(_ method: MethodDescriptor, authority: String) -> HeaderBlock {
    var block = HeaderBlock([":method": "POST"])
    block.append(":scheme", scheme)
    block.append(":path", method.path)
    block.append(":authority", authority)
    block.append("te", "trailers")
    block.append("content-type", "application/grpc")
    block.append("grpc-accept-encoding", Compression.accepted)
    return block
  }

  /// Connects; `connection` hears of nothing before the first byte.
  func connect(
    _ connection: ClientConnection, to address: SocketAddress, on eventLoop: any EventLoop, within time: TimeAmount
  ) -> EventLoopFuture<any NIOCore.Channel> {
    var bootstrap = ClientBootstrap(group: eventLoop)
      .connectTimeout(time)
      .channelOption(.maxMessagesPerRead, value: ConnectionHandler.readsPerRound(isSecure: security != nil))
      .channelOption(.recvAllocator, value: ConnectionHandler.receiveBuffers)
      .channelOption(
        .writeBufferWaterMark,
        value: .init(low: ConnectionHandler.sendBufferBytes / 4, high: ConnectionHandler.sendBufferBytes)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try prepare(channel, connection, within: time) }
      }
    if address.protocol != .unix {
      bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
      if let keepalive = configuration.keepalive {
        // What was sent and is not acknowledged ends the connection no later than a PING would (gRPC's A18).
        bootstrap = bootstrap.channelOption(
          ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_USER_TIMEOUT)),
          value: SocketOptionValue(min(keepalive.timeout / .milliseconds(1), 1e9)))
      }
    }
    return bootstrap.connect(to: address)
  }

  /// Fills the pipeline, socket first.
  private func prepare(
    _ channel: any NIOCore.Channel, _ connection: ClientConnection, within time: TimeAmount
  ) throws {
    connection.channel = channel
    if let security {
      return try security.add(connection.handler, to: channel, within: time) { connection.reason = "\($0)" }
    }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(Greeting(connection))
    try pipeline.addHandler(connection.handler)
  }
}

/// Looks at the first bytes from the other side, to tell one that speaks HTTP/1.1 from one that is broken; then it is gone.
private final class Greeting: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let connection: ClientConnection

  init(_ connection: ClientConnection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data).readableBytesView.prefix(48)
    if bytes.starts(with: "HTTP/1.".utf8) {
      let line = String(decoding: bytes.prefix { $0 != 13 && $0 != 10 }, as: UTF8.self)
      connection.reason = "it does not speak HTTP/2 and answered \"\(line)\""
    } else if bytes.starts(with: [0x15, 3]) {
      connection.reason = "it speaks TLS, not plain text"
    } else if bytes.count >= 9, !(bytes[bytes.startIndex + 3] == 4 && bytes[bytes.startIndex] == 0) {
      connection.reason = "it does not speak HTTP/2"
    }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}
