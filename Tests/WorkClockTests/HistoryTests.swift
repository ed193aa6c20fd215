import Kernel
import Testing
import WorkClock

/// Ten thousand seeded histories of a clock (suspended, resumed, under new policies and calendars, stopped) against a model that
/// walks minute by minute and keeps no ledger arithmetic of its own.
struct HistoryTests {
  /// A county's minutes from 2020-01-01 on: whether each is office time.
  struct Minutes {
    static let start = at("2020-01-01 00:00")
    static let count = 460 * 1440
    let calendar: WorkCalendar
    let isOffice: [Bool]

    init(_ calendar: WorkCalendar) {
      self.calendar = calendar
      isOffice = (0..<Self.count / 1440).flatMap { day -> [Bool] in
        let date = CivilDate(Self.start) + day
        let listed = calendar.years[date.year]?.days[date]
        let isOpen = listed.map { $0 == .work } ?? (date.weekday <= 5)
        return (0..<1440).map { isOpen && ((510..<720).contains($0) || (810..<1080).contains($0)) }
      }
    }

    func instant(_ minute: Int) -> Timestamp { Self.start + .minutes(Int64(minute)) }
  }

  /// What the model knows of a clock: minutes, nothing else.
  struct Model {
    let start: Int
    let unit: Budget.Unit
    var budget: Int
    var suspensions: [Range<Int>] = []
    var openSince: Int?
    var floor: Int?
    var stop: Int?

    var isWorking: Bool { unit.isWorkingTime }

    /// Walks from `base` until `target` minutes that count have passed; suspended ones do not. Office clocks end at an office minute.
    func walk(_ target: Int, from base: Int, working: Bool, over suspensions: [Range<Int>], _ minutes: Minutes) -> Int {
      minutes.isOffice.withUnsafeBufferPointer { isOffice in
        var (consumed, minute, next) = (0, base, 0)
        while true {
          while next < suspensions.count, suspensions[next].upperBound <= minute { next += 1 }
          if next < suspensions.count, suspensions[next].lowerBound <= minute {
            minute = suspensions[next].upperBound
            continue
          }
          if !working || isOffice[minute] {
            if consumed == target { return minute }
            consumed += 1
          }
          minute += 1
        }
      }
    }

    func due(_ minutes: Minutes) -> Int {
      if unit == .calendarDay { return dueDay(minutes) }
      return max(floor ?? 0, walk(budget, from: start, working: isWorking, over: suspensions, minutes))
    }

    /// 24:00 of the date of (start + n × 24 h + suspended); what begins before that is over moves it on (rule 14).
    private func dueDay(_ minutes: Minutes) -> Int {
      var suspended = 0
      var due: Int { max(floor ?? 0, endOfWorkingDay(start + budget + suspended, minutes)) }
      for suspension in suspensions where suspension.lowerBound <= due { suspended += suspension.count }
      return due
    }

    /// 24:00 of the minute's date, or of the next one with office time.
    func endOfWorkingDay(_ minute: Int, _ minutes: Minutes) -> Int {
      var day = minute / 1440
      while !minutes.isOffice[day * 1440 + 600] { day += 1 }
      return (day + 1) * 1440
    }

    func counting(_ span: Range<Int>, _ minutes: Minutes) -> Int {
      isWorking ? minutes.isOffice[span].count { $0 } : span.count
    }

    func consumed(at now: Int, _ minutes: Minutes) -> Int {
      let end = min(now, stop ?? now)
      guard end > start else { return 0 }
      let all = suspensions + (openSince.map { [$0..<Int.max] } ?? [])
      return (start..<end).count { minute in
        (!isWorking || minutes.isOffice[minute]) && !all.contains { $0.contains(minute) }
      }
    }

    /// A promise beyond the suspension's begin moves on by what the suspension covers.
    mutating func endSuspension(at now: Int, _ minutes: Minutes) {
      guard let since = openSince else { return }
      if let floor, floor >= since, now > since {
        let covered = counting(since..<now, minutes)
        if covered > 0, unit == .calendarDay {
          self.floor = endOfWorkingDay(floor + covered - 1, minutes)
        } else if covered > 0 {
          self.floor = walk(covered, from: floor, working: isWorking, over: [], minutes)
        }
      }
      suspensions.append(since..<now)
      openSince = nil
    }
  }

  static let histories = 10_000
  private static let known = Minutes(County.calendar)
  private static let other = Minutes(
    (try? WorkCalendar(
      Array(County.calendar.years.values).filter { $0.year != 2020 } + [
        County.year(
          2020, rest: ["01-02", "03-19", "05-01", "06-25", "09-30", "10-01", "10-02"],
          work: ["02-01", "03-14", "04-26", "06-28", "09-27"]),
        County.year(2021, rest: ["01-01", "02-11", "02-12"], work: ["02-07", "02-20"]),
      ])) ?? .unannounced)

  @Test func `due, rungs, consumed and breach agree with walking minute by minute`() throws {
    var generator = ModelTests.Generator(state: 20_200_310)
    var kinds: [String: Int] = [:]
    for number in 0..<Self.histories {
      let mismatch = try history(number, &generator, &kinds)
      #expect(mismatch == nil, "history \(number): \(mismatch ?? "")")
      if mismatch != nil { break }
    }
    // The histories have everything in them.
    for kind in ["suspend", "resume", "policy", "calendar", "stop"] {
      #expect(kinds[kind, default: 0] > 1_000, "\(kind)")
    }
  }

  /// One history; what differs, if something does.
  private func history(
    _ number: Int, _ generator: inout ModelTests.Generator, _ kinds: inout [String: Int]
  ) throws -> String? {
    let unit: Budget.Unit = [.workingDay, .workingDay, .workingMinute, .calendarMinute, .calendarDay][number % 5]
    func budget() -> Budget {
      let isDays = unit == .workingDay || unit == .calendarDay
      let amount = isDays ? Int.random(in: 1...10, using: &generator) : 10 * Int.random(in: 1...200, using: &generator)
      return (try? Budget(amount, unit)) ?? .workingDays(1)
    }
    func minutes(_ budget: Budget) -> Int {
      budget.amount * (unit == .workingDay ? 480 : unit == .calendarDay ? 1440 : 1)
    }
    var now = Int.random(in: 0..<300 * 1440, using: &generator)
    let first = budget()
    var days = Self.known
    var open = Clock(
      kind: "MEDIATION", policyCode: "P", policyVersion: 1, budget: first, startTime: days.instant(now))
    var model = Model(start: now, unit: unit, budget: minutes(first))
    var story = ["\(first.amount) \(unit) from \(now)"]
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      now += Int.random(in: 1...4_000, using: &generator)
      let instant = days.instant(now)
      let kind = ["suspend", "suspend", "policy", "calendar", "stop"].randomElement(using: &generator) ?? "stop"
      switch kind {
      case "suspend" where model.openSince == nil:
        try open.suspend(at: instant)
        model.openSince = now
        kinds["suspend", default: 0] += 1
      case "suspend":
        try open.resume(at: instant, in: days.calendar)
        model.endSuspension(at: now, days)
        kinds["resume", default: 0] += 1
      case "policy":
        let next = budget()
        try open.change(policyCode: "P", policyVersion: 2, budget: next, from: instant)
        model.budget = minutes(next)
        let reached = model.openSince ?? now
        model.floor = max(model.floor ?? reached, reached)
        kinds["policy", default: 0] += 1
      case "calendar":
        let new = days.calendar == Self.known.calendar ? Self.other : Self.known
        open.keepPromise(from: days.calendar, to: new.calendar)
        let (promised, derived) = (model.due(days), model.due(new))
        if promised > derived { model.floor = promised }
        days = new
        kinds["calendar", default: 0] += 1
      default:
        // Stopped at a minute at or near the due time now and then, where the edge is.
        if model.openSince == nil, Bool.random(using: &generator) {
          now = max(now, model.due(days) + Int.random(in: -1...1, using: &generator))
        }
        try open.stop(at: days.instant(now), in: days.calendar)
        model.endSuspension(at: now, days)
        model.stop = now
        kinds["stop", default: 0] += 1
      }
      story.append("\(kind) at \(now)")
      if model.stop != nil { break }
    }
    return difference(open, model, days, now: now).map { "\($0) after \(story.joined(separator: ", "))" }
  }

  private func difference(_ clock: Clock, _ model: Model, _ days: Minutes, now: Int) -> String? {
    // The end of an office day is the same position as the next opening.
    func shown(_ instant: Timestamp?) -> Timestamp? {
      instant.map { model.isWorking ? days.calendar.opening(onOrAfter: $0) : $0 }
    }
    let due = model.due(days)
    let yellow = min(
      due, model.walk(model.budget * 4 / 5, from: model.start, working: model.isWorking, over: model.suspensions, days))
    let red3 = model.walk(1440, from: due, working: true, over: model.suspensions, days)
    if model.openSince == nil {
      let expected = [yellow, due, red3].map { shown(days.instant($0)) }
      let found = Rung.allCases.map { shown(clock.time(of: $0, .standard, in: days.calendar)) }
      if found != expected { return "rungs \(found.map { wall($0) }), not \(expected.map { wall($0) })" }
      if shown(clock.dueTime(in: days.calendar)) != expected[1] { return "due" }
    } else if clock.dueTime(in: days.calendar) != nil {
      return "due while suspended"
    }
    for moment in [now, now + 777] {
      let consumed = Interval.minutes(Int64(model.consumed(at: moment, days)))
      if clock.consumed(at: days.instant(moment), in: days.calendar) != consumed { return "consumed at \(moment)" }
      let reached = min(moment, model.stop ?? moment, model.openSince ?? moment)
      if clock.isOverdue(at: days.instant(moment), in: days.calendar) != (reached > due) {
        return "overdue at \(moment)"
      }
    }
    if let stop = model.stop, clock.isOnTime(in: days.calendar) == (stop > due) { return "on time" }
    return nil
  }
}
