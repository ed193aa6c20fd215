package import Kernel

/// A span of whole days in which something may still be done: to the end of the n-th date after an event's.
package struct Window: Hashable, Sendable {
  /// The first instant at which it is too late.
  package let endTime: Timestamp

  /// Open to the end of the date that is `days` after that of `event`: closed on 1 March with 90 days, to the end of 30 May.
  package init(days: Int, after event: Timestamp) { endTime = (CivilDate(event) + days + 1).instant() }

  /// Whether `now` lies in it.
  package func isOpen(at now: Timestamp) -> Bool { now < endTime }
}
