import NIOCore

/// Leaves whoever cannot be let in, because no descriptor is left, before the door for a moment.
///
/// Without it the loop would try all the time. `AcceptBackoffHandler` does not help: after an accept that failed NIO does not ask for
/// the next read, it only stays registered.
final class AcceptPause: ChannelInboundHandler, Sendable {
  typealias InboundIn = NIOCore.Channel

  private static let length: TimeAmount = .milliseconds(100)

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let options = context.channel.syncOptions else { return }
    try? options.setOption(.autoRead, value: false)
    let channel = context.channel
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) {
      try? channel.syncOptions?.setOption(.autoRead, value: true)
    }
  }
}
