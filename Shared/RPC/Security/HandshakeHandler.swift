import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind TLS until the handshake is over, and only then lets in what speaks HTTP/2. So nothing of HTTP/2 exists, on either
/// side, before the peer is known to speak it.
///
/// ```
/// shaking hands ──finished, h2, the right peer──▶ silent (HTTP/2 is there) ──first byte──▶ gone from the pipeline
///       │ anything else, or too late: closed          │ an alert (in TLS 1.3 it comes late): closed
/// ```
/// `@unchecked`: lives on its channel's event loop.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer

  private enum Phase { case shakingHands, silent, failed }

  private let security: NIOSSLHandler
  private let makeNext: (NIOSSLHandler) throws -> any ChannelHandler
  private let failed: (SecurityError) -> Void
  private var phase = Phase.shakingHands
  private var timer: Scheduled<Void>?

  /// `makeNext` makes the handler that comes next, or throws where the peer is not who it should be; `failed` hears, once, why it
  /// never spoke.
  init(
    _ security: NIOSSLHandler, makeNext: @escaping (NIOSSLHandler) throws -> any ChannelHandler,
    failed: @escaping (SecurityError) -> Void
  ) {
    self.security = security
    self.makeNext = makeNext
    self.failed = failed
  }

  /// Puts TLS and this handler at the end of the channel's pipeline.
  func add(to channel: any NIOCore.Channel, within limit: TimeAmount) throws {
    try channel.pipeline.syncOperations.addHandlers([security, self])
    timer = channel.eventLoop.assumeIsolated().scheduleTask(in: limit) {
      self.fail(SecurityError("it did not finish the TLS handshake in time"))
      channel.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case TLSUserEvent.handshakeCompleted(let negotiated) = event, phase == .shakingHands else {
      return context.fireUserInboundEventTriggered(event)
    }
    do {
      guard negotiated == "h2" else { throw SecurityError("it does not speak HTTP/2 over TLS") }
      let next = try makeNext(security)
      timer?.cancel()
      timer = nil
      phase = .silent
      try context.pipeline.syncOperations.addHandler(next, position: .after(self))
    } catch {
      errorCaught(context: context, error: error)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard phase == .silent else { return }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(SecurityError(error, certificate: security.peerCertificate))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if phase == .shakingHands { fail(SecurityError("it hung up during the TLS handshake")) }
    context.fireChannelInactive()
  }

  private func fail(_ error: SecurityError) {
    timer?.cancel()
    timer = nil
    guard phase != .failed else { return }
    phase = .failed
    failed(error)
  }
}
