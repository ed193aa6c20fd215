package import Kernel

/// One running duty: budget and suspension ledger, never only a target instant. What is due, consumed or overdue is derived
/// from a calendar when asked (D§2.0.4, rules 1, 3, 9 to 13).
package struct Clock: Hashable, Sendable {
  /// A stretch in which the clock did not count, `[start, end)`; open while it lasts.
  package struct Suspension: Hashable, Sendable {
    package let startTime: Timestamp
    /// `nil` while it lasts.
    package var endTime: Timestamp?

    package init(startTime: Timestamp, endTime: Timestamp? = nil) {
      self.startTime = startTime
      self.endTime = endTime
    }
  }

  /// What is measured: CASE, MEDIATION, RECEIPT, SIGN, RESPOND, …
  package let kind: String
  /// 1 for the first; a reopened case starts round 2 with a new clock (rule 4).
  package let round: Int
  /// The policy that gave the budget.
  package private(set) var policyCode: String
  /// The policy's version when the clock started.
  package private(set) var policyVersion: Int
  /// How much time there is.
  package private(set) var budget: Budget
  package let startTime: Timestamp
  /// `nil` while it runs.
  package private(set) var stopTime: Timestamp?
  /// In order, without overlap.
  package private(set) var suspensions: [Suspension]
  /// The due time may not come before this: a promise made before the calendar or the policy changed (rules 12 and 13).
  package private(set) var floorDue: Timestamp?

  /// A clock that starts now, or one read back from its row.
  package init(
    kind: String, round: Int = 1, policyCode: String, policyVersion: Int, budget: Budget, startTime: Timestamp,
    stopTime: Timestamp? = nil, suspensions: [Suspension] = [], floorDue: Timestamp? = nil
  ) {
    self.kind = kind
    self.round = round
    self.policyCode = policyCode
    self.policyVersion = policyVersion
    self.budget = budget
    self.startTime = startTime
    self.stopTime = stopTime
    self.suspensions = suspensions
    self.floorDue = floorDue
  }

  package var isStopped: Bool { stopTime != nil }

  /// Whether it stands still and can be resumed.
  package var isSuspended: Bool { suspensions.last.map { $0.endTime == nil } ?? false }

  // MARK: - What it says

  /// When the budget is used up; `nil` while suspended (rule 10).
  package func dueTime(in calendar: WorkCalendar) -> Timestamp? {
    isSuspended ? nil : limit(in: calendar)
  }

  /// Whether the due time rests on years that have not been announced.
  package func isProvisional(in calendar: WorkCalendar) -> Bool {
    calendar.isProvisional(budget.unit, from: startTime, to: limit(in: calendar))
  }

  /// When `percent` of the budget is used up (a warning's instant); `nil` while suspended.
  package func time(atPercent percent: Int, in calendar: WorkCalendar) -> Timestamp? {
    guard !isSuspended else { return nil }
    return warning(share(percent, in: calendar), in: calendar)
  }

  /// Time used up at `now`, or at the stop: office time for working units, elapsed time for calendar units.
  package func consumed(at now: Timestamp, in calendar: WorkCalendar) -> Interval {
    let end = min(now, stopTime ?? now)
    let suspended = suspensions.reduce(Interval.zero) { sum, suspension in
      sum + elapsed(from: suspension.startTime, to: min(end, suspension.endTime ?? end), in: calendar)
    }
    return elapsed(from: startTime, to: end, in: calendar) - suspended
  }

  /// When `rung` is reached; `nil` while suspended (rule 10).
  package func time(of rung: Rung, _ policy: RungPolicy, in calendar: WorkCalendar) -> Timestamp? {
    isSuspended ? nil : instant(of: rung, policy, in: calendar)
  }

  /// The rungs that are not in `claimed` and that the clock has reached, or will reach if nothing happens to it, in order. Of a clock
  /// that stands still or has stopped: those that it had reached by then, and that should have fired (rule 6).
  package func pendingRungs(
    without claimed: Set<Rung>, _ policy: RungPolicy, in calendar: WorkCalendar
  ) -> [(rung: Rung, time: Timestamp)] {
    let end = stopTime ?? openSuspension?.startTime
    return Rung.allCases.filter { !claimed.contains($0) }.map { ($0, instant(of: $0, policy, in: calendar)) }
      .filter { rung in end.map { rung.1 < $0 } ?? true }
  }

  /// Whether the due time has passed. Suspended, it cannot pass, but a breach before the suspension stands (rule 10).
  package func isOverdue(at now: Timestamp, in calendar: WorkCalendar) -> Bool {
    let end = min(now, stopTime ?? now)
    return min(end, openSuspension?.startTime ?? end) > limit(in: calendar)
  }

  /// Whether it was stopped in time; `nil` while it runs. In time is at or before the due time (rule 9).
  package func isOnTime(in calendar: WorkCalendar) -> Bool? {
    stopTime.map { $0 <= limit(in: calendar) }
  }

  // MARK: - What may be done to it

  /// Lets it stand still from `now`. Refuses `CLOCK_STOPPED`, `ALREADY_SUSPENDED`, `CLOCK_BACKDATED`.
  package mutating func suspend(at now: Timestamp) throws(Refused) {
    try refuse([
      isStopped ? .clockStopped : nil, isSuspended ? .alreadySuspended : nil,
      now < latestEntry ? .clockBackdated : nil,
    ])
    suspensions.append(Suspension(startTime: now))
  }

  /// Lets it count again from `now`. Refuses `CLOCK_STOPPED`, `NOT_SUSPENDED`, `CLOCK_BACKDATED`.
  package mutating func resume(at now: Timestamp) throws(Refused) {
    try refuse([
      isStopped ? .clockStopped : nil, isSuspended ? nil : .notSuspended, now < latestEntry ? .clockBackdated : nil,
    ])
    suspensions[suspensions.count - 1].endTime = now
  }

  /// Ends it, and a suspension that was still open. Refuses `CLOCK_STOPPED`, `CLOCK_BACKDATED`.
  package mutating func stop(at now: Timestamp) throws(Refused) {
    try refuse([isStopped ? .clockStopped : nil, now < latestEntry ? .clockBackdated : nil])
    if isSuspended { suspensions[suspensions.count - 1].endTime = now }
    stopTime = now
  }

  /// As `resume(at:)`, and keeps what was promised: a due time that may not come before an instant moves on with the suspension,
  /// else a clock could run out while it stands still.
  package mutating func resume(at now: Timestamp, in calendar: WorkCalendar) throws(Refused) {
    let promise = promise(suspendedUntil: now, in: calendar)
    try resume(at: now)
    floorDue = promise ?? floorDue
  }

  /// As `stop(at:)`, and keeps what was promised over a suspension that was still open.
  package mutating func stop(at now: Timestamp, in calendar: WorkCalendar) throws(Refused) {
    let promise = promise(suspendedUntil: now, in: calendar)
    try stop(at: now)
    floorDue = promise ?? floorDue
  }

  /// Where the promise stands once the open suspension ends at `now`; `nil`: nothing was promised beyond its begin.
  private func promise(suspendedUntil now: Timestamp, in calendar: WorkCalendar) -> Timestamp? {
    guard let floorDue, let start = openSuspension?.startTime, start <= floorDue, start < now else { return nil }
    let covered = elapsed(from: start, to: now, in: calendar)
    guard covered > .zero else { return floorDue }
    // 24:00 of a date belongs to that date.
    let base = budget.unit == .calendarDay ? floorDue - Interval(microseconds: 1) : floorDue
    return calendar.reach(covered, budget.unit, from: base, suspended: .zero)
  }

  /// Puts an open clock under another policy version: consumed and suspended time stay, and it is due no earlier than
  /// `effectiveTime` (rules 3 and 12). Refuses `CLOCK_STOPPED`.
  package mutating func change(
    policyCode: String, policyVersion: Int, budget: Budget, from effectiveTime: Timestamp
  ) throws(Refused) {
    try refuse([isStopped ? .clockStopped : nil])
    self.policyCode = policyCode
    self.policyVersion = policyVersion
    self.budget = budget
    // A clock that stands still has got no further than to where it stopped; resuming moves the promise on.
    let reached = openSuspension.map { min($0.startTime, effectiveTime) } ?? effectiveTime
    floorDue = max(floorDue ?? reached, reached)
  }

  /// Keeps the promise made under `old` when another calendar takes its place: the due time never moves earlier (rule 13).
  /// Does nothing to a stopped clock.
  package mutating func keepPromise(from old: WorkCalendar, to new: WorkCalendar) {
    guard !isStopped else { return }
    let promised = limit(in: old)
    if promised > limit(in: new) { floorDue = promised }
  }

  // MARK: - The ledger

  private var openSuspension: Suspension? { isSuspended ? suspensions.last : nil }

  /// The last instant written into the ledger; nothing may be entered before it.
  private var latestEntry: Timestamp {
    suspensions.last.map { $0.endTime ?? $0.startTime } ?? startTime
  }

  /// The due time as it would be without the open suspension.
  package func limit(in calendar: WorkCalendar) -> Timestamp {
    reach(budget.allowance(in: calendar), budget.unit, from: startTime, floor: floorDue, in: calendar)
  }

  /// A rung's instant, an open suspension left out of account.
  private func instant(of rung: Rung, _ policy: RungPolicy, in calendar: WorkCalendar) -> Timestamp {
    let due = limit(in: calendar)
    switch rung {
    case .yellow: return min(due, warning(share(policy.yellowPercent, in: calendar), in: calendar))
    case .red: return due
    case .red3:
      let margin = policy.redMargin
      return reach(margin.allowance(in: calendar), margin.unit, from: due, floor: nil, in: calendar)
    }
  }

  private func share(_ percent: Int, in calendar: WorkCalendar) -> Interval {
    let allowance = budget.allowance(in: calendar).microseconds
    return Interval(microseconds: allowance / 100 * Int64(percent) + allowance % 100 * Int64(percent) / 100)
  }

  /// When a part of the budget is used up; a part of calendar days is elapsed time.
  private func warning(_ part: Interval, in calendar: WorkCalendar) -> Timestamp {
    reach(
      part, budget.unit == .calendarDay ? .calendarMinute : budget.unit, from: startTime, floor: nil, in: calendar)
  }

  /// The first instant at which `allowance` is consumed while running from `base` on: each suspension that began before it moves it
  /// on by what it covers of the time that counts.
  private func reach(
    _ allowance: Interval, _ unit: Budget.Unit, from base: Timestamp, floor: Timestamp?, in calendar: WorkCalendar
  ) -> Timestamp {
    var suspended = Interval.zero
    func reached() -> Timestamp {
      let derived = calendar.reach(allowance, unit, from: base, suspended: suspended)
      return max(derived, floor ?? derived)
    }
    for suspension in suspensions {
      guard let end = suspension.endTime, reached() >= suspension.startTime else { break }
      let start = max(suspension.startTime, base)
      suspended =
        suspended + (unit.isWorkingTime ? calendar.workingTime(from: start, to: end) : max(.zero, end - start))
    }
    return reached()
  }

  private func elapsed(from start: Timestamp, to end: Timestamp, in calendar: WorkCalendar) -> Interval {
    budget.unit.isWorkingTime ? calendar.workingTime(from: start, to: end) : max(.zero, end - start)
  }
}

private func refuse(_ reasons: [Reason?]) throws(Refused) {
  let unmet = reasons.compactMap(\.self)
  guard unmet.isEmpty else { throw Refused(.failedPrecondition, unmet) }
}

extension Reason {
  /// Suspensions do not overlap (rule 10).
  package static let alreadySuspended = Reason(
    "ALREADY_SUSPENDED", zh: "该计时已处于挂账状态。", en: "The clock is suspended already.")
  /// Only a suspended clock resumes.
  package static let notSuspended = Reason("NOT_SUSPENDED", zh: "该计时未处于挂账状态。", en: "The clock is not suspended.")
  /// A stopped clock is history.
  package static let clockStopped = Reason("CLOCK_STOPPED", zh: "该计时已经结束。", en: "The clock has stopped.")
  /// Nothing is entered before what has been entered (rule 10).
  package static let clockBackdated = Reason(
    "CLOCK_BACKDATED", zh: "不得倒填计时时间。", en: "A clock takes no entry that is dated back.")
}
