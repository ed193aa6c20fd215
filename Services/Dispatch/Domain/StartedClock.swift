package import Kernel
package import WorkClock

/// A clock that has just started, with the due time as the calendar of that moment gave it.
package struct StartedClock: Hashable, Sendable {
  package let clock: Clock
  package let dueTime: Timestamp

  package init(clock: Clock, dueTime: Timestamp) {
    self.clock = clock
    self.dueTime = dueTime
  }

  /// Starts a clock of `policy` now.
  package init(
    _ kind: ClockKind, round: Int = 1, _ budget: Budget, of policy: ClockPolicy, at now: Timestamp,
    in calendar: WorkCalendar
  ) {
    let clock = policy.start(kind, round: round, budget, at: now)
    self.init(clock: clock, dueTime: clock.dueTime(in: calendar) ?? now)
  }
}
