import Kernel
import Testing
import WorkClock

/// The clock law's examples about warnings, promises and windows (D§2.0.4); their numbers stand in the names.
struct RungTests {
  let calendar = County.calendar

  /// Yellow, due and red3 on the county's wall clock.
  private func rungs(_ clock: Clock, _ policy: RungPolicy = .standard, in other: WorkCalendar? = nil) -> [String?] {
    Rung.allCases.map { wall(clock.time(of: $0, policy, in: other ?? calendar)) }
  }

  /// What a tick at `now` fires; it is claimed afterwards.
  private func tick(
    _ now: String, _ clock: Clock, _ claimed: inout Set<Rung>, _ policy: RungPolicy = .standard
  ) -> [Rung] {
    let due = clock.pendingRungs(without: claimed, policy, in: calendar).filter { $0.time < at(now) }.map(\.rung)
    claimed.formUnion(due)
    return due
  }

  @Test func `E1: a rung fires at the first tick after its instant`() {
    let open = clock(.workingDays(1), from: "2020-03-10 10:00")
    var claimed: Set<Rung> = [.yellow]
    #expect(tick("2020-03-11 10:00:00", open, &claimed) == [])
    #expect(!open.isOverdue(at: at("2020-03-11 10:00:00"), in: calendar))
    #expect(tick("2020-03-11 10:00:01", open, &claimed) == [.red])
    #expect(open.isOverdue(at: at("2020-03-11 10:00:01"), in: calendar))
  }

  @Test func `E8 and E13: a suspension of three working days moves every rung by three`() {
    #expect(
      rungs(clock(.workingDays(5), from: "2019-04-25 10:00"))
        == ["2019-04-30 10:00", "2019-05-05 10:00", "2019-05-08 10:00"])
    let suspended = clock(
      .workingDays(5), from: "2019-04-25 10:00", suspended: [("2019-04-26 15:00", "2019-04-30 15:00")])
    #expect(rungs(suspended) == ["2019-05-07 10:00", "2019-05-08 10:00", "2019-05-13 10:00"])
  }

  @Test func `E9: an emergency warns at seven tenths and two hours after due`() {
    let emergency = clock(.calendarMinutes(10), from: "2020-10-02 02:10")
    #expect(rungs(emergency, .emergency) == ["2020-10-02 02:17", "2020-10-02 02:20", "2020-10-02 04:20"])
    #expect(wall(calendar.noticeTime(of: at("2020-10-02 02:17"), isEmergency: true)) == "2020-10-02 02:17")
    #expect(wall(calendar.noticeTime(of: at("2020-10-02 02:17"), isEmergency: false)) == "2020-10-09 08:30")
  }

  @Test func `E11: nothing is due and nothing warns while it stands still`() throws {
    var open = clock(.workingDays(5), from: "2020-09-28 10:00")
    try open.suspend(at: at("2020-09-30 15:00"))
    #expect(rungs(open) == [nil, nil, nil])
    #expect(open.pendingRungs(without: [], .standard, in: calendar).isEmpty)
  }

  @Test func `E14: the policy's new version moves yellow too`() throws {
    var open = clock(.workingDays(5), from: "2019-04-25 10:00", suspended: [("2019-04-26 15:00", "2019-04-30 15:00")])
    try open.change(policyCode: "DI-CLOCK", policyVersion: 2, budget: .workingDays(7), from: at("2019-05-06 00:00"))
    #expect(rungs(open).prefix(2) == ["2019-05-08 16:18", "2019-05-10 10:00"])
  }

  @Test func `E15: after red a longer policy repeats nothing and red3 counts from the new due time`() throws {
    var open = clock(.workingDays(5), from: "2020-03-02 09:00")
    var claimed: Set<Rung> = []
    #expect(tick("2020-03-09 09:00:01", open, &claimed) == [.yellow, .red])
    try open.change(policyCode: "P", policyVersion: 2, budget: .workingDays(10), from: at("2020-03-10 14:00"))
    #expect(!open.isOverdue(at: at("2020-03-10 14:00"), in: calendar))
    #expect(open.pendingRungs(without: claimed, .standard, in: calendar).map(\.rung) == [.red3])
    #expect(rungs(open)[1...] == ["2020-03-16 09:00", "2020-03-19 09:00"])
    #expect(tick("2020-03-19 09:00:00", open, &claimed) == [])
    #expect(tick("2020-03-19 09:00:01", open, &claimed) == [.red3])
  }

  @Test func `E16: after a shorter policy the next tick fires yellow, then red`() throws {
    var open = clock(.workingDays(15), from: "2020-03-02 09:00")
    var claimed: Set<Rung> = []
    #expect(tick("2020-03-12 10:00", open, &claimed) == [])
    try open.change(policyCode: "P", policyVersion: 2, budget: .workingDays(5), from: at("2020-03-12 10:00"))
    #expect(open.consumed(at: at("2020-03-12 10:00"), in: calendar) == .hours(65))
    #expect(tick("2020-03-12 10:00:01", open, &claimed) == [.yellow, .red])
    #expect(tick("2020-03-12 10:00:02", open, &claimed) == [])
    #expect(rungs(open)[2] == "2020-03-17 10:00")
  }

  @Test func `E17: every round warns anew`() {
    #expect(rungs(clock(.workingDays(7), from: "2020-03-02 09:00")).first == "2020-03-09 15:18")
    let second = clock(.workingDays(7), from: "2020-04-07 09:30", round: 2)
    #expect(rungs(second).prefix(2) == ["2020-04-14 15:48", "2020-04-16 09:30"])
  }

  @Test func `E23: what was missed while the process was down fires once, in order, and is told in office hours`() {
    let open = clock(.workingDays(1), from: "2020-03-16 08:30")
    var claimed: Set<Rung> = []
    #expect(tick("2020-03-16 16:00", open, &claimed) == [])
    #expect(tick("2020-03-18 09:00", open, &claimed) == [.yellow, .red])
    #expect(tick("2020-03-18 09:00", open, &claimed) == [])
    #expect(wall(calendar.noticeTime(of: at("2020-03-18 09:00"), isEmergency: false)) == "2020-03-18 09:00")
    #expect(rungs(open).first == "2020-03-16 16:24")
  }

  @Test func `E24: a window of ninety days is open to the end of the last`() {
    let window = Window(days: 90, after: at("2020-03-01 15:20"))
    #expect(window.isOpen(at: at("2020-05-30 23:59:59")))
    #expect(!window.isOpen(at: at("2020-05-31 00:00")))
  }

  @Test func `calendar days warn by elapsed time and end with the day`() {
    #expect(
      rungs(clock(.calendarDays(30), from: "2020-04-01 10:00"))
        == ["2020-04-25 10:00", "2020-05-07 00:00", "2020-05-11 08:30"])
  }

  @Test func `a stopped clock still owes the rungs that it had passed`() throws {
    var open = clock(.workingDays(1), from: "2020-03-16 08:30")
    try open.stop(at: at("2020-03-17 08:30:01"))
    #expect(open.pendingRungs(without: [.yellow], .standard, in: calendar).map(\.rung) == [.red])
    var punctual = clock(.workingDays(1), from: "2020-03-16 08:30")
    try punctual.stop(at: at("2020-03-17 08:30"))
    #expect(punctual.pendingRungs(without: [.yellow], .standard, in: calendar).isEmpty)
  }

  @Test func `a breach before the suspension is told, time after it does not count towards red3`() throws {
    var open = clock(.workingDays(1), from: "2020-03-10 10:00")
    try open.suspend(at: at("2020-03-11 11:00"))
    #expect(open.pendingRungs(without: [], .standard, in: calendar).map(\.rung) == [.yellow, .red])
    try open.resume(at: at("2020-03-18 11:00"))
    #expect(rungs(open)[1...] == ["2020-03-11 10:00", "2020-03-23 10:00"])
  }

  @Test func `a promise moves on with a suspension, so nothing runs out while it stands still`() throws {
    var open = clock(.workingDays(1), from: "2021-02-05 10:00")
    open.keepPromise(from: calendar, to: County.with2021)
    #expect(wall(open.dueTime(in: County.with2021)) == "2021-02-08 10:00")
    try open.suspend(at: at("2021-02-08 09:00"))
    try open.resume(at: at("2021-02-09 09:00"), in: County.with2021)
    #expect(wall(open.dueTime(in: County.with2021)) == "2021-02-09 10:00")
    #expect(!open.isOverdue(at: at("2021-02-09 09:00"), in: County.with2021))
  }

  @Test func `a shorter policy for a clock that stands still is due when it goes on`() throws {
    var open = clock(.workingDays(15), from: "2020-03-02 09:00")
    try open.suspend(at: at("2020-03-12 10:00"))
    try open.change(policyCode: "P", policyVersion: 2, budget: .workingDays(5), from: at("2020-03-13 10:00"))
    var stopped = open
    try open.resume(at: at("2020-03-16 11:00"), in: calendar)
    #expect(wall(open.dueTime(in: calendar)) == "2020-03-16 11:00")
    try stopped.stop(at: at("2020-03-16 11:00"), in: calendar)
    #expect(stopped.isOnTime(in: calendar) == true)
  }
}
