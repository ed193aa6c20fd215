package import Persistence
import Synchronization

/// Wakes whoever waits for the journal to grow. Counts commits, so that one between two looks is not missed.
package final class CommitSignal: Sendable {
  private struct State {
    var count: UInt64 = 0
    var waiters: [UInt64: UnsafeContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Listens to the commits of `database`.
  package init(_ database: Database) {
    database.onCommit { [weak self] in self?.fire() }
  }

  /// How many commits there have been.
  package var count: UInt64 { state.withLock { $0.count } }

  /// Returns once there has been a commit after the `seen`-th, and says how many there are now.
  package func next(after seen: UInt64) async throws -> UInt64 {
    let waiter = state.withLock { state in
      defer { state.nextWaiter += 1 }
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isOver = state.withLock { state in
          guard state.count <= seen, !Task.isCancelled else { return true }
          state.waiters[waiter] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      // A waiter that comes after this sees that its task is cancelled.
      state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
    }
    try Task.checkCancellation()
    return count
  }

  private func fire() {
    let waiters = state.withLock { state in
      state.count += 1
      defer { state.waiters = [:] }
      return state.waiters
    }
    waiters.values.forEach { $0.resume() }
  }
}
