import Access
import DisputeDomain
import Kernel
import Testing
import WorkClock

/// Joint handling, the industry's turn, resting, giving down: the ways besides plain mediation, in domain words.
@Suite struct CaseHandlingTests {
  static let plan = Case.Command.plan(plan([Case.Responsible(person: "centre-clerk", phone: Scenery.text)]))

  static func plan(_ responsibles: [Case.Responsible], measures: Int = 2) -> Case.PlanDraft {
    Case.PlanDraft(
      responsibles: responsibles,
      measures: (0..<measures).map { number in
        Case.Measure(
          number: 0, text: Scenery.text, ownerOrganisation: number == 0 ? "centre" : "labour-bureau",
          ownerPerson: nil, dueTime: Scenery.monday + .days(20))
      })
  }

  /// With one department that has accepted and a plan, in JOINT_HANDLING.
  static func joint(flags: Set<Case.Flag> = []) throws -> Story {
    var story = try Story(complexity: .complex, flags: flags)
    try story.goUp()
    try story.take(plan, by: Scenery.centreClerk)
    try story.take(
      .invite("labour-bureau", ask: Scenery.text, dueTime: nil), by: Scenery.centreClerk)
    try story.take(.answerInvitation(1, accepts: true, basis: nil), by: Scenery.bureauClerk)
    try story.take(.routeJoint(minutes: Scenery.text), by: Scenery.centreClerk)
    return story
  }

  @Test
  func `M08 M09 M10 M11 joint handling needs a plan, a further department, one person with a telephone: all at once`()
    throws
  {
    var story = try Story(complexity: .complex, flags: [.group])
    try story.goUp()
    #expect(
      story.reasons(.routeJoint(minutes: nil), by: Scenery.centreClerk) == [
        "PLAN_MISSING", "NO_DEPARTMENT_ACCEPTED", "RESPONSIBLE_PERSON_NOT_ONE", "RESPONSIBLE_PHONE_MISSING",
      ])
    let two = [
      Case.Responsible(person: "centre-clerk", phone: Scenery.text), Case.Responsible(person: "leader", phone: nil),
    ]
    try story.take(.plan(Self.plan(two)), by: Scenery.centreClerk)
    #expect(story.record.runningClock(.jointPlan)?.budget == .workingDays(5))
    #expect(
      story.reasons(.routeJoint(minutes: nil), by: Scenery.centreClerk) == [
        "NO_DEPARTMENT_ACCEPTED", "RESPONSIBLE_PERSON_NOT_ONE", "RESPONSIBLE_PHONE_MISSING",
      ])
    try story.take(Self.plan, by: Scenery.centreClerk)
    #expect(
      story.reasons(.invite(nil, ask: nil, dueTime: nil), by: Scenery.centreClerk)
        == ["DEPARTMENT_MISSING", "ASK_MISSING"])
    #expect(
      story.reasons(.invite("centre", ask: Scenery.text, dueTime: nil), by: Scenery.centreClerk)
        == ["DEPARTMENT_INVITED_ALREADY"])
    try story.take(.invite("labour-bureau", ask: Scenery.text, dueTime: nil), by: Scenery.centreClerk)
    #expect(story.reasons(.routeJoint(minutes: nil), by: Scenery.centreClerk) == ["NO_DEPARTMENT_ACCEPTED"])
    #expect(
      story.reasons(.answerInvitation(1, accepts: false, basis: nil), by: Scenery.bureauClerk) == ["BASIS_MISSING"])
    #expect(
      story.reasons(.answerInvitation(7, accepts: true, basis: nil), by: Scenery.bureauClerk)
        == ["NO_SUCH_INVITATION"])
    #expect(
      story.reasons(.answerInvitation(1, accepts: true, basis: nil), by: Scenery.stranger) == ["JURISDICTION_MISMATCH"])
    try story.take(.answerInvitation(1, accepts: true, basis: nil), by: Scenery.bureauClerk)
    try story.take(.routeJoint(minutes: nil), by: Scenery.centreClerk)
    #expect(story.record.state == .jointHandling)
    #expect(story.record.responsiblePerson == "centre-clerk")
    #expect(story.record.runningClock(.joint)?.budget == .workingDays(30))
    #expect(story.record.runningClock(.jointPlan) == nil)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M12 joint handling is settled measure by measure`() throws {
    var story = try Self.joint()
    #expect(story.reasons(.settle(.init(agreement: .oral)), by: Scenery.centreClerk) == ["MEASURES_OPEN"])
    #expect(
      story.reasons(.updateMeasure(1, .done, outcome: nil, evidence: []), by: Scenery.bureauClerk)
        == ["MEASURE_NOT_YOURS"])
    #expect(
      story.reasons(.updateMeasure(9, nil, outcome: nil, evidence: []), by: Scenery.centreClerk)
        == ["NO_SUCH_MEASURE", "MEASURE_STATE_MISSING"])
    #expect(
      story.reasons(.updateMeasure(1, .dropped, outcome: nil, evidence: []), by: Scenery.centreClerk)
        == ["REASON_MISSING"])
    try story.take(.updateMeasure(2, .done, outcome: Scenery.text, evidence: ["scan"]), by: Scenery.bureauClerk)
    #expect(
      story.reasons(.updateMeasure(2, .done, outcome: nil, evidence: []), by: Scenery.centreClerk)
        == ["MEASURE_ENDED"])
    #expect(
      story.reasons(.reanalyse(reason: nil), by: Scenery.centreClerk) == ["NO_GROUND_TO_REANALYSE", "REASON_MISSING"])
    try story.take(.updateMeasure(1, .dropped, outcome: Scenery.text, evidence: []), by: Scenery.centreClerk)
    try story.take(.settle(.init(agreement: .oral)), by: Scenery.centreClerk)
    try story.take(.fallBack(reason: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.state == .jointHandling)
    try story.take(Self.plan, by: Scenery.centreClerk)
    #expect(story.record.plan?.measures.map(\.number) == [1, 2, 3, 4])
    #expect(story.record.plan?.measures.map(\.state) == [.dropped, .done, .open, .open])
    try story.take(.reanalyse(reason: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.state == .analysing)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M11 I1 the responsible person of joint handling changes with reason and telephone`() throws {
    var story = try Self.joint()
    #expect(
      story.reasons(.reassign(nil, reason: nil, phone: nil), by: Scenery.centreClerk) == [
        "RESPONSIBLE_PERSON_MISSING", "REASON_MISSING", "RESPONSIBLE_PHONE_MISSING",
      ])
    #expect(
      story.reasons(.reassign("stranger", reason: Scenery.text, phone: Scenery.text), by: Scenery.centreClerk)
        == ["RESPONSIBLE_PERSON_ELSEWHERE"])
    try story.take(.reassign("leader", reason: Scenery.text, phone: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.responsiblePerson == "leader")
    #expect(story.record.plan?.responsibles == [Case.Responsible(person: "leader", phone: Scenery.text)])
    try story.take(.takeOver("centre-clerk"), by: Scenery.system)
    #expect(story.record.responsiblePerson == "centre-clerk")
  }

  @Test func `M13 guiding a jointly handled case to the law needs the township leader's signature`() throws {
    var story = try Self.joint()
    let guide = Case.Command.guideToLaw(way: "COURT", guidance: Scenery.text)
    #expect(story.reasons(guide, by: Scenery.centreClerk) == ["SECOND_SIGNATURE_MISSING"])
    try story.take(.sign, by: Scenery.leader)
    try story.take(guide, by: Scenery.centreClerk)
    #expect(story.record.state == .terminated && story.record.signature == nil)
    #expect(story.reasons(.reopen(nil, reason: nil), by: Scenery.centreClerk) == ["REASON_MISSING"])
    try story.take(.reopen(nil, reason: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.reopenings.last?.source == .newFacts)
  }

  @Test
  func `M07 M06 I6 what the county's rules name begins in the industry's room, and goes to the township from there`()
    throws
  {
    let world = Scenery.world().with { $0.industryRules = ["劳动争议": "labour-room"] }
    let draft = Case.ReportDraft(
      caseID: "case", number: "DJ-1", kind: .dispute, category: "劳动争议", flags: [.group], discovery: .citizen,
      grid: "rural", title: Scenery.text, intakeClerk: "labour-clerk")
    let reported = try Case.report(draft, by: Scenery.member, as: [.reporter], in: world, at: Scenery.monday)
    var story = Story(try #require(Case.fold([reported])), [reported], world)
    #expect(story.record.level == .industry && story.record.handlingOrganisation == "labour-room")
    #expect(story.record.origin.flags == [.industry, .group] && story.record.industryRoom == "labour-room")
    #expect(story.reasons(.raise(reason: nil), by: Scenery.member) == ["NOT_URGENT"])
    #expect(story.reasons(.accept(responsible: "village-clerk"), by: Scenery.villageClerk) == ["JURISDICTION_MISMATCH"])
    try story.take(.accept(responsible: "labour-clerk"), by: Scenery.labourClerk)
    try story.start(by: Scenery.labourClerk)
    try story.attempt(.failed, by: Scenery.labourClerk)
    try story.take(.escalate(reason: nil, to: nil), by: Scenery.labourClerk)
    #expect(story.record.openEscalation?.toOrganisation == "centre")
    try story.take(.receive(responsible: "centre-clerk"), by: Scenery.centreClerk)
    #expect(
      story.reasons(.routeIndustry(room: nil, responsible: nil, minutes: nil), by: Scenery.centreClerk)
        == ["INDUSTRY_TRIED_ALREADY"])
    #expect(!story.reasons(.routeJoint(minutes: nil), by: Scenery.centreClerk).contains("INDUSTRY_NOT_TRIED"))
  }

  @Test func `M07 an emergency waits for no room, a matter only as a petition, and a flag set early moves the case`()
    throws
  {
    #expect(Case.isFirst(.dispute, [.industry]) && !Case.isFirst(.dispute, [.industry, .emergency]))
    #expect(!Case.isFirst(.matter, [.industry]) && Case.isFirst(.matter, [.industry, .petition]))
    var story = try Story()
    #expect(
      story.reasons(.setFlags([.industry], reason: Scenery.text, room: "centre"), by: Scenery.villageClerk)
        == ["NOT_AN_INDUSTRY_ROOM"])
    #expect(
      story.reasons(.setFlags([], reason: nil, room: nil), by: Scenery.villageClerk)
        == ["REASON_MISSING", "NOTHING_CHANGED"])
    try story.take(.setFlags([.industry], reason: Scenery.text, room: "labour-room"), by: Scenery.villageClerk)
    #expect(story.record.handlingOrganisation == "labour-room" && story.record.level == .industry)
    #expect(story.record.responsiblePerson == "labour-clerk")
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M07 what came up without the flag goes to the industry's room before joint handling`() throws {
    var story = try Story(complexity: .complex)
    try story.goUp()
    #expect(
      story.reasons(.routeIndustry(room: nil, responsible: nil, minutes: nil), by: Scenery.centreClerk).first
        == "NO_INDUSTRY_ROOM")
    try story.take(
      .setFlags([.industry], reason: Scenery.text, room: "labour-room"), by: Scenery.centreClerk)
    #expect(story.record.level == .township)
    #expect(story.reasons(.routeJoint(minutes: nil), by: Scenery.centreClerk).contains("INDUSTRY_NOT_TRIED"))
    #expect(
      story.reasons(.routeIndustry(room: nil, responsible: "stranger", minutes: nil), by: Scenery.centreClerk)
        == ["RESPONSIBLE_PERSON_ELSEWHERE"])
    try story.take(.routeIndustry(room: nil, responsible: nil, minutes: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.state == .accepted && story.record.level == .industry)
    #expect(story.record.responsiblePerson == "labour-clerk")
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `I2 the level falls only by giving back, retracting, giving down, the industry's turn and reopening`()
    throws
  {
    var story = try Story(complexity: .complex)
    try story.goUp()
    #expect(story.reasons(.returnDown(reason: nil), by: Scenery.centreClerk) == ["RETURN_REASON_MISSING"])
    try story.take(.returnDown(reason: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.state == .accepted && story.record.handlingOrganisation == "community-room")
    #expect(story.record.responsiblePerson == "community-clerk" && story.record.level == .community)
    try story.start(by: Scenery.communityClerk)
    try story.attempt(.failed, by: Scenery.communityClerk)
    try story.take(.escalate(reason: nil, to: nil), by: Scenery.communityClerk)
    try story.take(.receive(responsible: "centre-clerk"), by: Scenery.centreClerk)
    #expect(
      story.reasons(.returnDown(reason: Scenery.text), by: Scenery.centreClerk) == ["ALREADY_RETURNED_ONCE"])
    let allowed: Set<String> = [
      "escalation.returned", "escalation.retracted", "case.returned_down", "case.routed_industry", "case.reopened",
    ]
    var record: Case?
    for event in story.events {
      let before = record?.level.rank ?? 0
      Case.apply(event, to: &record)
      if let after = record?.level.rank, after < before { #expect(allowed.contains(event.change.eventType)) }
    }
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `a mediation rests with a reason and a day, its clocks with it, and goes on by itself`() throws {
    var story = try Story()
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try story.start(by: Scenery.villageMediator)
    #expect(
      story.reasons(.adjourn(nil, resumeTime: nil), by: Scenery.villageMediator)
        == ["ADJOURN_REASON_MISSING", "RESUME_TIME_WRONG"])
    #expect(
      story.reasons(.adjourn(.partyAbsent, resumeTime: story.now), by: Scenery.villageMediator)
        == ["RESUME_TIME_WRONG"])
    try story.take(.adjourn(.expertOpinion, resumeTime: story.now + .days(10)), by: Scenery.villageMediator)
    #expect(story.record.state == .suspended && story.record.dueTime(in: .unannounced) == nil)
    #expect(
      story.reasons(.recordAttempt(.init(result: .success)), by: Scenery.villageMediator) == ["ILLEGAL_TRANSITION"])
    try story.take(.resume, by: Scenery.system, at: story.now + .days(10))
    #expect(story.record.state == .mediating && story.record.adjournment == nil)
    #expect(story.record.runningClock(.mediation)?.isSuspended == false)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M04 the analysis says who attended and which route it chose`() throws {
    var story = try Story(complexity: .complex)
    try story.goUp()
    #expect(
      story.reasons(.recordAnalysis(.init(attendants: [], route: nil)), by: Scenery.centreClerk)
        == ["ATTENDANTS_MISSING", "ROUTE_MISSING"])
    try story.take(
      .recordAnalysis(
        .init(
          attendants: ["centre-clerk", "leader"], causes: Scenery.text, route: .joint, minutes: Scenery.text,
          determination: .sample(.own))), by: Scenery.centreClerk)
    #expect(story.record.analyses.map(\.route) == [.joint] && story.record.determination?.verdict == .own)
    // M13: every way of solving is a route.
    #expect(Case.Analysis.Route.allCases.count == 7)
  }

  @Test func `S07 the member who reported a complex case helps on, a stranger does not`() throws {
    var story = try Story(complexity: .complex)
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    #expect(story.reasons(.assistDone(nil), by: Scenery.member) == ["ASSIST_TEXT_MISSING"])
    try story.take(.assistDone(Scenery.text), by: Scenery.member)
    #expect(story.record.assists.map(\.person) == ["member"])
    #expect(story.reasons(.assistDone(Scenery.text), by: Scenery.stranger) == ["JURISDICTION_MISMATCH"])
  }

  @Test func `F01 every state has its stage`() {
    #expect(Case.State.escalating.stage == .determination && Case.State.analysing.stage == .determination)
    for state in [Case.State.accepted, .mediating, .suspended, .jointHandling, .settled, .closed, .reopened] {
      #expect(state.stage == .resolution)
    }
    for state in [Case.State.reported, .selfHandling, .rejected, .merged, .withdrawn] {
      #expect(state.stage == .screening)
    }
  }
}

extension Case {
  /// The rule of the industry's turn, asked through a grid that has a room.
  static func isFirst(_ kind: Kind, _ flags: Set<Flag>) -> Bool {
    Scenery.ruralGrid.ownStep(kind: kind, flags: flags, room: "labour-room")?.level == .industry
  }
}
