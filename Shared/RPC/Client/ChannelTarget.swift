import NIOCore
import NIOPosix

/// Where a channel leads: `host:port`, `[::1]:port` or `unix:/path`.
struct ChannelTarget: Sendable, CustomStringConvertible {
  private enum Place: Sendable {
    case tcp(host: String, port: Int)
    case unix(path: String)
    case nowhere
  }

  let description: String
  private let place: Place

  init(_ text: String) {
    description = text
    if text.hasPrefix("unix:") {
      let path = text.dropFirst(5)
      place = .unix(path: String(path.hasPrefix("//") ? path.dropFirst(2) : path))
    } else {
      let address = text.hasPrefix("dns:///") ? text.dropFirst(7) : text[...]
      if let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]) {
        let host = address[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        place = .tcp(host: String(host), port: port)
      } else {
        place = .nowhere
      }
    }
  }

  /// The `:authority` of its calls.
  var authority: String {
    switch place {
    case .tcp: description.hasPrefix("dns:///") ? String(description.dropFirst(7)) : description
    case .unix, .nowhere: "localhost"
    }
  }

  func connect(
    _ eventLoop: any EventLoop, _ timeout: TimeAmount,
    _ prepare: @escaping @Sendable (any NIOCore.Channel) throws -> Void
  ) -> EventLoopFuture<any NIOCore.Channel> {
    let bootstrap = ClientBootstrap(group: eventLoop)
      .connectTimeout(timeout)
      .channelOption(.maxMessagesPerRead, value: 4)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 << 10))
      .channelOption(
        .writeBufferWaterMark,
        value: .init(low: ConnectionHandler.sendBufferBytes / 4, high: ConnectionHandler.sendBufferBytes)
      )
      .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try prepare(channel) } }
    switch place {
    case .tcp(let host, let port):
      return bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).connect(host: host, port: port)
    case .unix(let path): return bootstrap.connect(unixDomainSocketPath: path)
    case .nowhere:
      return eventLoop.makeFailedFuture(Status(.unavailable, "\(description) is not host:port or unix:/path"))
    }
  }
}
