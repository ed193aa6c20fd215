import DequeModule
import HTTP2
import NIOCore
import Synchronization

/// One connection of a server: makes a call of every stream, and ends in good order.
///
/// ```
/// serving ──drain──▶ announced (GOAWAY 2³¹−1, PING) ──PONG or 1 s──▶ leaving (GOAWAY last) ──no streams──▶ closed
/// ```
/// A server that stops waits for calls, not for a peer that has not said a word by then, or not the whole of a head.
/// `@unchecked`: lives on its event loop.
final class ServerConnection: SessionOwner, @unchecked Sendable {
  /// How long a peer may take to answer the PING between the two GOAWAYs.
  static let announcementTime: TimeAmount = .seconds(1)

  /// How long a server stream may be silent, once the server drains, before it counts as one that only waits for news.
  static let silentTime: TimeAmount = .seconds(1)

  /// How long the last bytes may take to a peer once the time for a graceful end is over.
  static let abortTime: TimeAmount = .milliseconds(200)

  /// What may wait to be read by the peer before we start no more handlers for it: four answers of the largest size. Each may be
  /// as large as a message, and a hundred unread ones would be 400 MiB.
  static let maximumUnreadBytes = 16 << 20

  private enum Phase { case serving, announced, leaving }

  let core: ServerCore
  let executor: LoopExecutor
  let peer: String
  let certificate: PeerCertificate?
  /// Whether the peer is on this machine.
  var isLocal: Bool { ["127.", "::1:", "unix:"].contains(where: peer.hasPrefix) }
  let handler: ConnectionHandler
  // Calls whose handlers run, as a list through the calls themselves.
  private var firstCall: ServerCall?
  /// Room for requests that are not whole yet.
  var requests = RequestRoom()
  /// Calls that wait until the peer has read.
  private var unstarted = Deque<ServerCall>()
  private var phase = Phase.serving
  private var endsSilentStreams = false
  /// Whether the peer has spoken HTTP/2.
  private var isUp = false
  private var timer: Scheduled<Void>?
  private var life: ConnectionLife
  private var pings: PingPolicy
  /// How many frames of answers had been sent when the last PING came.
  private var answersAtPing = 0
  /// Whether a call began since the last look.
  private var hasAccepted = false
  /// Whose header block was coming in at the last look.
  private var openHeaders: Int32?
  /// Why it ends, by the first who ends it.
  private var cause = Count.closedByPeer

  init(
    _ core: ServerCore, _ executor: LoopExecutor, peer: String, _ certificate: PeerCertificate? = nil
  ) throws(SessionError) {
    self.core = core
    self.executor = executor
    self.peer = peer
    let configuration = core.configuration
    life = ConnectionLife(configuration, at: .now())
    pings = PingPolicy(configuration.pings)
    self.certificate = certificate
    var limits = SessionLimits()
    limits.maximumConcurrentStreams = UInt32(clamping: configuration.maximumConcurrentStreams)
    limits.maximumHeaderListBytes = UInt32(clamping: configuration.maximumHeaderListBytes)
    limits.glitches = configuration.glitches
    handler = ConnectionHandler(
      session: try Session(.server, limits: limits), tally: executor.tally,
      isAgreed: core.configuration.security != nil)
    handler.session.owner = self
    // The handler keeps the connection alive until its channel is closed.
    handler.readCompleted = { [executor] in
      executor.handlers.run()
      executor.runJobs()
    }
    handler.ended = { self.ended() }
  }

  /// Called on the event loop when the channel is up, which began at `begin`: the peer's time to speak includes that for TLS.
  func start(_ begin: NIODeadline) {
    executor.tally.add(.connections)
    schedule(begin + TimeAmount(core.configuration.handshakeTime) - .now()) {
      self.hangUp(.closedHandshake, .protocolError, "nothing said in time")
    }
  }

  func accepted(_ stream: HTTP2.Stream) {
    hasAccepted = true
    stream.owner = ServerCall(self, stream)
  }

  func receivedSettings() {
    guard !isUp else { return }
    isUp = true
    schedule(life.period) { self.look() }
  }

  func receivedPing() {
    let sent = handler.session.answerFrames
    defer { answersAtPing = sent }
    if !pings.take(at: .now(), hasCalls: handler.session.streamCount > 0, hasAnswered: sent != answersAtPing) {
      handler.session.dismiss("too_many_pings")
    }
  }

  func receivedGoAway(lastStream: Int32, code: ErrorCode, debug: String) {}

  func receivedPong() { leave() }

  private func schedule(_ delay: TimeAmount, _ body: @escaping () -> Void) {
    timer?.cancel()
    timer = executor.eventLoop.assumeIsolated().scheduleTask(in: delay, body)
  }

  /// Looks at how the connection lives, now and then.
  private func look() {
    let hasHeard = handler.hasHeard
    handler.hasHeard = false
    let isBusy = hasAccepted || handler.session.streamCount > 0
    hasAccepted = false
    schedule(life.period) { self.look() }
    switch life.look(at: .now(), hasHeard: hasHeard, isBusy: isBusy) {
    case .nothing: break
    case .ask:
      executor.tally.add(.keepalives)
      handler.session.ping()
      handler.setNeedsDrain()
    case .giveUp: hangUp(.closedKeepalive, .noError, "keepalive_timeout")
    case .leave(let reason): drain(because: reason)
    case .cutOff: abort()
    }
    forgetStalled()
  }

  /// Ends calls that have waited for the peer for too long, and the connection if it is a header block that does not come.
  private func forgetStalled() {
    let session = handler.session
    if let id = session.openHeaders, id == openHeaders { hangUp(.closedHandshake, .protocolError, "headers_timeout") }
    openHeaders = session.openHeaders
    let looks = Int(TimeAmount(core.configuration.stallTime).nanoseconds / life.period.nanoseconds)
    session.forEachStream { stream in
      if stream.looksWithoutProgress() >= looks { (stream.owner as? ServerCall)?.stall() }
    }
  }

  /// Ends at once, with a word to the peer if it still reads.
  private func hangUp(_ reason: Count, _ code: ErrorCode, _ word: String) {
    ends(because: reason)
    handler.session.goAway(code, word)
    handler.close()
  }

  /// Begins the graceful end. A connection that ends for its age leaves its calls their time; a server that stops does not wait
  /// for streams that only wait for news.
  func drain(because reason: Count = .closedDrain) {
    if reason == .closedDrain, !endsSilentStreams {
      endsSilentStreams = true
      endSilentStreams()
    }
    guard phase == .serving else { return }
    phase = .announced
    ends(because: reason)
    handler.session.announceShutdown()
    handler.session.ping()
    handler.setNeedsDrain()
    executor.eventLoop.assumeIsolated().scheduleTask(in: Self.announcementTime) { self.leave() }
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
    phase = .leaving
    handler.session.goAway()
    forEachCall { $0.fail(Status(.unavailable, "the server is shutting down")) }
    handler.close(within: Self.abortTime)
  }

  private func leave() {
    guard phase == .announced else { return }
    if endsSilentStreams, !isUp || (firstCall == nil && handler.session.openHeaders != nil) {
      handler.session.goAway(.noError, "the server is shutting down")
      return handler.close(within: Self.abortTime)
    }
    phase = .leaving
    handler.session.goAway()
    handler.setNeedsDrain()
  }

  /// Notes why the connection is being closed from here, for the statistics; the first reason counts.
  func ends(because count: Count) { if cause == .closedByPeer { cause = count } }

  private func ended() {
    timer?.cancel()
    runUnstarted()
    executor.tally.add(.glitches, handler.session.glitchCount)
    if handler.session.isDismissed { ends(because: .closedGlitches) }
    if handler.isBroken { ends(because: .closedProtocol) }
    executor.tally.add(cause)
  }

  /// Whether the handler of `call` may run now; if not it runs when the peer has read more of the answers it has.
  func mayRun(_ call: ServerCall) -> Bool {
    guard handler.session.waitingBytes > Self.maximumUnreadBytes else { return true }
    unstarted.append(call)
    handler.drained = { [unowned self] in
      if handler.session.waitingBytes <= Self.maximumUnreadBytes { runUnstarted() }
    }
    return false
  }

  /// Soon, for this is said while the session is drained.
  private func runUnstarted() {
    handler.drained = nil
    let calls = unstarted
    unstarted = []
    executor.eventLoop.assumeIsolated().execute { [executor] in
      for call in calls { executor.handlers.add(call) }
      executor.handlers.run()
      executor.runJobs()
    }
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
