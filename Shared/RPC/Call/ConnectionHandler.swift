import HTTP2
import NIOCore

/// Carries bytes between a socket and a session: feeds per read, drains once per read-complete, only while the socket takes more.
///
/// `@unchecked`: lives on its channel's event loop.
final class ConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Bytes taken from the session for one write: one socket buffer's worth.
  static let drainBytes = 64 << 10
  /// Bytes that may wait for the socket before a connection stops producing more.
  static let sendBufferBytes = 1 << 20

  let session: Session
  /// Called after every read, before what it caused is written.
  var readCompleted: () -> Void = {}
  /// Whether the connection is gone: streams that end now were cut off.
  private(set) var isLost = false
  /// Whether the peer broke HTTP/2.
  private(set) var isBroken = false
  /// Called once, when the connection is gone.
  var ended: () -> Void = {}

  private let tally: Tally
  private var context: ChannelHandlerContext?
  private var isReading = false
  private var isDrainScheduled = false
  private var isClosing = false
  private var scratch = ByteBuffer()

  init(session: Session, tally: Tally) {
    self.session = session
    self.tally = tally
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { drain() }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    drain()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    let bytes = unwrapInboundIn(data)
    tally.add(.bytesReceived, bytes.readableBytes)
    do throws(SessionError) {
      try bytes.withUnsafeReadableBytes { bytes throws(SessionError) in try session.receive(bytes) }
    } catch {
      isBroken = true
      close()
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    readCompleted()
    isReading = false
    drain()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { drain() }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    isLost = true
    session.end(.cancel)
    ended()
    readCompleted = {}
    ended = {}
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Something was handed to the session outside a read: drain it soon, once.
  func setNeedsDrain() {
    guard !isReading, !isDrainScheduled, let context else { return }
    isDrainScheduled = true
    context.eventLoop.assumeIsolated().execute {
      self.isDrainScheduled = false
      self.drain()
    }
  }

  /// Writes what the session has left to say, and closes.
  func close() {
    drain()
    closeAfterWrites()
  }

  private func closeAfterWrites() {
    guard let context, !isClosing else { return }
    isClosing = true
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
      self.context?.close(promise: nil)
    }
  }

  private func drain() {
    guard let context, context.channel.isActive, !isClosing else { return }
    var hasWritten = false
    do throws(SessionError) {
      var hasMore = true
      while hasMore, context.channel.isWritable {
        scratch.clear(minimumCapacity: 2048)
        hasMore = try session.drain(limit: Self.drainBytes) { scratch.writeBytes($0) }
        guard scratch.readableBytes > 0 else { break }
        hasWritten = true
        tally.add(.bytesSent, scratch.readableBytes)
        context.write(wrapOutboundOut(scratch), promise: nil)
      }
      if hasWritten { context.flush() }
    } catch {
      isBroken = true
      closeAfterWrites()
      return
    }
    if session.isFinished { closeAfterWrites() }
  }
}
