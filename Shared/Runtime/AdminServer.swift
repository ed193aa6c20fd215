import NIOCore
import NIOHTTP1
import NIOPosix

/// The second port, for county IT and never for callers: `/metrics` for Prometheus, `/health` for a container's probe.
///
/// It has its own event loop, so an overloaded service still answers here.
package struct AdminServer: Sendable {
  /// What a path answers: status and plain text.
  package typealias Page = @Sendable () -> (healthy: Bool, text: String)

  private let channel: any NIOCore.Channel
  private let group: MultiThreadedEventLoopGroup

  /// Listens on `address` (HOST:PORT). Throws if it cannot bind.
  package static func start(at address: String, pages: [String: Page]) async throws -> AdminServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
          try channel.pipeline.syncOperations.addHandler(AdminHandler(pages: pages))
        }
      }
    do {
      let colon = address.lastIndex(of: ":") ?? address.endIndex
      let port = Int(address[colon...].dropFirst()) ?? 0
      let channel = try await bootstrap.bind(host: String(address[..<colon]), port: port).get()
      return AdminServer(channel: channel, group: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Stops listening.
  package func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

private final class AdminHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let pages: [String: AdminServer.Page]
  private var path = ""

  init(pages: [String: AdminServer.Page]) { self.pages = pages }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): path = String(head.uri.prefix { $0 != "?" })
    case .body: break
    case .end: answer(context)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    let page = pages[path]?()
    let text = page?.text ?? "no such page\n"
    let status: HTTPResponseStatus = page.map { $0.healthy ? .ok : .serviceUnavailable } ?? .notFound
    let headers: HTTPHeaders = [
      "content-type": "text/plain; version=0.0.4; charset=utf-8", "content-length": String(text.utf8.count),
    ]
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
