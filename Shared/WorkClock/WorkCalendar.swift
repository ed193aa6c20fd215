package import Kernel

/// The county's office time: one table per year of the State Council's notice, Monday to Friday where none was announced yet.
///
/// All office time lies on one line: a *position* is the office time that has passed since a fixed Monday. Adding, subtracting
/// and comparing are arithmetic on positions; no loop runs over days or minutes (D§2.0.4, rules 2, 8 and 14).
package struct WorkCalendar: Hashable, Sendable {
  /// What a notice says about one date.
  package enum Day: String, Hashable, Sendable, CaseIterable {
    case work = "WORK"
    case rest = "REST"
  }

  /// One year's table: the dates that differ from Monday–Friday (others may be listed too) and the office hours.
  package struct Year: Hashable, Sendable {
    /// Which year.
    package let year: Int
    /// The days that differ from Monday to Friday.
    package let days: [CivilDate: Day]
    /// Minutes of the day, half-open, ascending, apart.
    package let officeHours: [Range<Int>]
    /// `false`: a guess before the notice; what is computed with it is provisional.
    package let isConfirmed: Bool

    package init(
      year: Int, days: [CivilDate: Day], officeHours: [Range<Int>] = WorkCalendar.standardHours,
      isConfirmed: Bool = true
    ) {
      self.year = year
      self.days = days
      self.officeHours = officeHours
      self.isConfirmed = isConfirmed
    }
  }

  /// 08:30–12:00 and 13:30–18:00.
  package static let standardHours = [510..<720, 810..<1080]

  /// No year announced: Monday to Friday, standard hours, everything provisional.
  package static let unannounced = WorkCalendar(checked: [])

  /// The tables, by year.
  package let years: [Int: Year]
  /// Hours of years without a table: those of the latest one.
  private let otherHours: [Range<Int>]
  /// Day numbers, ascending, on which the tables differ from Monday–Friday.
  private let exceptions: [Int]
  /// Working days gained (lost, if negative) up to and including each exception.
  private let gains: [Int]
  /// The least and the most that they add up to.
  private let extremes: ClosedRange<Int>
  /// Office time of every working day.
  private let dayLength: Int64

  /// Refuses, with all reasons: `CALENDAR_YEAR_TWICE`, `CALENDAR_DATE_OUTSIDE_YEAR`, `CALENDAR_HOURS_INVALID`,
  /// `CALENDAR_DAILY_TOTAL_DIFFERS`.
  package init(_ tables: [Year]) throws(Refused) {
    let reasons = Self.faults(of: tables)
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
    self.init(checked: tables)
  }

  private init(checked tables: [Year]) {
    let changes = tables.flatMap(\.days).compactMap { date, day -> (day: Int, gain: Int)? in
      let isWeekday = date.weekday <= 5
      return (day == .work) == isWeekday ? nil : (date.dayNumber, day == .work ? 1 : -1)
    }.sorted { $0.day < $1.day }
    years = Dictionary(tables.map { ($0.year, $0) }) { first, _ in first }
    otherHours = tables.max { $0.year < $1.year }?.officeHours ?? Self.standardHours
    dayLength = Self.length(otherHours)
    exceptions = changes.map(\.day)
    gains = changes.reduce(into: []) { sums, change in sums.append((sums.last ?? 0) + change.gain) }
    extremes = min(0, gains.min() ?? 0)...max(0, gains.max() ?? 0)
  }

  // MARK: - Days

  /// Whether the offices are open on `date`.
  package func isWorking(_ date: CivilDate) -> Bool {
    workingDays(before: date.dayNumber + 1) > workingDays(before: date.dayNumber)
  }

  /// `date` itself if the offices are open, else the next date on which they are.
  package func workingDay(onOrAfter date: CivilDate) -> CivilDate {
    CivilDate(dayNumber: day(at: workingDays(before: date.dayNumber)))
  }

  /// Office hours of `date`'s year, in minutes of the day.
  package func officeHours(in year: Int) -> [Range<Int>] { years[year]?.officeHours ?? otherHours }

  /// Whether every year that the span touches has been announced.
  package func isConfirmed(from start: Timestamp, to end: Timestamp) -> Bool {
    let first = CivilDate(start).year
    return (first...max(first, CivilDate(end).year)).allSatisfy { years[$0]?.isConfirmed ?? false }
  }

  // MARK: - Time

  /// When `budget`, counted from `start`, is used up, and whether that rests on years not announced yet.
  package func add(_ budget: Budget, to start: Timestamp) -> (due: Timestamp, isProvisional: Bool) {
    let due = reach(budget.allowance(in: self), budget.unit, from: start, suspended: .zero)
    return (due, isProvisional(budget.unit, from: start, to: due))
  }

  /// Office time between two instants; zero if `end` is not after `start`.
  package func workingTime(from start: Timestamp, to end: Timestamp) -> Interval {
    Interval(microseconds: max(0, position(end) - position(start)))
  }

  /// Office time of one working day.
  package var workingDayLength: Interval { Interval(microseconds: dayLength) }

  /// The first office instant at or after `instant`: where a clock started outside office time begins to count.
  package func opening(onOrAfter instant: Timestamp) -> Timestamp { self.instant(at: position(instant)) }

  /// Where `allowance` of `unit` ends: the first instant at which it is consumed.
  func reach(_ allowance: Interval, _ unit: Budget.Unit, from start: Timestamp, suspended: Interval) -> Timestamp {
    switch unit {
    case .workingDay, .workingMinute:
      instant(at: position(start) + allowance.microseconds + suspended.microseconds)
    case .calendarMinute: start + allowance + suspended
    case .calendarDay: (workingDay(onOrAfter: CivilDate(start + allowance + suspended)) + 1).instant()
    }
  }

  func isProvisional(_ unit: Budget.Unit, from start: Timestamp, to due: Timestamp) -> Bool {
    switch unit {
    case .workingDay, .workingMinute: !isConfirmed(from: start, to: due)
    case .calendarMinute: false
    case .calendarDay: !isConfirmed(from: due - .days(1), to: due - .days(1))
    }
  }

  // MARK: - The line of office time

  /// Office time passed since the fixed Monday, in microseconds.
  private func position(_ instant: Timestamp) -> Int64 {
    let date = CivilDate(instant)
    let before = Int64(workingDays(before: date.dayNumber)) * dayLength
    guard isWorking(date) else { return before }
    let time = (instant - date.instant()).microseconds
    return officeHours(in: date.year).reduce(before) { sum, hours in
      sum + max(0, min(time, Self.microseconds(hours.upperBound)) - Self.microseconds(hours.lowerBound))
    }
  }

  /// The office instant at `position`; the end of the day is the next opening.
  private func instant(at position: Int64) -> Timestamp {
    let index = floored(position, by: dayLength)
    let date = CivilDate(dayNumber: day(at: Int(index)))
    var rest = position - index * dayLength
    for hours in officeHours(in: date.year) {
      let length = Self.microseconds(hours.count)
      if rest < length { return date.instant(minute: hours.lowerBound) + Interval(microseconds: rest) }
      rest -= length
    }
    preconditionFailure("a position lies inside its day: every year's hours have the same total")
  }

  /// Working days from the fixed Monday up to but without `day`.
  private func workingDays(before day: Int) -> Int {
    let (weeks, rest) = weeksSinceMonday(day - Self.fixedMonday, length: 7)
    return weeks * 5 + min(rest, 5) + gain(before: day)
  }

  /// The working day that `index` working days precede.
  private func day(at index: Int) -> Int {
    var low = weekday(at: index - extremes.upperBound)
    var high = weekday(at: index + 1 - extremes.lowerBound)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if workingDays(before: middle) <= index { low = middle } else { high = middle }
    }
    return low
  }

  private func weekday(at index: Int) -> Int {
    let (weeks, rest) = weeksSinceMonday(index, length: 5)
    return Self.fixedMonday + weeks * 7 + rest
  }

  /// What the exceptions before `day` add to Monday–Friday.
  private func gain(before day: Int) -> Int {
    var (low, high) = (0, exceptions.count)
    while low < high {
      let middle = (low + high) / 2
      if exceptions[middle] < day { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : gains[low - 1]
  }

  /// Monday 1970-01-05.
  private static let fixedMonday = 4

  private static func microseconds(_ minutes: Int) -> Int64 { Int64(minutes) * 60_000_000 }

  private static func length(_ hours: [Range<Int>]) -> Int64 { microseconds(hours.reduce(0) { $0 + $1.count }) }
}

extension WorkCalendar {
  private static func faults(of tables: [Year]) -> [Reason] {
    var reasons: [Reason] = []
    let totals = Set(tables.map { length($0.officeHours) })
    if Set(tables.map(\.year)).count < tables.count { reasons.append(.calendarYearTwice) }
    if tables.contains(where: { table in table.days.keys.contains { $0.year != table.year } }) {
      reasons.append(.calendarDateOutsideYear)
    }
    if !tables.allSatisfy({ hoursAreValid($0.officeHours) }) { reasons.append(.calendarHoursInvalid) }
    if totals.count > 1 { reasons.append(.calendarDailyTotalDiffers) }
    return reasons
  }

  private static func hoursAreValid(_ hours: [Range<Int>]) -> Bool {
    guard let first = hours.first, let last = hours.last else { return false }
    return first.lowerBound >= 0 && last.upperBound <= 1440 && hours.allSatisfy { !$0.isEmpty }
      && zip(hours, hours.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
  }
}

extension Budget {
  /// The budget as time: office time for working units, elapsed time for calendar units.
  func allowance(in calendar: WorkCalendar) -> Interval {
    switch unit {
    case .workingDay: Interval(microseconds: calendar.workingDayLength.microseconds * Int64(amount))
    case .workingMinute, .calendarMinute: .minutes(Int64(amount))
    case .calendarDay: .days(Int64(amount))
    }
  }
}

extension Interval {
  static let zero = Interval(microseconds: 0)
}

extension Reason {
  /// Two tables for one year.
  package static let calendarYearTwice = Reason(
    "CALENDAR_YEAR_TWICE", zh: "同一年份的工作日历出现了两次。", en: "A year has two calendar tables.")
  /// A date in another year's table.
  package static let calendarDateOutsideYear = Reason(
    "CALENDAR_DATE_OUTSIDE_YEAR", zh: "工作日历中有不属于该年份的日期。", en: "A calendar table lists a date of another year.")
  /// Office hours that are empty, overlap, or leave the day.
  package static let calendarHoursInvalid = Reason(
    "CALENDAR_HOURS_INVALID", zh: "办公时间无效：不得为空、重叠或超出当日。",
    en: "Office hours must not be empty, overlap or leave the day.")
  /// A year with longer or shorter working days than the others (rule 2).
  package static let calendarDailyTotalDiffers = Reason(
    "CALENDAR_DAILY_TOTAL_DIFFERS", zh: "各年份每个工作日的办公总时长必须一致。",
    en: "Every year's working day must have the same total of office time.")
}

private func floored(_ number: Int64, by divisor: Int64) -> Int64 {
  let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}

/// Whole stretches of `length` in `number`, and what is left, never negative.
private func weeksSinceMonday(_ number: Int, length: Int) -> (stretches: Int, rest: Int) {
  let stretches = Int(floored(Int64(number), by: Int64(length)))
  return (stretches, number - stretches * length)
}
