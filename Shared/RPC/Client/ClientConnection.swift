import HTTP2
import NIOCore

/// One connection of a subchannel: ready once the server's settings have come, leaving once it says GOAWAY.
///
/// `@unchecked`: lives on its event loop.
final class ClientConnection: SessionOwner, @unchecked Sendable {
  let handler: ConnectionHandler
  /// When the attempt began.
  let begin: NIODeadline
  /// The socket, as soon as there is one.
  var channel: (any NIOCore.Channel)?
  /// When the attempt is given up.
  var timeout: Scheduled<Void>?
  /// Why it ended or is going to, as far as that is known.
  var reason: String? {
    get { knownReason ?? handler.session.complaint.map { "it broke HTTP/2 (\($0))" } }
    set { knownReason = newValue }
  }
  private var knownReason: String?
  /// Why it ends, for the statistics.
  var cause = Count.closedByPeer
  /// Whether it had nothing to do when that was last looked at.
  var isSpare = false
  private(set) var isReady = false
  private(set) var isLeaving = false
  private(set) var hasCarriedCalls = false
  /// Whether we let it go ourselves.
  private(set) var isRetired = false
  private var keepalive: ClientKeepalive?
  private var keepaliveTimer: Scheduled<Void>?
  private let subchannel: Subchannel
  private let way: ChannelLoop

  init(_ subchannel: Subchannel, _ way: ChannelLoop, _ begin: NIODeadline) throws(SessionError) {
    self.subchannel = subchannel
    self.way = way
    self.begin = begin
    var limits = SessionLimits()
    // A server that floods us takes the time of all other calls on the loop.
    limits.glitches = GlitchBucket()
    handler = ConnectionHandler(session: try Session(.client, limits: limits), tally: way.tally, isAgreed: true)
    handler.session.owner = self
    // Weakly: a socket that never opened never says that it is closed.
    handler.ended = { [weak self] in self?.ended() }
  }

  /// Whether a call can begin here now.
  var isOpenForCalls: Bool { isReady && !isLeaving && !handler.isLost && handler.session.canOpenStream }

  func open(_ headers: HeaderBlock, _ exchange: ClientExchange) throws(SessionError) -> HTTP2.Stream {
    hasCarriedCalls = true
    isSpare = false
    if keepalive?.wakes() == true { lookForLife(hasCalls: true) }
    return try handler.session.open(headers, owner: exchange)
  }

  /// Takes no more calls, and closes once nothing is open; what comes from the server until then is still taken.
  func retire() {
    if !isLeaving { cause = way.isShutdown ? .closedDrain : .closedIdle }
    isRetired = true
    isLeaving = true
    way.remember(self)
    closeIfDone()
  }

  /// A stream has ended.
  func streamEnded() {
    guard !handler.isLost else { return }
    if isLeaving { way.loop.execute { self.closeIfDone() } }
    subchannel.streamEnded(self)
    way.roomChanged()
  }

  /// Closes at once, whatever is open.
  func abandon() {
    isLeaving = true
    isRetired = true
    if isReady {
      handler.session.terminate(.noError)
      handler.close()
    } else {
      channel?.close(promise: nil)
    }
  }

  private func ended() {
    keepaliveTimer?.cancel()
    let isBroken = handler.isBroken || handler.session.complaint != nil
    if isReady { way.tally.add(isBroken ? .closedProtocol : cause) }
    subchannel.ended(self)
    way.forget(self)
  }

  private func closeIfDone() {
    guard handler.session.streamCount == 0, !handler.isLost else { return }
    handler.session.terminate(.noError)
    handler.close()
  }

  func accepted(_ stream: HTTP2.Stream) {}

  func receivedSettings() {
    guard !isReady else { return way.roomChanged() }
    isReady = true
    reason = nil
    subchannel.became(ready: self)
    watchLife()
  }

  func receivedGoAway(lastStream: Int32, code: ErrorCode, debug: String) {
    if code != .noError {
      let words = debug.isEmpty ? "" : " \"\(debug)\""
      reason = "it said GOAWAY with \(code)\(words)"
    }
    if code == .enhanceYourCalm, debug == "too_many_pings" { way.keepLessAlive() }
    isLeaving = true
    way.remember(self)
    subchannel.leaving(self)
  }

  func receivedPong() {}
}

// MARK: - Keepalive

extension ClientConnection {
  private func watchLife() {
    guard let settings = way.keepalive else { return }
    keepalive = ClientKeepalive(settings, now: .now())
    handler.readCompleted = { [weak self] in
      if self?.keepalive?.heard(now: .now()) == true { self?.lookForLife(hasCalls: false) }
    }
    lookForLife(hasCalls: false)
  }

  private func lookForLife(hasCalls: Bool) {
    guard !handler.isLost else { return }
    let next: NIODeadline
    switch keepalive?.look(now: .now(), hasCalls: hasCalls || handler.session.streamCount > 0) {
    case .look(let instant): next = instant
    case .ping(let instant):
      way.tally.add(.keepalives)
      handler.session.ping()
      handler.setNeedsDrain()
      next = instant
    case .giveUp:
      cause = .closedKeepalive
      reason = "it did not answer a keepalive PING"
      channel?.close(promise: nil)
      return
    case .rest, nil: return
    }
    keepaliveTimer?.cancel()
    keepaliveTimer = way.loop.scheduleTask(deadline: next) { [weak self] in self?.lookForLife(hasCalls: false) }
  }
}
