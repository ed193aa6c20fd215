import Kernel
import Synchronization

/// Lets the relay's deliveries through, or holds them back while the services' files are copied: what one service has heard of
/// another is then in both copies.
package final class RelayGate: Sendable {
  private struct State {
    var passing = 0
    var isShut = false
  }

  private let state = Mutex(State())

  package init() {}

  /// How often somebody who waits looks again: it is shut for seconds, a few times a day.
  private static let look: Duration = .milliseconds(20)

  /// Runs `body` once the gate is open.
  package func pass<R>(_ body: () async throws -> R) async throws -> R {
    while !enter() { try await Task.sleep(for: Self.look) }
    defer { state.withLock { $0.passing -= 1 } }
    return try await body()
  }

  /// Shuts it and waits for those who are passing. Refuses `RELAY_BUSY`, and is open again, if they take longer than `limit`.
  package func shut(within limit: Duration) async throws {
    state.withLock { $0.isShut = true }
    let deadline = ContinuousClock.now + limit
    while state.withLock({ $0.passing > 0 }) {
      do {
        guard ContinuousClock.now < deadline else { throw Refused(.unavailable, .relayBusy) }
        try await Task.sleep(for: Self.look)
      } catch {
        open()
        throw error
      }
    }
  }

  /// Opens it.
  package func open() { state.withLock { $0.isShut = false } }

  private func enter() -> Bool {
    state.withLock { state in
      guard !state.isShut else { return false }
      state.passing += 1
      return true
    }
  }
}

extension Reason {
  static let relayBusy = Reason(
    "RELAY_BUSY", zh: "各服务之间的消息传递尚未停下，未生成备份，请稍后再试。",
    en: "The relay between the services did not come to a rest, so there is no backup; try again.")
}
