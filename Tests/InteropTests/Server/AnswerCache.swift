import Glibc
import Synchronization

/// What CacheableUnaryCall answers: the time, in nanoseconds; for a minute the same request gets the same answer. The published case
/// puts a caching proxy there.
final class AnswerCache: Sendable {
  private struct State {
    var answers: [[UInt8]: (time: ContinuousClock.Instant, body: [UInt8])] = [:]
    var last: Int64 = 0
  }

  private static let lifetime: Duration = .seconds(60)
  /// Answers kept at once.
  private static let maximumAnswers = 1_000

  private let state = Mutex(State())

  func answer(to request: [UInt8]) -> [UInt8] {
    let now = ContinuousClock.now
    return state.withLock { state in
      if let kept = state.answers[request], kept.time + Self.lifetime > now { return kept.body }
      if state.answers.count >= Self.maximumAnswers { state.answers.removeAll() }
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      state.last = max(state.last + 1, Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
      let body = Array(String(state.last).utf8)
      state.answers[request] = (now, body)
      return body
    }
  }
}
