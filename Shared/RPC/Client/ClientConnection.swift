import HTTP2
import NIOCore

/// One connection of a channel: ready once the server's settings have come, leaving once it says GOAWAY.
///
/// `@unchecked`: lives on its event loop.
final class ClientConnection: SessionOwner, @unchecked Sendable {
  let handler: ConnectionHandler
  private(set) var isReady = false
  private(set) var isLeaving = false
  /// Why it ends, for the statistics.
  private var cause = Count.closedByPeer
  private let way: ChannelLoop

  init(_ way: ChannelLoop) throws(SessionError) {
    self.way = way
    handler = ConnectionHandler(session: try Session(.client), tally: way.tally)
    handler.session.owner = self
    // The handler keeps the connection alive until its channel is closed.
    handler.ended = { self.ended() }
  }

  /// Whether a call can begin here now.
  var isOpenForCalls: Bool { isReady && !isLeaving && !handler.isLost && handler.session.canOpenStream }

  func open(_ headers: HeaderBlock, _ exchange: ClientExchange) throws(SessionError) -> HTTP2.Stream {
    try handler.session.open(headers, owner: exchange)
  }

  /// Closes once nothing is open; what comes from the server until then is still taken.
  func leave() {
    if !isLeaving { cause = .closedDrain }
    isLeaving = true
    if handler.session.streamCount == 0 {
      handler.session.terminate(.noError)
      handler.close()
    }
  }

  private func ended() {
    if isReady { way.tally.add(handler.isBroken ? .closedProtocol : cause) }
    way.ended(self)
  }

  func accepted(_ stream: HTTP2.Stream) {}

  func receivedSettings() {
    guard !isReady else { return way.placeWaiting() }
    isReady = true
    way.became(ready: self)
  }

  func receivedGoAway(lastStream: Int32, code: ErrorCode) {
    isLeaving = true
    way.leaving(self)
  }

  func receivedPong() {}
}
