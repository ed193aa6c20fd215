import GridRegistryDomain
import Kernel
import Testing
import WorkClock

@Suite struct CalendarYearTests {
  private let facts = CalendarYear.Facts(
    year: 2020,
    rows: [
      .init(date: "2020-05-01", kind: .rest, reason: "劳动节"), .init(date: "2020-05-09", kind: .work, reason: "调休"),
      .init(date: "2020-03-16", kind: .work),
    ], isConfirmed: true, sourceDocument: "通知")

  private func imported(_ facts: CalendarYear.Facts, over current: CalendarYear? = nil) throws -> CalendarYear? {
    guard case .imported(let year)? = try CalendarYear.decide(importing: facts, over: current, beside: []).first else {
      return nil
    }
    return year
  }

  @Test func `a year keeps what differs and answers for every day`() throws {
    let year = try #require(try imported(facts))
    #expect(year.days.count == 2)
    #expect(year.everyDay.count == 366)
    #expect(year.changedDays(from: .unannounced(2020)) == 2)
    #expect(year.officeHours == WorkCalendar.standardHours)
  }

  @Test func `the same year again is no event`() throws {
    let year = try #require(try imported(facts))
    #expect(try imported(facts, over: year) == nil)
    var amended = facts
    amended.rows.append(.init(date: "2020-05-04", kind: .rest))
    #expect(try imported(amended, over: year)?.version == 2)
  }

  @Test func `rule 8: the calendar holds through the last year before one that is missing or not announced`() {
    func year(_ number: Int, _ isConfirmed: Bool = true) -> CalendarYear {
      var year = CalendarYear.unannounced(number)
      year.isConfirmed = isConfirmed
      return year
    }
    #expect(CalendarYear.confirmedThrough([]) == 0)
    #expect(CalendarYear.confirmedThrough([year(2019), year(2020)]) == 2020)
    #expect(CalendarYear.confirmedThrough([year(2019), year(2020, false), year(2021)]) == 2019)
    #expect(CalendarYear.confirmedThrough([year(2019), year(2021)]) == 2019)
    #expect(CalendarYear.confirmedThrough([year(2019, false)]) == 0)
  }

  @Test func `every fault of a year is named at once`() {
    let bad = CalendarYear.Facts(
      year: 1999, rows: [.init(date: "2020-02-30", kind: nil), .init(date: "2020-01-01", kind: .rest)],
      isConfirmed: true, sourceDocument: "", hasImpossibleHours: true)
    let refused = #expect(throws: Refused.self) { try imported(bad) }
    #expect(
      refused?.reasons.map(\.code) == [
        "YEAR_INVALID", "SOURCE_DOCUMENT_MISSING", "CALENDAR_HOURS_INVALID", "DATE_INVALID", "DAY_KIND_MISSING",
        "CALENDAR_DATE_OUTSIDE_YEAR",
      ])
  }

  @Test func `every year has the same office time a day`() throws {
    let year = try #require(try imported(facts))
    var other = facts
    other.year = 2021
    other.rows = []
    other.officeHours = [540..<960]
    let refused = #expect(throws: Refused.self) {
      try CalendarYear.decide(importing: other, over: nil, beside: [year])
    }
    #expect(refused?.reasons.map(\.code) == ["CALENDAR_DAILY_TOTAL_DIFFERS"])
    other.officeHours = [480..<720, 780..<1020]
    #expect(throws: Never.self) { try CalendarYear.decide(importing: other, over: nil, beside: [year]) }
  }
}
