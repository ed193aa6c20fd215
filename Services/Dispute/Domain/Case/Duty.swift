package import Kernel
package import WorkClock

/// A duty beside the cases that has a clock of its own. The raw value is the word in rows.
package enum DutyKind: String, Hashable, Sendable, CaseIterable {
  /// An early warning, until somebody takes notice of it.
  case alert = "ALERT"
  /// A party's request about the own data, until it is decided.
  case partyRight = "PARTY_RIGHT"
}

/// One of them: what it is, and the id of the alert or the request.
package struct Duty: Hashable, Sendable {
  package let kind: DutyKind
  package let id: String

  package init(_ kind: DutyKind, _ id: String) {
    self.kind = kind
    self.id = id
  }

  package static func alert(_ id: ID<Alert>) -> Duty { Duty(.alert, id.text) }
  package static func right(_ id: ID<PartyRight>) -> Duty { Duty(.partyRight, id.text) }
}

extension Clock {
  /// What a duty's clock has to tell at `now`: every rung whose instant has passed and that has not fired, in order (rules 6 and 9).
  package func dueRungs(
    without fired: Set<Rung>, in calendar: WorkCalendar, _ policies: ClockPolicies, at now: Timestamp
  ) -> [Case.FiredRung] {
    pendingRungs(without: fired, policies.policy(of: self).rungs(of: self), in: calendar)
      .filter { $0.time < now }.sorted { $0.time < $1.time }
      .map { pending in
        Case.FiredRung(
          kind: kind, round: round, rung: pending.rung, rungTime: pending.time, fireTime: now,
          noticeTime: calendar.noticeTime(of: now, isEmergency: isEmergency))
      }
  }

  /// The next instant at which it warns; `nil`: it will not if nothing happens.
  package func nextRungTime(
    without fired: Set<Rung>, in calendar: WorkCalendar, _ policies: ClockPolicies
  ) -> Timestamp? {
    pendingRungs(without: fired, policies.policy(of: self).rungs(of: self), in: calendar).map(\.time).min()
  }
}
