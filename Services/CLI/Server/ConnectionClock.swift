import RPC
import Synchronization

/// How long the connection takes to be made.
final class ConnectionClock: Sendable {
  private let channel: Channel
  private let taken = Mutex<Duration?>(nil)

  init(_ channel: Channel) { self.channel = channel }

  /// The time until the connection was there; `nil`: it never was.
  var duration: Duration? { taken.withLock { $0 } }

  /// Connects. That it did not work is for the first call to say, which knows why.
  func connect() async {
    let begin = ContinuousClock.now
    let states = channel.states
    channel.connect()
    for await state in states {
      if state == .ready { taken.withLock { $0 = ContinuousClock.now - begin } }
      if state != .idle, state != .connecting { return }
    }
  }
}
