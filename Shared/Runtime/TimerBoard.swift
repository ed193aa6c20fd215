import Kernel
import Synchronization

/// What the timers of a process show at a scrape.
final class TimerBoard: Sendable {
  private struct State {
    var firedCount = 0
    var failureCount = 0
    var next: Timestamp?
    var dueSoonCount: Int?
  }

  private let state = Mutex(State())

  func fired(_ count: Int) { state.withLock { $0.firedCount += count } }

  func failed() { state.withLock { $0.failureCount += 1 } }

  func counted(next: Timestamp?, dueSoon: Int?) {
    state.withLock {
      $0.next = next
      $0.dueSoonCount = dueSoon
    }
  }

  /// A timer that stays overdue cannot be fired: the log says why.
  func readings(at now: Timestamp) -> [GaugeReading] {
    let state = state.withLock { $0 }
    let overdue = state.next.map { max(0, Double(now.microseconds - $0.microseconds) / 1_000_000) } ?? 0
    return [
      GaugeReading("huying_timers_fired_total", Double(state.firedCount)),
      GaugeReading("huying_timers_failures_total", Double(state.failureCount)),
      GaugeReading("huying_timers_overdue_seconds", overdue),
    ] + (state.dueSoonCount.map { [GaugeReading("huying_clocks_due", Double($0), labels: [("within", "1d")])] } ?? [])
  }
}
