import Kernel
import PerformanceEvaluationDomain
import Testing

/// The indicators that count calls: K09, K10, K12, K13 (D§2.5.2).
struct CallIndicatorTests {
  static func call(_ id: String, source: String = "", department: String = "D1") -> Story {
    Story(id, source: source, department: department).call(.submitted, on: 1)
  }

  static func clock(_ round: Int, due: Double) -> CallFact.ResponseClock {
    CallFact.ResponseClock(round: round, dueTime: Story.day(due))
  }

  static func response(_ round: Int, hours: Int64, onTime: Bool = true, isRated: Bool = true) -> CallFact.Change {
    .responded(.init(round: round, onTime: onTime, workingTime: .hours(hours), isRated: isRated))
  }

  static let records = Records([
    // In time, solved at once.
    call("1").call(.advanced(clock(1, due: 3)), on: 2).call(response(1, hours: 4), on: 2.5)
      .call(.verified(solved: true, workRound: 1, next: nil), on: 4).call(.closed, on: 4),
    // Late, partly solved; the second round is answered in time, then solved.
    call("2").call(.advanced(clock(1, due: 3)), on: 2).call(response(1, hours: 12, onTime: false), on: 4)
      .call(.verified(solved: false, workRound: 1, next: clock(2, due: 6)), on: 5)
      .call(response(2, hours: 2), on: 5.5).call(.verified(solved: true, workRound: 2, next: nil), on: 7),
    // Another department; due on day 3, never answered.
    call("3", department: "D2").call(.advanced(clock(1, due: 3)), on: 2),
    // Cancelled before it was due.
    call("4").call(.advanced(clock(1, due: 3)), on: 2).call(.cancelled, on: 2.5),
    // Refused twice by N1 and N2, once by Y1: one over-call.
    call("5", department: "").call(.refused(rules: ["N1", "Y1"]), on: 1).call(.submitted, on: 3)
      .call(.refused(rules: ["N2"]), on: 3),
    // Refused for want of a study: no over-call.
    call("6", department: "").call(.refused(rules: ["Y1"]), on: 1),
    // Imported: its response has no time of its own, and it counts in no over-call indicator.
    call("7", source: "oa").call(.refused(rules: ["N1"]), on: 1).call(.advanced(clock(1, due: 3)), on: 2)
      .call(response(1, hours: 0, isRated: false), on: 2),
    // Never submitted.
    Story("8").call(.cancelled, on: 1),
  ]).within(Scope(asOfTime: Story.day(30)))

  static func value(_ indicator: Indicator, _ subject: Subject, on day: Double = 30) -> (Int, Int) {
    let value = records.value(of: indicator, for: subject, at: Story.day(day))
    return (value.numerator, value.count)
  }

  @Test func `K09 judges every response clock that is answered or due`() {
    #expect(Self.value(.responseRate, .department("D1")) == (2, 3))
    #expect(Self.value(.responseRate, .department("D2")) == (0, 1))
    #expect(Self.value(.responseRate, .department("D2"), on: 3) == (0, 0))
    #expect(Self.value(.responseRate, .county) == (2, 4))
  }

  @Test func `an emergency's response clock runs before its department is known, and is that department's`() throws {
    let emergency = Story("9").call(.submitted, on: 1).call(.advanced(Self.clock(1, due: 1.1)), on: 1)
    let waiting = try #require(CallRecord(folding: emergency.callFacts))
    #expect(waiting.contributions(to: .responseRate, of: .county, at: Story.day(2)).count == 1)
    let signed = try #require(
      CallRecord(
        folding: emergency.callFacts
          + Story("9", department: "D3")
          .call(.advanced(nil), on: 1.05).call(Self.response(1, hours: 1), on: 1.06).callFacts))
    #expect(
      signed.contributions(to: .responseRate, of: .department("D3"), at: Story.day(2)).map(\.isInNumerator) == [true])
  }

  @Test func `K10 asks whether the first look found it solved`() {
    #expect(Self.value(.solutionRate, .department("D1")) == (1, 2))
    #expect(Self.value(.solutionRate, .department("D2")) == (0, 0))
  }

  @Test func `K12 measures from the signing to the first response`() {
    let value = Self.records.value(of: .responseTime, for: .department("D1"), at: Story.day(30))
    #expect(value.count == 2)
    #expect(value.median == .hours(4))
    #expect(value.p90 == .hours(12))
    #expect(!value.isRankable)
  }

  @Test func `K13 counts a call number once, refusals by N1 and N2 only, and no import`() {
    #expect(Self.value(.overCallRate, .county) == (1, 6))
    #expect(Self.value(.overCallRate, .township("379922001000")) == (1, 6))
    #expect(Self.value(.overCallRate, .township("379922200000")) == (0, 0))
  }

  @Test func `a number drills down to the events behind it`() throws {
    let second = try #require(Self.records.calls.first { $0.callID == "2" })
    let parts = second.contributions(to: .responseRate, of: .department("D1"), at: Story.day(30))
    #expect(parts.map(\.round) == [1, 2])
    #expect(parts.map(\.isInNumerator) == [false, true])
    #expect(parts.map(\.eventIDs) == [["2-2", "2-3"], ["2-4", "2-5"]])
    let over = try #require(Self.records.calls.first { $0.callID == "5" })
    #expect(over.contributions(to: .overCallRate, of: .county, at: Story.day(30)).first?.eventIDs == ["5-1", "5-2"])
  }
}
