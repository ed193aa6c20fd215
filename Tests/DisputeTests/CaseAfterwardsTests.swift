import Access
import DisputeDomain
import Kernel
import Testing
import WorkClock

/// Rejecting, merging, and what follows the closing, with the windows of D§2.1.2.
@Suite struct CaseAfterwardsTests {
  private func at(_ text: String) -> Timestamp { Scenery.instant("\(text):00+08:00") }

  @Test func `E24 M12 a closed case is reopened within 90 days, by supervision later too, in a new clock round`() throws
  {
    var story = try Story(at: at("2020-02-28T09:00"))
    try story.closeAtGrid(at: at("2020-03-01T10:00"))
    story.now = at("2020-05-30T23:59")
    #expect(
      story.reasons(.reopen(nil, reason: nil), by: Scenery.hotline) == ["REASON_MISSING", "REOPEN_SOURCE_MISSING"])
    #expect(story.reasons(.reopen(.party, reason: Scenery.text), by: Scenery.hotline).isEmpty)
    story.now = at("2020-05-31T00:00")
    #expect(story.reasons(.reopen(.party, reason: Scenery.text), by: Scenery.hotline) == ["WINDOW_CLOSED"])
    try story.take(.reopen(nil, reason: Scenery.text), by: Scenery.supervisor, at: at("2020-06-01T09:00"))
    #expect(story.record.state == .reopened && story.record.level == .village && story.record.closure == nil)
    let rounds = story.record.clocks.filter { $0.kind == "CASE" }
    #expect(rounds.map(\.round) == [1, 2] && rounds.map(\.isStopped) == [true, false])
    #expect(story.record.runningClock(.followUp) == nil)
    #expect(story.reasons(.raise(reason: nil), by: Scenery.villageClerk) == ["NOT_SECOND_REOPENING"])
    #expect(story.reasons(.accept(responsible: nil), by: Scenery.villageClerk) == ["RESPONSIBLE_PERSON_MISSING"])
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M12 a second reopening goes one level up`() throws {
    var story = try Story()
    try story.closeAtGrid()
    try story.take(.reopen(.party, reason: Scenery.text), by: Scenery.hotline)
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try story.start(by: Scenery.villageMediator)
    try story.attempt(.success, by: Scenery.villageMediator)
    try story.take(.settle(.init(agreement: .oral)), by: Scenery.villageMediator)
    try story.take(
      .registerClose(.init(result: "SOLVED", authority: .mediation, partiesNotified: true)), by: Scenery.villageClerk)
    try story.take(.reopen(.followUp, reason: Scenery.text), by: Scenery.villageClerk)
    try story.take(.raise(reason: Scenery.text), by: Scenery.villageClerk)
    #expect(story.record.openEscalation?.toOrganisation == "community-room")
    #expect(story.record.openEscalation?.isUrgent == false)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M12 the follow-up visit stops its clock, satisfaction is recorded, the court confirms within 30 days`()
    throws
  {
    var story = try Story()
    try story.closeAtGrid()
    #expect(story.record.runningClock(.followUp)?.budget == .calendarDays(30))
    let future = Case.FollowUpDraft(visitTime: story.now + .hours(1), isPerformed: true)
    #expect(story.reasons(.followUp(future), by: Scenery.member) == ["VISIT_IN_FUTURE"])
    try story.take(.followUp(.init(isPerformed: false, isNewDispute: true, remark: Scenery.text)), by: Scenery.member)
    #expect(story.record.runningClock(.followUp) == nil && story.record.followUps.count == 1)
    #expect(story.reasons(.rateSatisfaction(nil, channel: ""), by: Scenery.hotline) == ["SATISFACTION_MISSING"])
    try story.take(.rateSatisfaction(.dissatisfied, channel: "PHONE"), by: Scenery.hotline)
    #expect(story.record.closure?.satisfaction == .dissatisfied)
    #expect(story.reasons(.confirmAgreement(nil), by: Scenery.villageClerk) == ["CONFIRMATION_MISSING"])
    #expect(
      story.reasons(.confirmAgreement(.confirmed), by: Scenery.villageClerk) == ["CONFIRMATION_OUT_OF_ORDER"])
    var late = story
    late.now = story.now + .days(31)
    #expect(late.reasons(.confirmAgreement(.applied), by: Scenery.villageClerk) == ["WINDOW_CLOSED"])
    try story.take(.confirmAgreement(.applied), by: Scenery.villageClerk)
    try story.take(.confirmAgreement(.confirmed), by: Scenery.villageClerk)
    #expect(story.record.settlement?.confirmation == .confirmed)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M02 a written agreement has its required content, each missing field is named`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    try story.attempt(.success, by: Scenery.member)
    do {
      try story.take(.settle(.init(agreement: .written)), by: Scenery.member)
      Issue.record("an empty agreement was taken")
    } catch {
      #expect(
        error.reasons.first?.metadata["fields"]
          == "content.signed_party_ids,content.facts,content.duties,content.manner,content.place,performance_due_time,"
          + "content.evidence_refs")
    }
    #expect(
      story.reasons(.settle(.written(due: story.now, signed: ["P9"])), by: Scenery.member) == ["AGREEMENT_INCOMPLETE"])
    try story.take(.settle(.written(due: story.now + .days(5))), by: Scenery.member)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test
  func `a rejection has its ground, the reporter is told, and an objection is reconsidered once by another person`()
    throws
  {
    var story = try Story()
    #expect(
      story.reasons(.reject(nil, reason: nil, reporterTold: false), by: Scenery.villageClerk)
        == ["REJECT_GROUND_MISSING", "REPORTER_NOT_TOLD"])
    #expect(
      story.reasons(.reject(.notAMatter, reason: nil, reporterTold: true), by: Scenery.member) == ["NOT_YOUR_ROLE"])
    let reject = Case.Command.reject(.notAMatter, reason: Scenery.text, reporterTold: true)
    try story.take(reject, by: Scenery.villageClerk)
    #expect(story.record.state == .rejected && story.record.clocks.allSatisfy { $0.isStopped })
    var late = story
    late.now = story.now + .days(31)
    #expect(late.reasons(.reconsider(objection: nil), by: Scenery.leader) == ["REASON_MISSING", "WINDOW_CLOSED"])
    #expect(
      story.reasons(.reconsider(objection: Scenery.text), by: Scenery.centreClerk.played(by: "village-clerk"))
        == ["SAME_PERSON"])
    try story.take(.reconsider(objection: Scenery.text), by: Scenery.supervisor)
    #expect(story.record.state == .reported && story.record.runningClock(.whole)?.round == 2)
    try story.take(reject, by: Scenery.villageClerk)
    #expect(story.record.rejection?.isReconsidered == false)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `I8 an unlocated case is located once and goes to the grid's own level`() throws {
    var story = try Story(kind: .matter, grid: nil)
    #expect(story.record.level == .township)
    #expect(story.reasons(.locate("rural"), by: Scenery.hotline) == ["GRID_NOT_HEARD"])
    story.world.namedGrid = Scenery.ruralGrid
    try story.take(.locate("rural"), by: Scenery.hotline)
    #expect(story.record.level == .village && story.record.handlingOrganisation == "village-room")
    #expect(story.record.responsiblePerson == "village-clerk" && story.record.origin.area == Scenery.villageArea)
    story.world = Scenery.world().with { $0.namedGrid = Scenery.urbanGrid }
    #expect(story.reasons(.locate("urban"), by: Scenery.villageClerk) == ["ALREADY_LOCATED"])
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `F09 a case is classified anew, and nothing is written where nothing changes`() throws {
    var story = try Story()
    #expect(story.reasons(.classify(category: nil, .general), by: Scenery.villageClerk) == ["NOTHING_CHANGED"])
    try story.take(.classify(category: "宅基地", .complex), by: Scenery.villageClerk)
    #expect(story.record.origin.category == "宅基地")
    #expect(story.reasons(.selfHandle, by: Scenery.member) == ["NOT_GENERAL"])
  }

  // MARK: - Merging

  @Test func `merging: another case, not merged itself, going on or closed for less than 90 days`() throws {
    var story = try Story()
    let other = try Self.other()
    func reasons(_ survivor: Case?, _ id: ID<Case> = "other") -> [String] {
      var copy = story
      copy.world.survivor = survivor
      return copy.reasons(.merge(into: id, reason: nil), by: Scenery.villageClerk)
    }
    #expect(reasons(nil) == ["SURVIVOR_MISSING"])
    #expect(reasons(story.record, "case") == ["SURVIVOR_IS_SELF"])
    #expect(reasons(other) == [])
    var ended = other
    ended.state = .withdrawn
    #expect(reasons(ended) == ["SURVIVOR_ENDED"])
    ended.state = .merged
    #expect(reasons(ended) == ["SURVIVOR_IS_MERGED"])
    var closed = try Story()
    try closed.closeAtGrid()
    story.now = closed.record.closure.map { $0.closeTime + .days(89) } ?? story.now
    #expect(reasons(closed.record) == [])
    story.now = story.now + .days(1)
    #expect(reasons(closed.record) == ["WINDOW_CLOSED"])
  }

  @Test func `merging: both sides are written, reporters are summed, the earliest due time wins, and parts again`()
    throws
  {
    var source = try Story(at: Scenery.monday - .days(3))
    var survivor = Story(try Self.other(), [], Scenery.world())
    let before = try #require(survivor.record.dueTime(in: .unannounced))
    source.world.survivor = survivor.record
    source.now = Scenery.monday
    let earlier = try #require(source.record.dueTime(in: .unannounced))
    #expect(earlier < before)
    let legacy = source.record.legacy(to: survivor.record, at: Scenery.monday + .minutes(1))
    try source.take(.merge(into: "other", reason: Scenery.text), by: Scenery.villageClerk)
    let version = survivor.record.version
    try survivor.take(.absorb(legacy), by: Scenery.system)
    #expect(source.record.state == .merged && source.record.survivor?.caseID == "other")
    #expect(survivor.record.version == version + 1 && survivor.record.reporterCount == 2)
    #expect(survivor.record.dueTime(in: .unannounced) == earlier)
    #expect(source.reasons(.unmerge(reason: nil), by: Scenery.villageClerk) == ["REASON_MISSING"])
    var late = source
    late.now = source.now + .days(31)
    #expect(late.reasons(.unmerge(reason: Scenery.text), by: Scenery.villageClerk) == ["WINDOW_CLOSED"])
    try source.take(.unmerge(reason: Scenery.text), by: Scenery.villageClerk)
    try survivor.take(.release("case"), by: Scenery.system)
    #expect(source.record.state == .reported && source.record.runningClock(.accept) != nil)
    #expect(survivor.record.reporterCount == 1 && survivor.record.dueTime(in: .unannounced) == before)
    #expect(Case.fold(source.events) == source.record)
  }

  @Test func `five reporters or five persons propose GROUP, nobody's flag is set by itself`() throws {
    var survivor = Story(try Self.other(), [], Scenery.world())
    let merges = (1...4).map {
      Case.Merge(
        caseID: ID("c\($0)"), reporterCount: 1, mergeTime: survivor.now, startTime: nil, ownStartTime: nil)
    }
    try survivor.take(.absorb(Array(merges.prefix(3))), by: Scenery.system)
    #expect(survivor.record.reporterCount == 4 && survivor.record.proposedFlags(groupFrom: 5).isEmpty)
    try survivor.take(.absorb(Array(merges.suffix(1))), by: Scenery.system)
    #expect(survivor.record.proposedFlags(groupFrom: 5) == [.group] && survivor.record.origin.flags.isEmpty)
  }

  static func other() throws -> Case {
    let draft = Case.ReportDraft(
      caseID: "other", number: "DJ-2", kind: .dispute, discovery: .patrol, grid: "rural", title: Scenery.text,
      intakeClerk: "village-clerk")
    let event = try Case.report(
      draft, by: Scenery.member, as: [.reporter], in: Scenery.world(), at: Scenery.monday)
    return try #require(Case.fold([event]))
  }
}

extension Story {
  /// A story that begins with a case as it stands.
  init(_ record: Case, _ events: [Case.Event], _ world: Surroundings) {
    self.init(record: record, events: events, world: world, now: Scenery.monday)
  }
}

extension Actor {
  /// The same desk, somebody else's.
  func played(by person: String) -> Actor {
    Actor(personID: person, organisationID: organisationID, role: role, countyCode: countyCode)
  }
}
