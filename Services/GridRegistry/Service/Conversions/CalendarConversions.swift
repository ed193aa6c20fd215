import CommonContract
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire
import WorkClock

extension GridRegistryV1.WorkCalendar {
  /// The year with every day.
  init(_ year: CalendarYear) {
    self.init(
      year: Int32(clamping: year.year),
      days: year.everyDay.map { date, day in
        .init(date: date.description, kind: .init(day.kind, prefix: "KIND_"), reason: day.reason)
      }, confirmed: year.isConfirmed, sourceDocument: year.sourceDocument,
      officePeriods: year.officeHours.map {
        .init(startMinute: Int32($0.lowerBound), endMinute: Int32($0.upperBound))
      }, version: UInt64(year.version))
  }
}

extension CalendarYear {
  init(_ message: GridRegistryV1.WorkCalendar) {
    let days = message.days.compactMap { day -> (CivilDate, Day)? in
      guard let date = CivilDate(day.date), let kind: WorkCalendar.Day = day.kind.word(prefix: "KIND_") else {
        return nil
      }
      return (date, Day(kind: kind, reason: day.reason))
    }
    self.init(
      year: Int(message.year), days: Dictionary(days.filter { !$0.1.isOrdinary(on: $0.0) }) { first, _ in first },
      isConfirmed: message.confirmed, sourceDocument: message.sourceDocument,
      officeHours: message.officePeriods.compactMap(\.range), version: Int(message.version))
  }
}

extension CalendarYear.Facts {
  init(_ row: GridRegistryV1.CalendarRow) {
    self.init(
      year: Int(row.year),
      rows: row.days.map { .init(date: $0.date, kind: $0.kind.word(prefix: "KIND_"), reason: $0.reason) },
      isConfirmed: row.confirmed, sourceDocument: row.sourceDocument,
      officeHours: row.officePeriods.compactMap(\.range),
      hasImpossibleHours: row.officePeriods.contains { $0.range == nil })
  }
}

extension GridRegistryV1.OfficePeriod {
  fileprivate var range: Range<Int>? { startMinute < endMinute ? Int(startMinute)..<Int(endMinute) : nil }
}

extension Budget {
  /// Refuses `BUDGET_NOT_POSITIVE`, `BUDGET_TOO_LONG`, `BUDGET_UNIT_MISSING`.
  init(_ message: CommonV1.TimeBudget?) throws(Refused) {
    let unit: Unit? = message?.unit.word(prefix: "UNIT_")
    guard let message, let unit else { throw Refused(.invalidArgument, .budgetUnitMissing.at("budget.unit")) }
    try self.init(Int(message.amount), unit)
  }
}
