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

  /// How long a peer may take to read our last bytes after a quiet end.
  static let farewellTime: TimeAmount = .seconds(30)
  /// How long, and for how many bytes, we listen to what a peer still says after our last word to it: were the socket closed over
  /// unread bytes, the system would throw that word away.
  static let lingerTime: TimeAmount = .seconds(1)
  static let lingerBytes = 8 << 20

  /// Reads of a socket before others have their turn. TLS keeps a buffer as large as what they brought: one.
  static func readsPerRound(isSecure: Bool) -> UInt { isSecure ? 1 : 4 }

  let session: Session
  /// Called after every read, before what it caused is written.
  var readCompleted: () -> Void = {}
  /// Called after everything was written that the socket takes.
  var drained: (() -> Void)?
  /// Whether the connection is gone: streams that end now were cut off.
  private(set) var isLost = false
  /// Whether the peer broke HTTP/2.
  private(set) var isBroken = false
  /// Whether there is TLS below, which counts as written only what was flushed: else the socket would never seem full.
  var flushesEveryWrite = false
  /// Called once, when the connection is gone.
  var ended: () -> Void = {}

  /// When the bytes came that are being read, or were last.
  private(set) var readTime = ContinuousClock.now

  /// Whether bytes came since the owner last looked.
  var hasHeard = false

  private let tally: Tally
  // A server that cannot know says nothing before its peer does: to one that speaks HTTP/1, frames would be noise.
  private var isSpokenTo: Bool
  private var bytesAfterEnd = 0
  private var lastResort: Scheduled<Void>?
  private var context: ChannelHandlerContext?
  private var isReading = false
  private var isDrainScheduled = false
  private var isClosing = false
  /// What is being written; kept between writes while it is small, so that a quiet connection holds next to nothing.
  private var scratch = ByteBuffer()
  private static let keptBytes = 4 << 10
  /// Reads begin small and grow with what a peer sends: a quiet connection has a page, a busy one a socket buffer's worth.
  static let receiveBuffers = AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 4 << 10, maximum: 64 << 10)

  /// `isAgreed`: the peer has said that it speaks HTTP/2, as a client does that opens the connection or TLS with its ALPN.
  init(session: Session, tally: Tally, isAgreed: Bool) {
    self.session = session
    self.tally = tally
    isSpokenTo = isAgreed
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { drain() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    readCompleted = {}
    ended = {}
  }

  /// The connection came to nothing before this was in its pipeline.
  func neverBegan() {
    guard context == nil else { return }
    ended()
    readCompleted = {}
    ended = {}
  }

  func channelActive(context: ChannelHandlerContext) {
    drain()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    guard !isClosing else { return discard(bytes) }
    isReading = true
    readTime = .now
    hasHeard = true
    tally.add(.bytesReceived, bytes.readableBytes)
    if !isSpokenTo {
      isSpokenTo = true
      if EarlierHTTP.isRequest(bytes) { return refuseEarlierHTTP(context) }
    }
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
    lastResort?.cancel()
    session.end(.cancel)
    readCompleted()
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

  private func refuseEarlierHTTP(_ context: ChannelHandlerContext) {
    isBroken = true
    context.write(wrapOutboundOut(ByteBuffer(string: EarlierHTTP.answer)), promise: nil)
    closeAfterWrites(Self.lingerTime)
  }

  /// Writes what the session has left to say, and closes; at the latest after `limit`, when the peer does not read.
  func close(within limit: TimeAmount = lingerTime) {
    isSpokenTo = true
    drain()
    closeAfterWrites(limit)
  }

  private func closeAfterWrites(_ limit: TimeAmount) {
    guard let context, !isClosing || limit < Self.farewellTime else { return }
    close(after: limit)
    guard !isClosing else { return }
    isClosing = true
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in self.hasSaidAll() }
  }

  /// A server's side waits for the peer to hang up.
  private func hasSaidAll() {
    guard session.role == .server, let context else {
      context?.close(promise: nil)
      return
    }
    context.close(mode: .output, promise: nil)
    close(after: Self.lingerTime)
  }

  private func close(after limit: TimeAmount) {
    lastResort?.cancel()
    lastResort = context?.eventLoop.assumeIsolated().scheduleTask(in: limit) { self.context?.close(promise: nil) }
  }

  private func discard(_ bytes: ByteBuffer) {
    bytesAfterEnd += bytes.readableBytes
    if bytesAfterEnd > Self.lingerBytes { context?.close(promise: nil) }
  }

  private func drain() {
    guard isSpokenTo, let context, context.channel.isActive, !isClosing else { return }
    var hasWritten = false
    do throws(SessionError) {
      var hasMore = true
      while hasMore, context.channel.isWritable {
        scratch.clear(minimumCapacity: 2 << 10)
        hasMore = try session.drain(limit: Self.drainBytes) { scratch.writeBytes($0) }
        guard scratch.readableBytes > 0 else { break }
        hasWritten = true
        tally.add(.bytesSent, scratch.readableBytes)
        context.write(wrapOutboundOut(scratch), promise: nil)
        if flushesEveryWrite { context.flush() }
      }
      if hasWritten { context.flush() }
      if scratch.capacity > Self.keptBytes { scratch = ByteBuffer() }
    } catch {
      isBroken = true
      closeAfterWrites(Self.lingerTime)
      return
    }
    drained?()
    if session.isFinished { closeAfterWrites(Self.farewellTime) }
  }
}
