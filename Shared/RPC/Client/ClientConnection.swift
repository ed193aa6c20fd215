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
  var reason: String?
  /// Why it ends, for the statistics.
  var cause = Count.closedByPeer
  /// Whether it had nothing to do when that was last looked at.
  var isSpare = false
  private(set) var isReady = false
  private(set) var isLeaving = false
  private(set) var hasCarriedCalls = false
  /// Whether we let it go ourselves.
  private(set) var isRetired = false
  private let subchannel: Subchannel
  private let way: ChannelLoop

  init(_ subchannel: Subchannel, _ way: ChannelLoop, _ begin: NIODeadline) throws(SessionError) {
    self.subchannel = subchannel
    self.way = way
    self.begin = begin
    handler = ConnectionHandler(session: try Session(.client), tally: way.tally)
    handler.session.owner = self
    // Weakly: a socket that never opened never says that it is closed.
    handler.ended = { [weak self] in self?.ended() }
  }

  /// Whether a call can begin here now.
  var isOpenForCalls: Bool { isReady && !isLeaving && !handler.isLost && handler.session.canOpenStream }

  func open(_ headers: HeaderBlock, _ exchange: ClientExchange) throws(SessionError) -> HTTP2.Stream {
    hasCarriedCalls = true
    isSpare = false
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
    if isReady { way.tally.add(handler.isBroken ? .closedProtocol : cause) }
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
  }

  func receivedGoAway(lastStream: Int32, code: ErrorCode) {
    if code != .noError { reason = "it said GOAWAY with error \(code)" }
    isLeaving = true
    way.remember(self)
    subchannel.leaving(self)
  }

  func receivedPong() {}
}
