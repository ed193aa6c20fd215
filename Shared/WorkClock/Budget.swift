package import Kernel

/// How much time a duty has: a whole number of one unit. Never zero or less; "immediate" is no clock at all (D§2.0.4, rule 11).
package struct Budget: Hashable, Sendable {
  /// What the number counts. The raw value is the name in policies, payloads and contracts.
  package enum Unit: String, Hashable, Sendable, CaseIterable {
    /// A day's office time each, so the same clock time n working days later (rule 2).
    case workingDay = "WORKING_DAY"
    /// A minute of office time.
    case workingMinute = "WORKING_MINUTE"
    /// A minute of elapsed time, nights and holidays too: emergencies.
    case calendarMinute = "CALENDAR_MINUTE"
    /// To 24:00 of the n-th date after the start, or of the next working day (rule 14).
    case calendarDay = "CALENDAR_DAY"

    /// The longest budget of it, a hundred years.
    fileprivate var most: Int {
      switch self {
      case .workingDay, .calendarDay: 36_525
      case .workingMinute, .calendarMinute: 36_525 * 1440
      }
    }

    /// Whether only office time is consumed.
    package var isWorkingTime: Bool { self == .workingDay || self == .workingMinute }
  }

  /// How many; greater than zero, and a hundred years at most.
  package let amount: Int
  /// Of what.
  package let unit: Unit

  /// Refuses `BUDGET_NOT_POSITIVE`, `BUDGET_TOO_LONG`.
  package init(_ amount: Int, _ unit: Unit) throws(Refused) {
    guard amount > 0 else { throw Refused(.invalidArgument, .budgetNotPositive) }
    guard amount <= unit.most else { throw Refused(.invalidArgument, .budgetTooLong) }
    self.init(unchecked: amount, unit)
  }

  private init(unchecked amount: Int, _ unit: Unit) {
    self.amount = amount
    self.unit = unit
  }

  /// Working days of a compiled-in policy; `count` is a positive constant.
  package static func workingDays(_ count: Int) -> Self { constant(count, .workingDay) }
  /// Minutes of office time of a compiled-in policy; `count` is a positive constant.
  package static func workingMinutes(_ count: Int) -> Self { constant(count, .workingMinute) }
  /// Elapsed minutes of a compiled-in policy; `count` is a positive constant.
  package static func calendarMinutes(_ count: Int) -> Self { constant(count, .calendarMinute) }
  /// Calendar days of a compiled-in policy; `count` is a positive constant.
  package static func calendarDays(_ count: Int) -> Self { constant(count, .calendarDay) }

  private static func constant(_ count: Int, _ unit: Unit) -> Self {
    precondition(count > 0, "a compiled-in budget is positive")
    return Self(unchecked: count, unit)
  }
}

extension Reason {
  /// A policy that gives no time (rule 11).
  package static let budgetNotPositive = Reason(
    "BUDGET_NOT_POSITIVE", zh: "办理时限必须大于零。", en: "A time budget must be greater than zero.")
  /// A policy that never comes to an end; and a due time that no instant could be.
  package static let budgetTooLong = Reason(
    "BUDGET_TOO_LONG", zh: "办理时限不得超过一百年。", en: "A time budget is a hundred years at most.")
}
