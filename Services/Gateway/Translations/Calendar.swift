import Wire
import DispatchContract
import DisputeContract
import GridRegistryContract
import PerformanceEvaluationContract

// When grid-registry says `calendar.imported`, everybody with clocks hears CalendarHeard.

extension Translation where Message == DisputeV1.Message {
  /// dispute: when a handling clock runs.
  static let calendar = Translation(of: "calendar.imported") { event throws(WireError) in
    guard let calendar = try GridRegistryV1.CalendarEvent(event).imported else { return nil }
    return .calendar(
      .init(
        year: calendar.year, confirmed: calendar.confirmed,
        days: calendar.days.map { .init(date: $0.date, working: $0.kind == .work) },
        officePeriods: calendar.officePeriods.map { .init(startMinute: $0.startMinute, endMinute: $0.endMinute) }))
  }
}

extension Translation where Message == DispatchV1.Message {
  /// dispatch: when a department's clock runs.
  static let calendar = Translation(of: "calendar.imported") { event throws(WireError) in
    guard let calendar = try GridRegistryV1.CalendarEvent(event).imported else { return nil }
    return .calendar(
      .init(
        year: calendar.year, restDates: calendar.dates(.rest), workDates: calendar.dates(.work),
        confirmed: calendar.confirmed,
        officeHours: calendar.officePeriods.map { .init(fromMinute: $0.startMinute, toMinute: $0.endMinute) }))
  }
}

extension Translation where Message == PerformanceEvaluationV1.Message {
  /// performance-evaluation: its own periods.
  static let calendar = Translation(of: "calendar.imported") { event throws(WireError) in
    guard let calendar = try GridRegistryV1.CalendarEvent(event).imported else { return nil }
    return .calendar(
      .init(
        year: calendar.year, confirmed: calendar.confirmed, restDates: calendar.dates(.rest),
        workDates: calendar.dates(.work)))
  }
}

extension GridRegistryV1.CalendarEvent {
  fileprivate var imported: GridRegistryV1.WorkCalendar? {
    if case .imported(let imported) = event { imported.calendar } else { nil }
  }
}

extension GridRegistryV1.WorkCalendar {
  fileprivate func dates(_ kind: GridRegistryV1.CalendarDay.Kind) -> [String] {
    days.filter { $0.kind == kind }.map(\.date)
  }
}
