import Kernel
import Testing
import WorkClock

/// The clock law's examples about budgets and calendars (D§2.0.4); their numbers stand beside the rows.
struct WorkCalendarTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let start: String
    let budget: Budget
    let due: String

    init(_ name: String, _ start: String, _ budget: Budget, _ due: String) {
      (self.name, self.start, self.budget, self.due) = (name, start, budget, due)
    }

    var testDescription: String { "\(name) \(start) + \(budget.amount) \(budget.unit.rawValue)" }
  }

  // swift-format-ignore
  static let examples = [
    Example("E1",  "2020-03-10 10:00", .workingDays(1),         "2020-03-11 10:00"),
    Example("E2",  "2020-03-13 16:00", .workingDays(1),         "2020-03-16 16:00"),
    Example("E3",  "2020-03-13 18:00", .workingDays(1),         "2020-03-17 08:30"),
    Example("E3",  "2020-03-13 17:59", .workingDays(1),         "2020-03-16 17:59"),
    Example("E4",  "2020-03-16 07:00", .workingDays(1),         "2020-03-17 08:30"),
    Example("E5",  "2020-03-16 12:30", .workingDays(1),         "2020-03-17 13:30"),
    Example("E6",  "2020-03-14 10:00", .workingDays(3),         "2020-03-19 08:30"),
    Example("E7",  "2020-05-08 15:00", .workingDays(1),         "2020-05-09 15:00"),
    Example("E7",  "2020-05-08 15:00", .workingDays(2),         "2020-05-11 15:00"),
    Example("E7b", "2020-04-26 09:00", .workingDays(5),         "2020-05-06 09:00"),
    Example("E8",  "2019-04-25 10:00", .workingDays(5),         "2019-05-05 10:00"),
    Example("E9",  "2020-10-02 02:10", .calendarMinutes(10),    "2020-10-02 02:20"),
    Example("E9",  "2020-10-02 02:10", .calendarMinutes(30),    "2020-10-02 02:40"),
    Example("E9",  "2020-10-02 02:10", .calendarMinutes(1440),  "2020-10-03 02:10"),
    Example("E9",  "2020-10-02 02:10", .workingDays(2),         "2020-10-12 08:30"),
    Example("E10", "2020-03-13 16:00", .workingMinutes(240),    "2020-03-16 10:30"),
    Example("E10", "2020-03-16 14:00", .workingMinutes(240),    "2020-03-17 08:30"),
    Example("E18", "2020-04-20 10:00", .workingDays(7),         "2020-04-28 10:00"),
    Example("E18", "2020-04-28 09:50", .workingDays(1),         "2020-04-29 09:50"),
    Example("E18", "2020-04-29 15:00", .workingDays(7),         "2020-05-12 15:00"),
    Example("E18", "2020-04-20 09:00", .calendarDays(30),       "2020-05-21 00:00"),
    Example("E19", "2020-04-01 10:00", .calendarDays(30),       "2020-05-07 00:00"),
  ]

  @Test(arguments: examples)
  func `a budget ends where the worked example says`(example: Example) {
    let (due, isProvisional) = County.calendar.add(example.budget, to: at(example.start))
    #expect(wall(due) == example.due)
    #expect(!isProvisional)
  }

  @Test func `E20: an amended notice moves the due time`() {
    #expect(wall(County.firstNotice.add(.workingDays(2), to: at("2020-01-23 10:00")).due) == "2020-02-01 10:00")
    #expect(wall(County.amended.add(.workingDays(2), to: at("2020-01-23 10:00")).due) == "2020-02-04 10:00")
  }

  @Test func `E21: a year not announced is Monday to Friday and provisional`() {
    let guessed = County.calendar.add(.workingDays(5), to: at("2021-02-05 10:00"))
    #expect(wall(guessed.due) == "2021-02-12 10:00")
    #expect(guessed.isProvisional)
    let known = County.with2021.add(.workingDays(5), to: at("2021-02-05 10:00"))
    #expect(wall(known.due) == "2021-02-18 10:00")
    #expect(!known.isProvisional)
  }

  @Test func `a budget that reaches into a year not announced is provisional, elapsed minutes never are`() {
    #expect(County.calendar.add(.workingDays(5), to: at("2020-12-30 10:00")).isProvisional)
    #expect(!County.calendar.add(.workingDays(1), to: at("2020-12-30 10:00")).isProvisional)
    #expect(!County.calendar.add(.calendarDays(1), to: at("2020-12-30 10:00")).isProvisional)
    #expect(County.calendar.add(.calendarDays(2), to: at("2020-12-30 10:00")).isProvisional)
    #expect(!WorkCalendar.unannounced.add(.calendarMinutes(90), to: at("2020-12-30 10:00")).isProvisional)
  }

  @Test func `a guessed table is provisional too`() throws {
    let guess = try WorkCalendar([.init(year: 2022, days: [:], isConfirmed: false)])
    #expect(guess.add(.workingDays(1), to: at("2022-03-01 10:00")).isProvisional)
  }

  @Test(arguments: [0, -1])
  func `E22: a budget of nothing is refused`(amount: Int) {
    #expect(throws: Refused(.invalidArgument, .budgetNotPositive)) { _ = try Budget(amount, .workingDay) }
  }

  @Test(arguments: Budget.Unit.allCases)
  func `a budget of more than a hundred years is refused; the longest can be added to whatever a contract says`(
    unit: Budget.Unit
  ) throws {
    let most = unit == .workingDay || unit == .calendarDay ? 36_525 : 52_596_000
    #expect(throws: Refused(.invalidArgument, .budgetTooLong)) { _ = try Budget(most + 1, unit) }
    #expect(throws: Refused(.invalidArgument, .budgetTooLong)) { _ = try Budget(Int(Int32.max), unit) }
    for year in [1, 9999] {
      let start = try #require(CivilDate(year: year, month: 12, day: 31)).instant()
      #expect(try CivilDate(County.calendar.add(Budget(most, unit), to: start).due).year - year >= 100)
    }
  }

  @Test func `office time between two instants counts no night, lunch or holiday`() {
    let calendar = County.calendar
    #expect(calendar.workingTime(from: at("2020-03-10 10:00"), to: at("2020-03-10 14:00")) == .minutes(150))
    #expect(calendar.workingTime(from: at("2020-03-10 12:00"), to: at("2020-03-10 13:30")) == .minutes(0))
    #expect(calendar.workingTime(from: at("2020-09-30 17:00"), to: at("2020-10-09 09:00")) == .minutes(90))
    #expect(calendar.workingTime(from: at("2020-03-11 10:00"), to: at("2020-03-10 10:00")) == .minutes(0))
  }

  @Test func `dates before 1970 and far ahead are Monday to Friday`() {
    #expect(!WorkCalendar.unannounced.isWorking(CivilDate(dayNumber: -4)))
    #expect(WorkCalendar.unannounced.isWorking(CivilDate(dayNumber: -3)))
    #expect(wall(WorkCalendar.unannounced.add(.workingDays(1), to: at("1969-12-26 10:00")).due) == "1969-12-29 10:00")
  }

  @Test func `a year may have other hours with the same total`() throws {
    let summer = try WorkCalendar([
      .init(year: 2020, days: [:]), .init(year: 2021, days: [:], officeHours: [480..<720, 840..<1080]),
    ])
    #expect(wall(summer.add(.workingDays(1), to: at("2020-12-31 10:00")).due) == "2021-01-01 09:30")
  }

  @Test func `a wrong table is refused with every reason`() {
    let wrong = [
      WorkCalendar.Year(year: 2020, days: [CivilDate(dayNumber: 0): .rest]),
      WorkCalendar.Year(year: 2020, days: [:], officeHours: [600..<660, 630..<700]),
    ]
    #expect(
      throws: Refused(
        .invalidArgument,
        [.calendarYearTwice, .calendarDateOutsideYear, .calendarHoursInvalid, .calendarDailyTotalDiffers])
    ) { _ = try WorkCalendar(wrong) }
  }
}
