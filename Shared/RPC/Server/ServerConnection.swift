import HTTP2
import NIOCore
import Synchronization

/// One connection of a server: makes a call of every stream, and ends in good order.
///
/// ```
/// serving ──drain──▶ announced (GOAWAY 2³¹−1, PING) ──PONG or 1 s──▶ leaving (GOAWAY last) ──no streams──▶ closed
/// ```
/// `@unchecked`: lives on its event loop.
final class ServerConnection: SessionOwner, @unchecked Sendable {
  /// How long a peer may take to speak HTTP/2 before we hang up.
  static let handshakeTime: TimeAmount = .seconds(5)
  /// How long a peer may take to answer the PING between the two GOAWAYs.
  static let announcementTime: TimeAmount = .seconds(1)

  /// How long a server stream may be silent, once the server drains, before it counts as one that only waits for news.
  static let silentTime: TimeAmount = .seconds(1)

  private enum Phase { case serving, announced, leaving }

  let core: ServerCore
  let executor: LoopExecutor
  let peer: String
  let handler: ConnectionHandler
  // Calls whose handlers run, as a list through the calls themselves.
  private var firstCall: ServerCall?
  private var phase = Phase.serving
  private var handshakeTimer: Scheduled<Void>?
  /// Why it ends, by the first who ends it.
  private var cause = Count.closedByPeer

  init(_ core: ServerCore, _ executor: LoopExecutor, peer: String) throws(SessionError) {
    self.core = core
    self.executor = executor
    self.peer = peer
    var limits = SessionLimits()
    limits.maximumConcurrentStreams = UInt32(clamping: core.configuration.maximumConcurrentStreams)
    handler = ConnectionHandler(session: try Session(.server, limits: limits), tally: executor.tally)
    handler.session.owner = self
    // The handler keeps the connection alive until its channel is closed.
    handler.readCompleted = { [executor] in executor.runJobs() }
    handler.ended = { self.ended() }
  }

  /// Called on the event loop when the channel is up.
  func start() {
    executor.tally.add(.connections)
    handshakeTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.handshakeTime) {
      self.ends(because: .closedHandshake)
      self.handler.session.terminate(.protocolError)
      self.handler.close()
    }
  }

  func accepted(_ stream: HTTP2.Stream) { stream.owner = ServerCall(self, stream) }

  func receivedSettings() {
    handshakeTimer?.cancel()
    handshakeTimer = nil
  }

  func receivedGoAway(lastStream: Int32, code: ErrorCode) {}

  func receivedPong() { leave() }

  /// Begins the graceful end.
  func drain() {
    guard phase == .serving else { return }
    phase = .announced
    ends(because: .closedDrain)
    handler.session.announceShutdown()
    handler.session.ping()
    handler.setNeedsDrain()
    executor.eventLoop.assumeIsolated().scheduleTask(in: Self.announcementTime) { self.leave() }
    endSilentStreams()
  }

  /// A watcher never finishes by itself: from now on, those that stay silent are ended, so that a drain need not wait for them.
  private func endSilentStreams() {
    guard firstCall != nil else { return }
    forEachCall { call in
      if call.isSilentStream() { call.fail(Status(.unavailable, "the server is shutting down")) }
    }
    executor.eventLoop.assumeIsolated().scheduleTask(in: Self.silentTime) { self.endSilentStreams() }
  }

  private func forEachCall(_ body: (ServerCall) -> Void) {
    var next = firstCall
    while let call = next {
      next = call.nextCall
      body(call)
    }
  }

  /// The time for a graceful end is over.
  func abort() {
    forEachCall { $0.fail(Status(.unavailable, "the server is shutting down")) }
    handler.close()
  }

  private func leave() {
    guard phase == .announced else { return }
    phase = .leaving
    handler.session.goAway()
    handler.setNeedsDrain()
  }

  /// Notes why the connection is being closed from here, for the statistics; the first reason counts.
  func ends(because count: Count) { if cause == .closedByPeer { cause = count } }

  private func ended() {
    handshakeTimer?.cancel()
    if handler.isBroken { ends(because: .closedProtocol) }
    executor.tally.add(cause)
  }

  func began(_ call: ServerCall) {
    core.running.add(1, ordering: .relaxed)
    call.nextCall = firstCall
    firstCall?.previousCall = call
    firstCall = call
  }

  func finished(_ call: ServerCall) {
    core.running.subtract(1, ordering: .relaxed)
    let (previous, next) = (call.previousCall, call.nextCall)
    if let previous { previous.nextCall = next } else { firstCall = next }
    next?.previousCall = previous
    call.previousCall = nil
    call.nextCall = nil
  }
}
