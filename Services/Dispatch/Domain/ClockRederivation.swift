package import Kernel
package import WorkClock

/// A running clock under another calendar: due later perhaps, never earlier than promised (D§2.0.4, rule 13).
package struct ClockRederivation: Hashable, Sendable {
  package let kind: ClockKind
  package let round: Int
  package let oldDueTime: Timestamp
  package let newDueTime: Timestamp
  /// The promise, where the new calendar alone would have been earlier.
  package let floorDueTime: Timestamp?

  package init(
    kind: ClockKind, round: Int, oldDueTime: Timestamp, newDueTime: Timestamp, floorDueTime: Timestamp?
  ) {
    self.kind = kind
    self.round = round
    self.oldDueTime = oldDueTime
    self.newDueTime = newDueTime
    self.floorDueTime = floorDueTime
  }

  /// `nil`: the clock is stopped, or nothing changes for it.
  package init?(_ clock: Clock, from old: WorkCalendar, to new: WorkCalendar) {
    guard !clock.isStopped, let kind = ClockKind(rawValue: clock.kind), let promised = clock.dueTime(in: old) else {
      return nil
    }
    var kept = clock
    kept.keepPromise(from: old, to: new)
    guard let due = kept.dueTime(in: new), due != promised || kept.floorDue != clock.floorDue else { return nil }
    self.init(
      kind: kind, round: clock.round, oldDueTime: promised, newDueTime: due, floorDueTime: kept.floorDue)
  }

  /// Whether it speaks of `clock`.
  func concerns(_ clock: Clock) -> Bool { clock.kind == kind.rawValue && clock.round == round }
}

extension Clock {
  /// The same clock with the promise that `rederivation` keeps.
  func keeping(_ rederivation: ClockRederivation) -> Clock {
    Clock(
      kind: kind, round: round, policyCode: policyCode, policyVersion: policyVersion, budget: budget,
      startTime: startTime, stopTime: stopTime, suspensions: suspensions, floorDue: rederivation.floorDueTime)
  }
}
