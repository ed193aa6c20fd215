import CommonContract
import Kernel
import Testing

@testable import HuyingCLI

/// `huying clock`: times as a person writes and reads them.
@Suite struct ClockCommandTests {
  @Test func `a time is the county's wall clock, or says its own zone`() throws {
    let instant = try ClockCommand.instant("2020-03-11 10:00")
    #expect(instant.shanghai == "2020-03-11T10:00:00+08:00")
    #expect(try ClockCommand.instant("2020-03-11 10:00:01") == instant + .seconds(1))
    #expect(try ClockCommand.instant("2020-03-11T02:00:00Z") == instant)
    #expect(ClockCommand.wall(instant) == "2020-03-11 10:00")
    #expect(ClockCommand.wall(instant + .seconds(1)) == "2020-03-11 10:00:01")
    for wrong in ["tomorrow", "2020-03-32 10:00", "2020-03-11"] {
      #expect(throws: Complaint.self) { try ClockCommand.instant(wrong) }
    }
  }

  @Test func `a budget is said with its unit`() {
    #expect(ClockCommand.text(nil).isEmpty)
    #expect(ClockCommand.text(.init(amount: 5, unit: .workingDay)).hasPrefix("5"))
    let units = [CommonV1.TimeBudget.Unit.workingDay, .workingMinute, .calendarMinute, .calendarDay]
    #expect(Set(units.map { ClockCommand.text(.init(amount: 5, unit: $0)) }).count == 4)
  }
}
