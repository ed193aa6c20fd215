import Kernel
import Testing
import WorkClock

/// The arithmetic against a model that walks minute by minute and cannot be wrong.
struct ModelTests {
  /// The same numbers every time.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }

  /// Office minutes from 2020-01-01 on, one flag each.
  struct Model {
    static let start = at("2020-01-01 00:00")
    static let minutes = 400 * 1440
    let isOffice: [Bool]

    init() {
      isOffice = (0..<Self.minutes).map { minute in
        let date = CivilDate(Self.start + .minutes(Int64(minute)))
        let ofDay = minute % 1440
        let isOpen = (510..<720).contains(ofDay) || (810..<1080).contains(ofDay)
        let listed = County.calendar.years[date.year]?.days[date]
        return isOpen && (listed.map { $0 == .work } ?? (date.weekday <= 5))
      }
    }

    func due(_ budget: Int, office: Bool, from start: Int, suspensions: [Range<Int>]) -> Int? {
      var consumed = 0
      for minute in start..<Self.minutes where !suspensions.contains(where: { $0.contains(minute) }) {
        guard isOffice[minute] || !office else { continue }
        if consumed == budget { return minute }
        consumed += 1
      }
      return nil
    }

    func officeMinutes(_ span: Range<Int>) -> Int { isOffice[span].count { $0 } }
  }

  @Test func `due and consumed agree with walking minute by minute`() throws {
    let model = Model()
    var generator = Generator(state: 20_210_618)
    for _ in 0..<250 {
      let start = Int.random(in: 0..<300 * 1440, using: &generator)
      let unit =
        [Budget.Unit.workingDay, .workingMinute, .calendarMinute].randomElement(using: &generator) ?? .workingDay
      let amount = Int.random(in: 1...(unit == .workingDay ? 12 : 3000), using: &generator)
      let suspensions = Self.suspensions(from: start, using: &generator)
      let open = Clock(
        kind: "MEDIATION", policyCode: "P", policyVersion: 1, budget: try Budget(amount, unit),
        startTime: Model.start + .minutes(Int64(start)),
        suspensions: suspensions.map {
          .init(
            startTime: Model.start + .minutes(Int64($0.lowerBound)),
            endTime: Model.start + .minutes(Int64($0.upperBound)))
        })
      let minutes = unit == .workingDay ? amount * 480 : amount
      let expected = model.due(minutes, office: unit.isWorkingTime, from: start, suspensions: suspensions)
      let due = open.dueTime(in: County.calendar).map { Int(($0 - Model.start).microseconds / 60_000_000) }
      #expect(due == expected, "\(unit) \(amount) from \(start) suspended \(suspensions)")
      if unit.isWorkingTime, let due {
        let consumed = open.consumed(at: Model.start + .minutes(Int64(due)), in: County.calendar)
        #expect(consumed == .minutes(Int64(minutes)))
      }
    }
  }

  @Test func `office time agrees with counting minutes`() {
    let model = Model()
    var generator = Generator(state: 7)
    for _ in 0..<500 {
      let from = Int.random(in: 0..<Model.minutes, using: &generator)
      let to = Int.random(in: from..<Model.minutes, using: &generator)
      let time = County.calendar.workingTime(
        from: Model.start + .minutes(Int64(from)), to: Model.start + .minutes(Int64(to)))
      #expect(time == .minutes(Int64(model.officeMinutes(from..<to))))
    }
  }

  private static func suspensions(from start: Int, using generator: inout Generator) -> [Range<Int>] {
    var from = start
    return (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      let begin = from + Int.random(in: 0..<3000, using: &generator)
      from = begin + Int.random(in: 1..<6000, using: &generator)
      return begin..<from
    }
  }
}
