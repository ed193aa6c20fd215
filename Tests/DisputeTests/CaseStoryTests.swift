import Access
import DisputeDomain
import Kernel
import Testing
import WorkClock

/// The acceptance scenarios A2 and A3 and the ways through agency and call, in domain words.
@Suite struct CaseStoryTests {
  @Test func `A2 an ordinary dispute is closed by the grid member`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    try story.attempt(.success, by: Scenery.member)
    try story.take(.settle(.init(agreement: .onSpot)), by: Scenery.member)
    #expect(
      missing(story, .init(result: "", authority: nil, partiesNotified: false)) == "result,authority,parties_notified")
    try story.take(
      .registerClose(.init(result: "SOLVED", authority: .mediation, partiesNotified: true)), by: Scenery.member)
    let closure = try #require(story.record.closure)
    #expect(story.record.state == .closed)
    #expect(closure.resolvingLevel == .grid)
    #expect(closure.isOnTime)
    #expect(closure.followUpDueTime == closure.closeTime + .days(30))
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `A2 a matter goes the same way without agreement and consent`() throws {
    var story = try Story(kind: .matter)
    try story.take(.selfHandle, by: Scenery.member)
    try story.attempt(.success, by: Scenery.member)
    try story.take(.settle(.init()), by: Scenery.member)
    try story.take(
      .registerClose(.init(result: "SOLVED", authority: .ownPower, partiesNotified: true)), by: Scenery.member)
    #expect(story.record.state == .closed)
  }

  @Test func `A2 a dispute without agreement cannot be closed`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    try story.attempt(.success, by: Scenery.member)
    try story.take(.settle(.init()), by: Scenery.member)
    #expect(missing(story, .init(result: "SOLVED", authority: .mediation, partiesNotified: true)) == "agreement")
    try story.take(.fallBack(reason: Scenery.text), by: Scenery.member)
    #expect(story.record.state == .selfHandling)
  }

  @Test func `A3 level by level with failed attempts`() throws {
    var story = try Story(complexity: .complex)
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try story.start(by: Scenery.villageMediator)
    #expect(story.reasons(.escalate(reason: nil, to: nil), by: Scenery.villageClerk) == ["NO_FAILED_ATTEMPT_AT_LEVEL"])
    try story.attempt(.adjourned, by: Scenery.villageMediator)
    #expect(
      story.reasons(.escalate(reason: nil, to: "centre"), by: Scenery.villageClerk) == [
        "NO_FAILED_ATTEMPT_AT_LEVEL", "NOT_NEXT_LEVEL",
      ])
    try story.attempt(.failed, by: Scenery.villageMediator)
    #expect(story.reasons(.escalate(reason: nil, to: "centre"), by: Scenery.villageClerk) == ["NOT_NEXT_LEVEL"])
    try story.take(.escalate(reason: Scenery.text, to: nil), by: Scenery.villageClerk)
    #expect(story.record.responsiblePerson == "village-clerk")
    #expect(story.record.level == .village)

    try story.take(.receive(responsible: "community-clerk"), by: Scenery.communityClerk)
    try story.take(.routeHere(responsible: "community-clerk", minutes: nil), by: Scenery.communityClerk)
    try story.start(by: Scenery.communityClerk)
    #expect(
      story.reasons(.escalate(reason: nil, to: nil), by: Scenery.communityClerk) == ["NO_FAILED_ATTEMPT_AT_LEVEL"])
    try story.attempt(.failed, by: Scenery.communityClerk)
    try story.take(.escalate(reason: nil, to: "centre"), by: Scenery.communityClerk)

    try story.take(.receive(responsible: "centre-clerk"), by: Scenery.centreClerk)
    try story.take(.routeHere(responsible: "centre-clerk", minutes: nil), by: Scenery.centreClerk)
    try story.start(by: Scenery.centreClerk)
    try story.attempt(.success, by: Scenery.centreClerk)
    #expect(story.reasons(.escalate(reason: nil, to: nil), by: Scenery.centreClerk).contains("NO_NEXT_LEVEL"))
    #expect(
      story.reasons(.settle(.init(agreement: .written, text: Scenery.text)), by: Scenery.centreClerk)
        == ["AGREEMENT_INCOMPLETE"])
    try story.take(.settle(.written(due: story.now + .days(30))), by: Scenery.centreClerk)
    try story.take(
      .registerClose(.init(result: "SOLVED", authority: .mediation, partiesNotified: true)), by: Scenery.leader)

    #expect(story.record.escalations.map(\.toLevel) == [.community, .township])
    #expect(story.record.clocks.count { $0.kind == "MEDIATION" } == 3)
    #expect(story.record.clocks.count { $0.kind == "CASE" } == 1)
    #expect(story.record.closure?.resolvingLevel == .township)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `A3 an urban grid has no village level`() throws {
    var story = try Story(complexity: .complex, grid: Scenery.urbanGrid)
    #expect(story.record.level == .community)
    try story.take(.accept(responsible: "community-clerk"), by: Scenery.communityClerk)
    try story.start(by: Scenery.communityClerk)
    try story.attempt(.failed, by: Scenery.communityClerk)
    try story.take(.escalate(reason: nil, to: nil), by: Scenery.communityClerk)
    #expect(story.record.openEscalation?.toLevel == .township)
  }

  @Test func `a call that is solved settles the case and the county has resolved it`() throws {
    var story = try awaitingCall()
    #expect(story.record.dueTime(in: .unannounced) == nil)
    try story.take(.link(.call, "call", .solved), by: Scenery.system, at: Scenery.monday + .days(60))
    try story.take(.callSolved, by: Scenery.system)
    #expect(story.record.settlement?.settledFrom == .awaitingCall)
    try story.take(
      .registerClose(.init(result: "SOLVED", authority: .department, partiesNotified: true)), by: Scenery.centreClerk)
    #expect(story.record.closure?.resolvingLevel == .county)
    #expect(story.record.closure?.isOnTime == true)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `a call that comes back is analysed again`() throws {
    var story = try awaitingCall()
    try story.take(.link(.call, "call", .unsolved), by: Scenery.system)
    try story.take(.callBack, by: Scenery.system)
    #expect(story.record.state == .analysing)
    #expect(story.record.awaited == nil)
    #expect(story.record.dueTime(in: .unannounced) != nil)
    try story.take(.guideToLaw(way: "COURT", guidance: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.state == .terminated)
  }

  @Test func `what the agency has done is confirmed by the township`() throws {
    var story = try Story(kind: .matter, grid: nil)
    try story.take(.accept(responsible: "centre-clerk"), by: Scenery.centreClerk)
    try story.take(.analyse(minutes: nil, determination: .sample(.agency)), by: Scenery.centreClerk)
    try story.take(.link(.task, "task", .open), by: Scenery.system)
    try story.take(.routeAgency(task: "task", minutes: nil), by: Scenery.centreClerk)
    #expect(story.reasons(.confirmAgencyDone(text: nil), by: Scenery.centreClerk) == ["TASK_NOT_DONE"])
    try story.take(.link(.task, "task", .solved), by: Scenery.system)
    try story.take(.confirmAgencyDone(text: nil), by: Scenery.centreClerk)
    #expect(story.record.state == .settled)
    try story.take(.fallBack(reason: Scenery.text), by: Scenery.centreClerk)
    #expect(story.record.state == .analysing)
  }

  @Test func `E18 the case clock goes on while the levels' clocks begin anew`() throws {
    let calendar = try WorkCalendar([
      WorkCalendar.Year(
        year: 2020,
        days: Dictionary(
          uniqueKeysWithValues: [
            "2020-05-01": .rest, "2020-05-04": .rest, "2020-05-05": .rest, "2020-04-26": .work, "2020-05-09": .work,
          ].compactMap { text, day in CivilDate(text).map { ($0, day) } }))
    ])
    var story = try Story(calendar: calendar, at: Scenery.instant("2020-04-20T09:00:00+08:00"))
    func at(_ text: String) -> Timestamp { Scenery.instant("2020-\(text):00+08:00") }
    let start = Case.StartDraft(mediators: [], noConflictDeclared: true, rightsTold: true, consentingParties: ["P1"])
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk, at: at("04-20T09:30"))
    try story.take(.start(start), by: Scenery.villageMediator, at: at("04-20T10:00"))
    #expect(story.record.runningClock(.mediation)?.dueTime(in: calendar) == at("04-28T10:00"))
    let failed = Case.Command.recordAttempt(.init(result: .failed, failureReason: Scenery.text))
    try story.take(failed, by: Scenery.villageMediator, at: at("04-28T09:40"))
    try story.take(.escalate(reason: nil, to: nil), by: Scenery.villageClerk, at: at("04-28T09:50"))
    #expect(story.record.runningClock(.receipt)?.dueTime(in: calendar) == at("04-29T09:50"))
    try story.take(.receive(responsible: "community-clerk"), by: Scenery.communityClerk, at: at("04-29T09:00"))
    try story.take(
      .routeHere(responsible: "community-clerk", minutes: nil), by: Scenery.communityClerk, at: at("04-29T14:00"))
    try story.take(.start(start), by: Scenery.communityClerk, at: at("04-29T15:00"))
    #expect(story.record.runningClock(.mediation)?.dueTime(in: calendar) == at("05-12T15:00"))
    #expect(story.record.dueTime(in: calendar) == at("05-21T00:00"))
  }

  @Test(arguments: Case.Determination.Verdict.allCases, [true, false])
  func `an import replays the ordinary commands at their own times`(verdict: Case.Determination.Verdict, closed: Bool)
    throws
  {
    let report = Case.ReportDraft(
      caseID: "case", number: "DJ-379922001-2020-000001", kind: .matter, discovery: .hotline, importSource: "messages",
      externalRef: "1", centre: Scenery.centre, title: Scenery.text, intakeClerk: "centre-clerk")
    let close = Scenery.monday + .days(40)
    let draft = Case.ImportDraft(
      report: report, reportTime: Scenery.monday, closeTime: closed ? close : nil, determination: .sample(verdict),
      task: "task", call: "call", agreement: nil, settlement: nil)
    let importer = Scenery.actor("importer", .integration, of: "platform")
    let (record, events) = try Case.importing(draft, by: importer, in: Scenery.world(nil))
    #expect(Case.fold(events) == record)
    #expect(record.origin.reportTime == Scenery.monday)
    #expect(record.determination?.verdict == verdict)
    let open: Case.State =
      switch verdict {
      case .agency: .awaitingAgency
      case .call: .awaitingCall
      case .own, .ambiguous, .offList: .mediating
      }
    #expect(record.state == (closed ? .closed : open))
    guard closed else { return }
    #expect(record.closure?.closeTime == close)
    #expect(record.closure?.isOnTime == (verdict == .agency || verdict == .call))
  }

  private func missing(_ story: Story, _ draft: Case.ClosureDraft) -> String? {
    do {
      _ = try story.record.decide(
        .registerClose(draft), by: Scenery.member, as: story.record.parts(of: Scenery.member, in: story.world),
        in: story.world, at: story.now)
      return nil
    } catch {
      return error.reasons.first { $0.code == "CLOSURE_INCOMPLETE" }?.metadata["fields"]
    }
  }

  private func awaitingCall() throws -> Story {
    var story = try Story(kind: .matter, grid: nil)
    try story.take(.accept(responsible: "centre-clerk"), by: Scenery.centreClerk)
    try story.take(.analyse(minutes: nil, determination: .sample(.call)), by: Scenery.centreClerk)
    try story.take(.link(.call, "call", .open), by: Scenery.system)
    try story.take(.routeCall(call: "call", minutes: nil), by: Scenery.centreClerk)
    return story
  }
}
