import HTTP2
import NIOCore

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

  private enum Phase { case serving, announced, leaving }

  let core: ServerCore
  let executor: LoopExecutor
  let peer: String
  let handler: ConnectionHandler
  private let running: OpenCount
  private var calls: [ObjectIdentifier: ServerCall] = [:]
  private var phase = Phase.serving
  private var handshakeTimer: Scheduled<Void>?

  init(_ core: ServerCore, _ executor: LoopExecutor, peer: String, running: OpenCount) throws(SessionError) {
    self.core = core
    self.executor = executor
    self.peer = peer
    self.running = running
    var limits = SessionLimits()
    limits.maximumConcurrentStreams = UInt32(clamping: core.configuration.maximumConcurrentStreams)
    handler = ConnectionHandler(session: try Session(.server, limits: limits))
    handler.session.owner = self
    // The handler keeps the connection alive until its channel is closed.
    handler.readCompleted = { [executor] in executor.runJobs() }
    handler.ended = { self.ended() }
  }

  /// Called on the event loop when the channel is up.
  func start() {
    handshakeTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: Self.handshakeTime) {
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
    handler.session.announceShutdown()
    handler.session.ping()
    handler.setNeedsDrain()
    executor.eventLoop.assumeIsolated().scheduleTask(in: Self.announcementTime) { self.leave() }
  }

  /// The time for a graceful end is over.
  func abort() {
    for call in calls.values { call.fail(Status(.unavailable, "the server is shutting down")) }
    handler.close()
  }

  private func leave() {
    guard phase == .announced else { return }
    phase = .leaving
    handler.session.goAway()
    handler.setNeedsDrain()
  }

  private func ended() { handshakeTimer?.cancel() }

  func began(_ call: ServerCall) {
    calls[ObjectIdentifier(call)] = call
    _ = running.open()
  }

  func finished(_ call: ServerCall) {
    if calls.removeValue(forKey: ObjectIdentifier(call)) != nil { running.close() }
  }
}
