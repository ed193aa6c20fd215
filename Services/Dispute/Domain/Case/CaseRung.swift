package import Kernel
package import WorkClock

extension Case {
  /// A warning of one of its clocks: it fires once in a round, and says when it should have.
  package struct FiredRung: Hashable, Sendable {
    package let kind: String
    package let round: Int
    package let rung: Rung
    /// The instant itself, by the calendar and the policy as they were when it fired.
    package let rungTime: Timestamp
    /// When it fired: at the first tick after its instant, late if nobody was there to tick.
    package let fireTime: Timestamp
    /// When people are told: in office hours, but for an emergency.
    package let noticeTime: Timestamp

    package init(
      kind: String, round: Int, rung: Rung, rungTime: Timestamp, fireTime: Timestamp, noticeTime: Timestamp
    ) {
      self.kind = kind
      self.round = round
      self.rung = rung
      self.rungTime = rungTime
      self.fireTime = fireTime
      self.noticeTime = noticeTime
    }
  }

  /// The rungs of `clock` that have fired.
  package func firedRungs(of clock: Clock) -> Set<Rung> {
    Set(rungs.filter { $0.kind == clock.kind && $0.round == clock.round }.map(\.rung))
  }

  /// What has to be told at `now`: every rung whose instant has passed and that has not fired, in order (rules 6 and 9).
  package func dueRungs(in calendar: WorkCalendar, _ policies: ClockPolicies, at now: Timestamp) -> [Event] {
    pendingRungs(in: calendar, policies).filter { $0.time < now }.sorted { $0.time < $1.time }
      .map { pending in
        let fired = FiredRung(
          kind: pending.clock.kind, round: pending.clock.round, rung: pending.rung, rungTime: pending.time,
          fireTime: now, noticeTime: calendar.noticeTime(of: now, isEmergency: pending.clock.isEmergency))
        return Event(.rungFired(fired), clocks: [], time: now)
      }
  }

  /// The next instant at which one of its clocks warns; `nil`: none will if nothing happens.
  package func nextRungTime(in calendar: WorkCalendar, _ policies: ClockPolicies) -> Timestamp? {
    pendingRungs(in: calendar, policies).map(\.time).min()
  }

  private func pendingRungs(
    in calendar: WorkCalendar, _ policies: ClockPolicies
  ) -> [(clock: Clock, rung: Rung, time: Timestamp)] {
    clocks.flatMap { clock in
      clock.pendingRungs(without: firedRungs(of: clock), policies.policy(of: clock).rungs(of: clock), in: calendar)
        .map { (clock, $0.rung, $0.time) }
    }
  }
}
