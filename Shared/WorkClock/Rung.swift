package import Kernel

/// A step of warning on a clock's way; each fires at most once in a round (D§2.0.4, rule 6). In the order in which they are reached.
package enum Rung: String, Hashable, Sendable, CaseIterable {
  /// A share of the budget is used up.
  case yellow = "YELLOW"
  /// The budget is used up: the due time.
  case red = "RED"
  /// A margin beyond the due time has passed too.
  case red3 = "RED3"
}

/// When a clock warns (rule 9).
package struct RungPolicy: Hashable, Sendable {
  /// From 1 to 99.
  package let yellowPercent: Int
  /// From the due time to the last rung; time that is suspended after the due time does not count.
  package let redMargin: Budget

  package init(yellowPercent: Int, redMargin: Budget) {
    self.yellowPercent = yellowPercent
    self.redMargin = redMargin
  }

  /// Four fifths of the budget, and three working days beyond it.
  package static let standard = RungPolicy(yellowPercent: 80, redMargin: .workingDays(3))
  /// Seven tenths of the budget, and two hours beyond it.
  package static let emergency = RungPolicy(yellowPercent: 70, redMargin: .calendarMinutes(120))
}

extension WorkCalendar {
  /// When a notice about something that fired at `now` is delivered: at once in an emergency, else in office hours (rule 6).
  package func noticeTime(of now: Timestamp, isEmergency: Bool) -> Timestamp {
    isEmergency ? now : opening(onOrAfter: now)
  }
}
