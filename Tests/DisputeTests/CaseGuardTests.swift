import DisputeDomain
import Kernel
import Testing
import WorkClock

@Suite struct CaseGuardTests {
  @Test(arguments: [Case.Flag.group, .petition, .emergency, .industry])
  func `a grid member does not handle alone what has a raising flag`(flag: Case.Flag) throws {
    #expect(try Story(flags: [flag]).reasons(.selfHandle, by: Scenery.member) == ["NOT_GENERAL"])
  }

  @Test func `a complex case is not general`() throws {
    #expect(try Story(complexity: .complex).reasons(.selfHandle, by: Scenery.member) == ["NOT_GENERAL"])
  }

  @Test func `accepting names exactly one responsible person of the organisation`() throws {
    let story = try Story()
    #expect(story.reasons(.accept(responsible: nil), by: Scenery.villageClerk) == ["RESPONSIBLE_PERSON_MISSING"])
    #expect(
      story.reasons(.accept(responsible: "stranger"), by: Scenery.villageClerk) == ["RESPONSIBLE_PERSON_ELSEWHERE"])
    #expect(story.reasons(.accept(responsible: "village-clerk"), by: Scenery.villageClerk).isEmpty)
  }

  @Test func `somebody of another township has no part in the case`() throws {
    let story = try Story()
    #expect(story.record.parts(of: Scenery.stranger, in: story.world).isEmpty)
    #expect(story.reasons(.accept(responsible: "stranger"), by: Scenery.stranger) == ["JURISDICTION_MISMATCH"])
  }

  @Test func `somebody of the next level may not accept for the village`() throws {
    #expect(
      try Story().reasons(.accept(responsible: "village-clerk"), by: Scenery.centreClerk) == ["NOT_YOUR_ROLE"])
  }

  @Test
  func `S09 a dispute is started with no conflict, rights told and every party's consent, a matter without the latter`()
    throws
  {
    let nothing = Case.StartDraft(mediators: [], noConflictDeclared: false, rightsTold: false, consentingParties: [])
    for (kind, reasons) in [
      (Case.Kind.dispute, ["CONFLICT_DECLARED", "RIGHTS_NOT_TOLD", "CONSENT_MISSING"]),
      (.matter, ["CONFLICT_DECLARED"]),
    ] {
      var story = try Story(kind: kind)
      try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
      #expect(story.reasons(.start(nothing), by: Scenery.villageMediator) == reasons)
    }
  }

  @Test func `an attempt has a result, a failed one its reason, and it is not in the future`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    #expect(story.reasons(.recordAttempt(.init(result: nil)), by: Scenery.member) == ["RESULT_MISSING"])
    let future = Case.AttemptDraft(result: .failed, attemptTime: story.now + .hours(1))
    #expect(
      story.reasons(.recordAttempt(future), by: Scenery.member) == ["FAILURE_REASON_MISSING", "ATTEMPT_IN_FUTURE"])
  }

  @Test func `nothing is settled or handed up without its ground`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    #expect(story.reasons(.settle(.init()), by: Scenery.member) == ["NO_SUCCESSFUL_ATTEMPT"])
    #expect(story.reasons(.handUp(reason: nil), by: Scenery.member) == ["NO_GROUND_TO_HAND_UP"])
    try story.attempt(.success, by: Scenery.member)
    try story.attempt(.failed, by: Scenery.member)
    #expect(story.reasons(.settle(.init()), by: Scenery.member) == ["NO_SUCCESSFUL_ATTEMPT"])
    try story.take(.handUp(reason: Scenery.text), by: Scenery.member)
    #expect(story.record.openEscalation?.toOrganisation == "village-room")
  }

  @Test func `an escalation is returned with a reason, once, and to whom sent it`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    try story.attempt(.failed, by: Scenery.member)
    try story.take(.handUp(reason: nil), by: Scenery.member)
    #expect(story.reasons(.giveBack(reason: nil), by: Scenery.villageClerk) == ["RETURN_REASON_MISSING"])
    try story.take(.giveBack(reason: Scenery.text), by: Scenery.villageClerk)
    #expect(story.record.state == .selfHandling)
    try story.take(.handUp(reason: nil), by: Scenery.member)
    #expect(
      story.reasons(.giveBack(reason: nil), by: Scenery.villageClerk) == [
        "RETURN_REASON_MISSING", "ALREADY_RETURNED_ONCE",
      ])
    try story.take(.retract, by: Scenery.member)
    #expect(story.record.state == .selfHandling)
    #expect(story.record.responsiblePerson == "member")
  }

  @Test func `only what is urgent is raised, and from below the township`() throws {
    #expect(try Story().reasons(.raise(reason: nil), by: Scenery.member) == ["NOT_URGENT"])
    #expect(try Story(flags: [.group, .industry]).reasons(.raise(reason: nil), by: Scenery.member) == ["NOT_URGENT"])
    #expect(
      try Story(grid: nil).reasons(.raise(reason: nil), by: Scenery.centreClerk) == [
        "ALREADY_AT_TOWNSHIP", "NOT_URGENT",
      ])
    var story = try Story(flags: [.emergency])
    try story.take(.raise(reason: nil), by: Scenery.member)
    #expect(story.record.openEscalation?.toOrganisation == "centre")
    #expect(story.record.runningClock(.receipt)?.budget == .calendarMinutes(30))
  }

  @Test func `a call needs a determination and a submitted call that names the case`() throws {
    var story = try Story(kind: .matter, grid: nil)
    try story.take(.accept(responsible: "centre-clerk"), by: Scenery.centreClerk)
    try story.take(.analyse(minutes: nil, determination: nil), by: Scenery.centreClerk)
    #expect(
      story.reasons(.routeCall(call: "call", minutes: nil), by: Scenery.centreClerk)
        == ["DETERMINATION_MISSING", "NO_SUBMITTED_CALL"])
    #expect(
      story.reasons(.routeAgency(task: "task", minutes: nil), by: Scenery.centreClerk)
        == ["DETERMINATION_MISSING", "NO_REQUESTED_TASK"])
    #expect(story.reasons(.determine(nil), by: Scenery.centreClerk) == ["DETERMINATION_MISSING"])
    try story.take(.determine(.sample(.call)), by: Scenery.centreClerk)
    try story.take(.link(.call, "call", .open), by: Scenery.system)
    try story.take(.routeCall(call: nil, minutes: nil), by: Scenery.centreClerk)
    #expect(story.record.awaited == "call")
    #expect(story.reasons(.callSolved, by: Scenery.system) == ["CALL_NOT_SOLVED"])
    #expect(story.reasons(.callBack, by: Scenery.system) == ["CALL_NOT_BACK"])
  }

  @Test func `a dispute is not analysed at once without a ground`() throws {
    var story = try Story(grid: nil)
    try story.take(.accept(responsible: "centre-clerk"), by: Scenery.centreClerk)
    #expect(
      story.reasons(.analyse(minutes: nil, determination: nil), by: Scenery.centreClerk) == ["NO_GROUND_TO_ANALYSE"])
  }

  @Test func `a group case is not withdrawn once accepted, any other with the applicant's request`() throws {
    var group = try Story(flags: [.group])
    try group.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    #expect(
      group.reasons(.withdraw(reason: nil), by: Scenery.hotline) == ["WITHDRAWAL_REQUEST_MISSING", "NOT_WITHDRAWABLE"])
    var other = try Story()
    try other.take(.withdraw(reason: Scenery.text), by: Scenery.villageClerk)
    #expect(other.record.state == .withdrawn)
    #expect(other.record.clocks.allSatisfy { $0.isStopped })
  }

  @Test func `a group case is closed with the township leader's second signature`() throws {
    var story = try Story(kind: .matter, flags: [.group])
    try story.take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try story.start(by: Scenery.villageMediator)
    try story.attempt(.success, by: Scenery.villageMediator)
    try story.take(.settle(.init()), by: Scenery.villageMediator)
    func closure(_ signer: ID<Person>?) -> Case.Command {
      .registerClose(.init(result: "SOLVED", authority: .ownPower, partiesNotified: true, secondSigner: signer))
    }
    for signer in [nil, "village-clerk", "leader"] as [ID<Person>?] {
      #expect(story.reasons(closure(signer), by: Scenery.villageClerk) == ["CLOSURE_INCOMPLETE"])
    }
    #expect(story.reasons(.sign, by: Scenery.villageClerk) == ["NOT_YOUR_ROLE"])
    try story.take(.sign, by: Scenery.leader)
    #expect(story.reasons(.sign, by: Scenery.leader) == ["SIGNED_ALREADY"])
    #expect(story.reasons(closure("centre-clerk"), by: Scenery.villageClerk) == ["CLOSURE_INCOMPLETE"])
    try story.take(.fallBack(reason: Scenery.text), by: Scenery.villageMediator)
    try story.take(.settle(.init()), by: Scenery.villageMediator)
    #expect(story.reasons(closure(nil), by: Scenery.villageClerk) == ["CLOSURE_INCOMPLETE"])
    try story.take(.sign, by: Scenery.leader)
    try story.take(closure("leader"), by: Scenery.villageClerk)
    #expect(story.record.closure?.secondSigner == "leader")
    #expect(story.record.state == .closed)
  }

  @Test func `allowed actions name what stands in the way and leave out the other form`() throws {
    var story = try Story()
    try story.take(.selfHandle, by: Scenery.member)
    let actions = story.record.allowedActions(
      as: [.gridMember], actor: Scenery.member, in: story.world, at: story.now)
    #expect(Set(actions.map(\.action)) == [.recordAttempt, .settle, .handUp, .classify, .setFlags])
    #expect(actions.first { $0.action == .settle }?.unmet.map(\.code) == ["NO_SUCCESSFUL_ATTEMPT"])
    try story.attempt(.success, by: Scenery.member)
    try story.take(.settle(.init(agreement: .oral)), by: Scenery.member)
    let settled = story.record.allowedActions(
      as: story.record.parts(of: Scenery.member, in: story.world), actor: Scenery.member, in: story.world, at: story.now
    )
    #expect(
      Set(settled.map(\.action)) == [.registerClose, .fallBackToGrid, .classify, .setFlags, .assistDone])
  }
}

extension Case.Determination {
  static func sample(_ verdict: Verdict) -> Self {
    Self(determinationID: "determination", verdict: verdict, itemCode: "ST-04", listVersion: "2021-1")
  }
}
