import Synchronization

/// The state of a channel, made of those of its loops: for whoever asks, and for whoever watches.
final class ChannelStates: Sendable {
  /// Changes that a watcher who does not read may miss none of; beyond them the oldest go.
  static let maximumWaiting = 100

  private struct Board {
    var loops: [Channel.State]
    var state = Channel.State.idle
    var watchers: [Int: AsyncStream<Channel.State>.Continuation] = [:]
    var lastWatcher = 0
  }

  private let board: Mutex<Board>

  init(loops: Int) { board = Mutex(Board(loops: Array(repeating: .idle, count: loops))) }

  /// The best of all loops' states.
  var state: Channel.State { board.withLock { $0.state } }

  func set(_ loop: Int, _ state: Channel.State) {
    let finished = board.withLock { board -> [AsyncStream<Channel.State>.Continuation] in
      board.loops[loop] = state
      let best = board.loops.max() ?? .idle
      // What was closed once stays closed.
      guard best != board.state, board.state != .shutdown else { return [] }
      board.state = best
      for watcher in board.watchers.values { watcher.yield(best) }
      guard best == .shutdown else { return [] }
      defer { board.watchers = [:] }
      return Array(board.watchers.values)
    }
    // Not while the lock is held: it calls `forget`.
    for watcher in finished { watcher.finish() }
  }

  /// The state now, and then every change, until the channel is closed.
  func watch() -> AsyncStream<Channel.State> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Channel.State.self, bufferingPolicy: .bufferingNewest(Self.maximumWaiting))
    let ticket = board.withLock { board -> Int in
      continuation.yield(board.state)
      board.lastWatcher += 1
      if board.state == .shutdown { continuation.finish() } else { board.watchers[board.lastWatcher] = continuation }
      return board.lastWatcher
    }
    continuation.onTermination = { [weak self] _ in self?.forget(ticket) }
    return stream
  }

  private func forget(_ ticket: Int) { board.withLock { $0.watchers[ticket] = nil } }
}
