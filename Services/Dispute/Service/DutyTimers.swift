import Access
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import Runtime
import WorkClock

/// The warnings of clocks beside the cases: an alert that nobody acknowledges, a request that nobody decides. Each is looked at in a
/// transaction of its own, which claims the rungs and writes the events: once, over any crash; what was missed fires late and in order.
struct DutyTimers: Timers {
  let dispute: DisputeShell

  func fire(at now: Timestamp) async throws -> Int {
    try await fireEach { limit in
      try await dispute.shell.read { try dispute.duties.due(before: now, limit: limit, in: $0) }
    } fire: { duty in
      try await fire(duty, at: now)
    }
  }

  func next() async throws -> Timestamp? {
    try await dispute.shell.read { try dispute.duties.next(in: $0) }
  }

  func count(before instant: Timestamp) async throws -> Int? {
    try await dispute.shell.read { try dispute.duties.count(before: instant, in: $0) }
  }

  private func fire(_ duty: Duty, at now: Timestamp) async throws -> Int {
    try await dispute.shell.apply(as: .system(county: dispute.county.text), at: now) { transaction in
      switch duty.kind {
      case .alert:
        guard let alert = try dispute.alerts.load(ID(duty.id), in: transaction.tx) else { break }
        let alerting = Alerting(dispute, transaction, try dispute.world(in: transaction.tx))
        return try dispute.warn(of: duty, alert.clock, transaction) { try alerting.warn(of: alert, $0) }
      case .partyRight:
        guard let right = try dispute.rights.load(ID(duty.id), in: transaction.tx) else { break }
        let rights = PartyRights(dispute, transaction)
        return try dispute.warn(of: duty, right.clock, transaction) { try rights.warn(of: right, $0) }
      }
      try dispute.duties.set(nil, for: duty, in: transaction.tx)
      return 0
    }
  }
}

extension DisputeShell {
  /// Claims and tells every rung of the duty's clock that is due, and looks at it again when the next is. How many were told.
  fileprivate func warn(
    of duty: Duty, _ clock: Clock, _ transaction: CommandTransaction, tell: (Case.FiredRung) throws -> Void
  ) throws -> Int {
    let due = clock.dueRungs(
      without: try duties.fired(duty, in: transaction.tx), in: try calendars.calendar(in: transaction.tx),
      try policies.policies(in: transaction.tx), at: transaction.now)
    for rung in due {
      try duties.claim(rung, of: duty, in: transaction.tx)
      try tell(rung)
    }
    try setTimer(of: duty, clock, transaction)
    return due.count
  }

  /// Looks at the duty again when its clock warns next.
  func setTimer(of duty: Duty, _ clock: Clock, _ transaction: CommandTransaction) throws {
    let wakeTime = clock.nextRungTime(
      without: try duties.fired(duty, in: transaction.tx), in: try calendars.calendar(in: transaction.tx),
      try policies.policies(in: transaction.tx))
    try duties.set(wakeTime, for: duty, in: transaction.tx)
  }

  /// What a duty's clock has told, and when it warns next.
  func warnings(
    in reading: some Reading
  ) throws -> (_ duty: Duty, _ clock: Clock) throws -> (fired: Set<Rung>, next: Timestamp?) {
    let (calendar, policies) = (try calendars.calendar(in: reading), try policies.policies(in: reading))
    return { duty, clock in
      let fired = try duties.fired(duty, in: reading)
      let isRunning = !clock.isStopped && !clock.isSuspended
      return (fired, isRunning ? clock.nextRungTime(without: fired, in: calendar, policies) : nil)
    }
  }
}
