import Access
import DisputeDomain
import Kernel
import Runtime
import Testing
import WorkClock

/// Which of a case's clocks start, stop and stand still by what (D§2.2.4), with the worked examples of rounds and hand-overs.
@Suite struct CaseClockTests {
  private static let calendar = {
    func days(_ month: String, _ days: ClosedRange<Int>, _ day: WorkCalendar.Day) -> [(CivilDate, WorkCalendar.Day)] {
      days.compactMap { number in CivilDate("2020-\(month)-\(padded(number, 2))").map { ($0, day) } }
    }
    let listed =
      days("04", 4...6, .rest) + days("05", 1...5, .rest) + days("04", 26...26, .work) + days("05", 9...9, .work)
    let year = WorkCalendar.Year(year: 2020, days: Dictionary(listed) { first, _ in first })
    return (try? WorkCalendar([year])) ?? .unannounced
  }()

  private func time(_ text: String) -> Timestamp { Scenery.instant("2020-" + text + ":00+08:00") }

  private func clock(_ story: Story, _ kind: CaseClock, round: Int = 1) throws -> Clock {
    try #require(story.record.clocks.first { $0.kind == kind.rawValue && $0.round == round })
  }

  private func due(_ story: Story, _ kind: CaseClock, round: Int = 1) throws -> Timestamp {
    try clock(story, kind, round: round).limit(in: Self.calendar)
  }

  @Test func `E18, rule 5: each level has its own clock, the case's goes on`() throws {
    var story = try Story(complexity: .complex, calendar: Self.calendar, at: time("04-20T09:00"))
    #expect(try due(story, .whole) == time("05-21T00:00"))
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk, at: time("04-20T09:30"))
    let draft = Case.StartDraft(mediators: [], noConflictDeclared: true, rightsTold: true, consentingParties: ["P1"])
    try story.take(.start(draft), by: Scenery.villageMediator, at: time("04-20T10:00"))
    #expect(try due(story, .mediation) == time("04-28T10:00"))
    try story.attempt(.failed, by: Scenery.villageMediator)
    #expect(try !clock(story, .escalate).isStopped)
    try story.take(.escalate(reason: nil, to: nil), by: Scenery.villageClerk, at: time("04-28T09:50"))
    #expect(try clock(story, .mediation).isOnTime(in: Self.calendar) == true)
    #expect(try clock(story, .escalate).isOnTime(in: Self.calendar) == false)
    #expect(try due(story, .receipt) == time("04-29T09:50"))
    try story.take(.receive(responsible: "community-clerk"), by: Scenery.communityClerk, at: time("04-29T09:00"))
    #expect(try clock(story, .receipt).isOnTime(in: Self.calendar) == true)
    try story.take(
      .routeHere(responsible: "community-clerk", minutes: nil), by: Scenery.communityClerk, at: time("04-29T14:00"))
    try story.take(.start(draft), by: Scenery.communityClerk, at: time("04-29T15:00"))
    #expect(try due(story, .mediation, round: 2) == time("05-12T15:00"))
    #expect(try due(story, .whole) == time("05-21T00:00"))
    // One month for all levels together.
    #expect(story.record.clocks.count { $0.kind == CaseClock.peoplesMediation.rawValue } == 1)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `E17, rules 4 and 15: a reopened case has new clocks, and the old round stays as it ended`() throws {
    var story = try Story(calendar: Self.calendar, at: time("03-02T09:00"))
    try story.take(.selfHandle, by: Scenery.member)
    try story.attempt(.success, by: Scenery.member)
    try story.take(.settle(.init(agreement: .onSpot, text: Scenery.text)), by: Scenery.member)
    let closure = Case.ClosureDraft(result: "SOLVED", authority: .ownPower, partiesNotified: true)
    // A month and a day: late.
    try story.take(.registerClose(closure), by: Scenery.member, at: time("04-03T10:00"))
    let first = try clock(story, .whole)
    #expect(first.isOnTime(in: Self.calendar) == false && story.record.closure?.isOnTime == false)
    #expect(try !clock(story, .followUp).isStopped)
    try story.take(.reopen(.party, reason: Scenery.text), by: Scenery.villageClerk, at: time("04-07T09:30"))
    #expect(try clock(story, .whole) == first)
    let second = try clock(story, .whole, round: 2)
    #expect(
      second.startTime == time("04-07T09:30")
        && second.consumed(at: time("04-07T09:30"), in: Self.calendar) == .seconds(0))
    #expect(try due(story, .whole, round: 2) == time("05-08T00:00"))
    #expect(try clock(story, .followUp).isStopped)
    #expect(
      story.record.dueRungs(in: Self.calendar, ClockPolicies(), at: time("05-01T09:30") + .instant).contains {
        if case .rungFired(let rung) = $0.change {
          rung.kind == "CASE" && rung.round == 2 && rung.rung == .yellow
        } else {
          false
        }
      })
  }

  @Test func `every duty of the first policy has the time that the county's rules give it`() {
    let policy = ClockPolicy.first
    let expected: [CaseClock: Budget] = [
      .selfHandle: .workingDays(3), .accept: .workingDays(1), .peoplesMediation: .calendarDays(30),
      .escalate: .workingDays(1), .receipt: .workingDays(1), .analysis: .workingDays(3), .jointPlan: .workingDays(5),
      .followUp: .calendarDays(30), .informTownship: .calendarMinutes(30), .joint: .workingDays(30),
      .registerClose: .workingDays(2), .handUp: .workingDays(1), .whole: .calendarDays(30),
      .acknowledge: .workingDays(1), .answer: .workingDays(15),
    ]
    for (kind, budget) in expected {
      #expect(policy.budget(kind, at: .village, isEmergency: false) == budget, "\(kind)")
    }
    #expect(policy.budget(.receipt, at: .township, isEmergency: true) == .calendarMinutes(30))
    let mediation = [Case.Level.village: 7, .community: 7, .industry: 15, .township: 15]
    for (level, days) in mediation {
      #expect(policy.budget(.mediation, at: level, isEmergency: false) == .workingDays(days))
    }
    #expect(Set(expected.keys).union([.mediation]) == Set(CaseClock.allCases))
  }
}
