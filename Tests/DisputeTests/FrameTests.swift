import Access
import DisputeDomain
import Kernel
import Testing
import WorkClock

/// What the frame of the article asks of every case (D§1.1).
@Suite struct FrameTests {
  private func at(_ text: String) -> Timestamp { Scenery.instant("\(text):00+08:00") }

  private func close(_ story: inout Story, by actor: Actor, _ authority: Case.Closure.Authority) throws {
    try story.take(
      .registerClose(.init(result: "SOLVED", authority: authority, partiesNotified: true)), by: actor)
  }

  @Test func `F06 every closing says at which level it was resolved, and under which authority`() throws {
    var grid = try Story()
    try grid.closeAtGrid()
    #expect(grid.record.closure?.resolvingLevel == .grid && grid.record.closure?.authority == .mediation)

    var village = try Story(complexity: .complex)
    try village.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try village.start(by: Scenery.villageMediator)
    try village.attempt(.success, by: Scenery.villageMediator)
    try village.take(.settle(.init(agreement: .oral)), by: Scenery.villageMediator)
    let without = Case.Command.registerClose(.init(result: "SOLVED", authority: nil, partiesNotified: true))
    #expect(village.reasons(without, by: Scenery.villageClerk) == ["CLOSURE_INCOMPLETE"])
    try close(&village, by: Scenery.villageClerk, .ownPower)
    #expect(village.record.closure?.resolvingLevel == .village && village.record.closure?.authority == .ownPower)

    var township = try CaseHandlingTests.joint()
    for number in [1, 2] {
      try township.take(.updateMeasure(number, .done, outcome: Scenery.text, evidence: []), by: Scenery.centreClerk)
    }
    try township.take(.settle(.init(agreement: .oral)), by: Scenery.centreClerk)
    try close(&township, by: Scenery.centreClerk, .department)
    #expect(township.record.closure?.resolvingLevel == .township && township.record.closure?.authority == .department)
  }

  @Test func `F04 how long a hand-over between organisations took can be read, in office time`() throws {
    var story = try Story(complexity: .complex, at: at("2020-03-02T09:00"))
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try story.start(by: Scenery.villageMediator)
    try story.attempt(.failed, by: Scenery.villageMediator)
    try story.take(
      .escalate(reason: Scenery.text, to: nil), by: Scenery.villageClerk, at: at("2020-03-02T16:00"))
    try story.take(
      .receive(responsible: "community-clerk"), by: Scenery.communityClerk, at: at("2020-03-03T10:00"))
    let escalation = try #require(story.record.escalations.first)
    #expect(escalation.submitTime == at("2020-03-02T16:00") && escalation.answerTime == at("2020-03-03T10:00"))
    let clock = try #require(story.record.clocks.first { $0.kind == "RECEIPT" })
    #expect(clock.stopTime == escalation.answerTime)
    // Monday 16:00 to 18:00, Tuesday 08:30 to 10:00.
    #expect(clock.consumed(at: story.now, in: story.world.calendar) == .minutes(210))
  }
}
