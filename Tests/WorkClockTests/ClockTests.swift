import Kernel
import Testing
import WorkClock

/// The clock law's examples about clocks (D§2.0.4).
struct ClockTests {
  let calendar = County.calendar

  @Test func `E1: in time is up to the due instant`() throws {
    var punctual = clock(.workingDays(1), from: "2020-03-10 10:00")
    var late = punctual
    try punctual.stop(at: at("2020-03-11 10:00:00"))
    try late.stop(at: at("2020-03-11 10:00:01"))
    #expect(punctual.isOnTime(in: calendar) == true)
    #expect(late.isOnTime(in: calendar) == false)
    #expect(late.isOverdue(at: at("2020-04-01 10:00"), in: calendar))
  }

  @Test func `E8: yellow at four fifths, red3 three working days after due`() throws {
    let open = clock(.workingDays(5), from: "2019-04-25 10:00")
    #expect(wall(open.time(atPercent: 80, in: calendar)) == "2019-04-30 10:00")
    let due = try #require(open.dueTime(in: calendar))
    #expect(wall(due) == "2019-05-05 10:00")
    #expect(wall(calendar.add(.workingDays(3), to: due).due) == "2019-05-08 10:00")
  }

  @Test func `E9: an emergency warns at seven tenths`() {
    let emergency = clock(.calendarMinutes(10), from: "2020-10-02 02:10")
    #expect(wall(emergency.time(atPercent: 70, in: calendar)) == "2020-10-02 02:17")
  }

  @Test func `E11: a suspension moves the due time by the office time it covers`() throws {
    var open = clock(.workingDays(5), from: "2020-09-28 10:00")
    #expect(wall(open.dueTime(in: calendar)) == "2020-10-12 10:00")
    try open.suspend(at: at("2020-09-30 15:00"))
    #expect(open.consumed(at: at("2020-10-05 12:00"), in: calendar) == .minutes(19 * 60 + 30))
    #expect(open.dueTime(in: calendar) == nil)
    #expect(!open.isOverdue(at: at("2021-10-05 12:00"), in: calendar))
    try open.resume(at: at("2020-10-09 10:00"))
    #expect(wall(open.dueTime(in: calendar)) == "2020-10-12 16:00")
  }

  @Test(arguments: [
    ("E12", "2020-09-28 10:00", 5, "2020-10-02 09:00", "2020-10-06 17:00", "2020-10-12 10:00"),
    ("E12b", "2020-03-10 10:00", 3, "2020-03-11 11:00", "2020-03-11 14:30", "2020-03-13 13:30"),
    ("E12b", "2020-03-10 10:00", 3, "2020-03-11 20:00", "2020-03-12 07:00", "2020-03-13 10:00"),
  ])
  func `E12: only office time is suspended`(
    name: String, start: String, days: Int, from: String, to: String, due: String
  ) {
    let open = clock(.workingDays(days), from: start, suspended: [(from, to)])
    #expect(wall(open.dueTime(in: calendar)) == due, "\(name)")
  }

  @Test func `E13 and E14: suspended, then under a longer policy`() throws {
    var open = clock(.workingDays(5), from: "2019-04-25 10:00", suspended: [("2019-04-26 15:00", "2019-04-30 15:00")])
    #expect(wall(open.time(atPercent: 80, in: calendar)) == "2019-05-07 10:00")
    let due = try #require(open.dueTime(in: calendar))
    #expect(wall(due) == "2019-05-08 10:00")
    #expect(wall(calendar.add(.workingDays(3), to: due).due) == "2019-05-13 10:00")

    try open.change(policyCode: "DI-CLOCK-1", policyVersion: 2, budget: .workingDays(7), from: at("2019-05-06 00:00"))
    #expect(wall(open.time(atPercent: 80, in: calendar)) == "2019-05-08 16:18")
    #expect(wall(open.dueTime(in: calendar)) == "2019-05-10 10:00")
  }

  @Test func `E15: a longer policy after red lifts the breach and keeps what is consumed`() throws {
    var open = clock(.workingDays(5), from: "2020-03-02 09:00")
    #expect(wall(open.dueTime(in: calendar)) == "2020-03-09 09:00")
    let now = at("2020-03-10 14:00")
    #expect(open.isOverdue(at: now, in: calendar))
    try open.change(policyCode: "P", policyVersion: 2, budget: .workingDays(10), from: now)
    #expect(open.consumed(at: now, in: calendar) == .minutes(51 * 60 + 30))
    #expect(!open.isOverdue(at: now, in: calendar))
    let due = try #require(open.dueTime(in: calendar))
    #expect(wall(due) == "2020-03-16 09:00")
    #expect(wall(calendar.add(.workingDays(3), to: due).due) == "2020-03-19 09:00")
  }

  @Test func `E16: a shorter policy is due no earlier than it takes effect`() throws {
    var open = clock(.workingDays(15), from: "2020-03-02 09:00")
    let now = at("2020-03-12 10:00")
    try open.change(policyCode: "P", policyVersion: 2, budget: .workingDays(5), from: now)
    #expect(open.consumed(at: now, in: calendar) == .hours(65))
    #expect(open.dueTime(in: calendar) == now)
    #expect(wall(calendar.add(.workingDays(3), to: now).due) == "2020-03-17 10:00")
  }

  @Test func `E17: a reopened case has a new round, the old one stays late`() throws {
    var first = clock(.workingDays(7), from: "2020-03-02 09:00")
    #expect(wall(first.time(atPercent: 80, in: calendar)) == "2020-03-09 15:18")
    #expect(wall(first.dueTime(in: calendar)) == "2020-03-11 09:00")
    try first.stop(at: at("2020-03-13 10:00"))
    #expect(first.consumed(at: at("2020-04-07 09:30"), in: calendar) == .hours(73))
    #expect(first.isOnTime(in: calendar) == false)
    let second = clock(.workingDays(7), from: "2020-04-07 09:30", round: 2)
    #expect(wall(second.time(atPercent: 80, in: calendar)) == "2020-04-14 15:48")
    #expect(wall(second.dueTime(in: calendar)) == "2020-04-16 09:30")
  }

  @Test func `E20 and E21: another calendar moves a due time later, never earlier`() {
    var moved = clock(.workingDays(2), from: "2020-01-23 10:00")
    moved.keepPromise(from: County.firstNotice, to: County.amended)
    #expect(wall(moved.dueTime(in: County.amended)) == "2020-02-04 10:00")

    var kept = clock(.workingDays(1), from: "2021-02-05 10:00")
    #expect(kept.isProvisional(in: calendar))
    kept.keepPromise(from: calendar, to: County.with2021)
    #expect(wall(kept.dueTime(in: County.with2021)) == "2021-02-08 10:00")
    #expect(!kept.isProvisional(in: County.with2021))
  }

  @Test func `E23: one working day warns at 16:24`() {
    let open = clock(.workingDays(1), from: "2020-03-16 08:30")
    #expect(wall(open.time(atPercent: 80, in: calendar)) == "2020-03-16 16:24")
    #expect(wall(open.dueTime(in: calendar)) == "2020-03-17 08:30")
  }

  @Test func `suspending an overdue clock does not undo the breach`() throws {
    var open = clock(.workingDays(1), from: "2020-03-10 10:00")
    try open.suspend(at: at("2020-03-11 11:00"))
    #expect(open.isOverdue(at: at("2020-03-20 11:00"), in: calendar))
    try open.resume(at: at("2020-03-20 11:00"))
    #expect(wall(open.dueTime(in: calendar)) == "2020-03-11 10:00")
    try open.stop(at: at("2020-03-20 12:00"))
    #expect(open.isOnTime(in: calendar) == false)
  }

  @Test func `a clock suspended at its very due instant has not been breached`() throws {
    var open = clock(.workingDays(1), from: "2020-03-10 10:00")
    try open.suspend(at: at("2020-03-11 10:00"))
    try open.stop(at: at("2020-03-20 12:00"))
    #expect(open.isOnTime(in: calendar) == true)
  }

  @Test func `E19: calendar days move with a suspension and end at midnight`() {
    let open = clock(.calendarDays(30), from: "2020-04-01 10:00", suspended: [("2020-04-02 10:00", "2020-04-09 10:00")])
    #expect(wall(open.dueTime(in: calendar)) == "2020-05-09 00:00")
    #expect(open.consumed(at: at("2020-04-11 10:00"), in: calendar) == .days(3))
  }

  @Test func `what cannot be done is refused with every reason`() throws {
    var open = clock(.workingDays(1), from: "2020-03-10 10:00")
    #expect(throws: Refused(.failedPrecondition, [.notSuspended, .clockBackdated])) {
      try open.resume(at: at("2020-03-10 09:00"))
    }
    try open.suspend(at: at("2020-03-10 11:00"))
    #expect(throws: Refused(.failedPrecondition, .alreadySuspended)) { try open.suspend(at: at("2020-03-10 12:00")) }
    #expect(throws: Refused(.failedPrecondition, .clockBackdated)) { try open.stop(at: at("2020-03-10 10:30")) }
    try open.stop(at: at("2020-03-10 12:00"))
    #expect(!open.isSuspended)
    #expect(throws: Refused(.failedPrecondition, .clockStopped)) { try open.stop(at: at("2020-03-10 12:00")) }
    #expect(throws: Refused(.failedPrecondition, .clockStopped)) {
      try open.change(policyCode: "P", policyVersion: 2, budget: .workingDays(2), from: at("2020-03-10 12:00"))
    }
  }
}
