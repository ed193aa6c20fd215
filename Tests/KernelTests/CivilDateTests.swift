import Kernel
import Testing

struct CivilDateTests {
  @Test(arguments: [
    (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2020, 3, 1, 18_322), (2100, 2, 28, 47_540),
    (1, 1, 1, -719_162), (9999, 12, 31, 2_932_896),
  ])
  func `a date is its days since 1970`(year: Int, month: Int, day: Int, number: Int) throws {
    let date = try #require(CivilDate(year: year, month: month, day: day))
    #expect(date.dayNumber == number)
    #expect((date.year, date.month, date.day) == (year, month, day))
  }

  @Test(arguments: [
    "2021-02-29", "2100-02-29", "2020-13-01", "2020-00-10", "2020-04-31", "2020-4-01", "20200401", "2020-04-01Z", "",
    "+020-04-01", "2020-+4-01", "0000-01-01",
  ])
  func `a date that does not exist is none`(text: String) { #expect(CivilDate(text) == nil) }

  @Test func `every day of four centuries follows the one before and survives its text`() throws {
    var weekday = 6
    let first = try #require(CivilDate("2000-01-01"))
    for number in 0..<146_097 {
      let date = first + number
      guard date.weekday == weekday, CivilDate(date.description) == date else {
        Issue.record("\(date)")
        return
      }
      weekday = weekday % 7 + 1
    }
  }

  @Test func `the date at an instant is Shanghai's`() throws {
    let eve = try #require(Timestamp(rfc3339: "2020-02-29T15:59:59.999999Z"))
    #expect(CivilDate(eve).description == "2020-02-29")
    #expect(CivilDate(eve + Interval(microseconds: 1)).description == "2020-03-01")
    #expect(CivilDate(Timestamp(seconds: -8 * 3600 - 1)).description == "1969-12-31")
  }

  @Test func `a minute of the day is an instant`() throws {
    let date = try #require(CivilDate("2020-03-10"))
    #expect(date.instant(minute: 510).shanghai == "2020-03-10T08:30:00+08:00")
    #expect((date + 1) - date == 1)
    #expect(date < date + 1)
  }
}
