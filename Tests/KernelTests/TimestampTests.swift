import Kernel
import Testing

struct TimestampTests {
  @Test(arguments: [
    ("2019-04-25T09:32:09+08:00", 1_556_155_929_000_000),
    ("2019-04-25T01:32:09Z", 1_556_155_929_000_000),
    ("2019-04-25 01:32:09z", 1_556_155_929_000_000),
    ("1970-01-01T00:00:00.000001Z", 1),
    ("1970-01-01T00:00:00.1234567Z", 123_456),
    ("1970-01-01T00:00:00-00:01", 60_000_000),
    ("1969-12-31T23:59:59.5Z", -500_000),
  ])
  func `RFC 3339 is read to the microsecond`(text: String, microseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2019-04-25", "2019-04-25T09:32:09", "2019-04-25T09:32Z", "2019-04-25T24:00:00Z", "2019-04-25T09:60:00Z",
    "2019-04-25T09:32:09.Z", "2019-04-25T09:32:09+0800", "2019-04-25T09:32:09+24:00", "2019-02-29T00:00:00Z",
    "2019-04-25T09:32:09Z ", " 2019-04-25T09:32:09Z", "2019-04-25T09:32:60Z", "２019-04-25T09:32:09Z",
  ])
  func `anything else is no time`(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

  @Test func `a time is written so that it can be read back`() {
    for microseconds in [0, 1, -1, 999_999, 1_556_155_929_000_000, -62_135_596_800_000_000, 253_402_300_799_999_999] {
      let time = Timestamp(microseconds: Int64(microseconds))
      #expect(Timestamp(rfc3339: time.rfc3339) == time)
      #expect(Timestamp(rfc3339: time.shanghai) == time || time.shanghai.count > 32)
    }
    #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
    #expect(Timestamp(seconds: 1_556_155_929).shanghai == "2019-04-25T09:32:09+08:00")
  }

  @Test func `times and intervals are arithmetic`() {
    let time = Timestamp(seconds: 100)
    #expect(time + .minutes(1) == Timestamp(seconds: 160))
    #expect(time - .seconds(1) == Timestamp(seconds: 99))
    #expect(Timestamp(seconds: 160) - time == .minutes(1))
    #expect(Interval.days(1) == .hours(24))
    #expect(Interval.hours(1) - .minutes(59) == .seconds(60))
  }
}
