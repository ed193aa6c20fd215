import Kernel
import WorkClock

/// The county's calendars of the worked examples: what the notices of 2019 and 2020 said.
enum County {
  static let calendar = calendar([
    year(2019, rest: ["05-01", "05-02", "05-03", "05-04"], work: ["04-28", "05-05"]),
    year(
      2020,
      rest: days("01-", 24...31) + days("02-", 1...2) + days("04-", 4...6) + days("05-", 1...5) + days("10-", 1...8),
      work: ["04-26", "05-09", "10-10"]),
  ])

  /// 2020 as announced at first, before the Spring Festival was prolonged.
  static let firstNotice = calendar([year(2020, rest: days("01-", 24...30), work: ["02-01"])])
  /// 2020 as amended on 27 January.
  static let amended = calendar([year(2020, rest: days("01-", 24...31) + days("02-", 1...2), work: [])])
  /// With 2021 imported.
  static let with2021 = calendar(
    Array(calendar.years.values) + [year(2021, rest: days("02-", 11...17), work: ["02-07", "02-20"])])

  static func year(_ year: Int, rest: [String], work: [String]) -> WorkCalendar.Year {
    let days =
      rest.map { (date("\(year)-\($0)"), WorkCalendar.Day.rest) } + work.map { (date("\(year)-\($0)"), .work) }
    return WorkCalendar.Year(year: year, days: Dictionary(days) { first, _ in first })
  }

  private static func calendar(_ years: [WorkCalendar.Year]) -> WorkCalendar {
    (try? WorkCalendar(years)) ?? .unannounced
  }

  private static func days(_ month: String, _ days: ClosedRange<Int>) -> [String] {
    days.map { month + padded($0, 2) }
  }

  private static func date(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(dayNumber: 0) }
}

/// `2020-03-10 10:00` (or with seconds) on the county's wall clock.
func at(_ text: String) -> Timestamp {
  let seconds = text.utf8.count == 16 ? text + ":00" : text
  return Timestamp(rfc3339: seconds + "+08:00") ?? Timestamp(microseconds: .min)
}

/// How `instant` reads on the county's wall clock, to compare with the examples.
func wall(_ instant: Timestamp?) -> String? {
  instant.map { String($0.shanghai.prefix(16)).replacing("T", with: " ") }
}

func clock(
  _ budget: Budget, from start: String, suspended: [(String, String)] = [], round: Int = 1
) -> Clock {
  Clock(
    kind: "MEDIATION", round: round, policyCode: "DI-CLOCK-1", policyVersion: 1, budget: budget,
    startTime: at(start),
    suspensions: suspended.map { Clock.Suspension(startTime: at($0.0), endTime: at($0.1)) })
}
