import Access
import DispatchDomain
import Kernel
import Testing
import WorkClock

/// A6 to A8 in domain words, as far as this landing goes.
struct CallStoryTests {
  @Test func `a complete call is admitted, dispatched, signed, answered, done, verified and closed`() throws {
    var story = try Story.toVerify()
    #expect(story.call.state == .toVerify)
    try story.do(
      .verify(.solved, points: [], rating: Rating(speed: 5, attitude: 5, result: 4)), by: County.clerk)
    #expect(story.call.state == .closed && story.call.outcome == .solved)
    #expect(story.call.clocks.allSatisfy { $0.isStopped })
    #expect(
      story.events.map(\.type) == [
        "call.drafted", "call.submitted", "call.admitted", "call.dispatched", "call.signed", "call.responded",
        "call.done_reported", "call.verified", "call.closed",
      ])
  }

  @Test func `sign and respond clocks run in office time and are judged when they stop`() throws {
    let story = try Story.toVerify()
    let results = story.events.compactMap { event -> ClockResult? in
      switch event {
      case .signed(let result, _), .responded(_, _, _, let result, _): result
      default: nil
      }
    }
    #expect(results.map(\.kind) == [.sign, .respond])
    #expect(results[0].dueTime == at("2020-03-11T11:00") && results[0].onTime)
    #expect(results[1].dueTime == at("2020-03-11T14:00") && results[1].onTime)
    #expect(results[1].workingMinutes == 4 * 60 + 30)
  }

  @Test func `an emergency at night is dispatched at once and its clocks run through the holiday`() throws {
    var story = Story(.with(kind: .emergency, place: sealed("化工园北门"), study: Study()), at: "2020-10-02T02:10")
    try story.do(Story.submit(asked: []), by: County.leader)
    #expect(story.call.state == .dispatched)
    #expect(story.call.main?.orgID == "ecology" && story.call.main?.phone == "0539-5550101")
    #expect(story.call.runningClock(.sign)?.dueTime(in: County.calendar) == at("2020-10-02T02:20"))
    #expect(story.call.runningClock(.respond)?.dueTime(in: County.calendar) == at("2020-10-02T02:40"))
  }

  @Test func `an emergency whose department nobody knows waits for the office with its clocks running`() throws {
    var story = Story(.with(kind: .emergency, place: sealed("化工园北门"), study: Study()), at: "2020-10-02T02:10")
    try story.do(Story.submit(.unavailable, asked: []), by: County.leader)
    #expect(story.call.state == .admitted && story.call.runningClock(.sign) != nil)
    try story.do(
      Story.dispatch(.unavailable, main: "ecology", office: "值班室", phone: "0539-5550102"), by: County.office,
      at: "2020-10-02T02:14")
    #expect(story.call.runningClock(.sign)?.dueTime(in: County.calendar) == at("2020-10-02T02:20"))
    #expect(story.call.clocks.count == 2)
    try story.do(.sign, by: County.department, at: "2020-10-02T02:19")
    #expect(story.call.runningClock(.respond)?.dueTime(in: County.calendar) == at("2020-10-02T02:40"))
  }

  @Test func `a refused call is amended with new facts under the same number, next round`() throws {
    var story = Story(.with(study: .unsigned))
    try story.do(Story.submit(), by: County.leader)
    #expect(story.call.state == .notAdmitted && story.call.admission?.refusedRules == [.studied])
    #expect(story.codes(.amend(.with(study: .unsigned)), by: County.clerk) == ["NOTHING_CHANGED"])
    #expect(story.codes(.amend(.with()), by: County.clerk) == ["SIGNATURE_NOT_OWN"])
    try story.do(.amend(.with()), by: County.leader)
    try story.do(Story.submit(), by: County.leader)
    #expect(story.call.state == .admitted && story.call.submissionRound == 2)
    #expect(story.call.identity.number == "HY-2020-00001")
  }

  @Test func `an offline call needs its caller record, and the operator enters nothing else`() throws {
    var story = Story(.with(channel: .offline))
    #expect(story.codes(Story.submit(), by: County.hotline) == ["CALLER_RECORD_MISSING"])
    #expect(story.call.missingForSubmission(by: County.hotline).map(\.code) == ["CALLER_RECORD_MISSING"])
    let record = CallerRecord(record: sealed("张三"), callTime: at("2020-03-10T09:50"))
    try story.do(.amend(.with(channel: .offline, caller: record)), by: County.hotline)
    try story.do(Story.submit(), by: County.hotline)
    #expect(story.call.state == .admitted)
    var online = Story()
    #expect(online.codes(Story.submit(), by: County.hotline) == ["NOT_OFFLINE"])
  }

  @Test func `all unmet guards are told at once`() {
    var story = Story(.with(kind: .emergency, channel: .offline, narrative: nil, study: Study()))
    #expect(
      story.codes(Story.submit(), by: County.leader) == [
        "NARRATIVE_MISSING", "PLACE_MISSING", "CALLER_RECORD_MISSING",
      ])
  }

  @Test func `what the rules cannot decide the office decides, within 240 minutes of office time`() throws {
    var story = Story(at: "2020-03-13T16:00")
    try story.do(Story.submit(.offList), by: County.leader)
    #expect(story.call.state == .manualReview)
    #expect(story.call.runningClock(.review)?.dueTime(in: County.calendar) == at("2020-03-16T10:30"))
    #expect(
      story.codes(.review(admit: true, reason: "", rule: nil, basis: ""), by: County.office) == [
        "REVIEW_REASON_MISSING"
      ])
    #expect(
      story.codes(.review(admit: false, reason: "", rule: nil, basis: ""), by: County.office) == [
        "REVIEW_RULE_MISSING", "REVIEW_BASIS_MISSING",
      ])
    #expect(
      story.codes(.review(admit: true, reason: "属实", rule: nil, basis: ""), by: County.leader) == ["NOT_YOUR_ROLE"])
    var refused = story
    try refused.do(.review(admit: false, reason: "", rule: .ownAuthority, basis: "清单总则"), by: County.office)
    #expect(refused.call.state == .notAdmitted && refused.call.admission?.refusedRules == [.ownAuthority])
    try story.do(.review(admit: true, reason: "确需县级处置", rule: nil, basis: ""), by: County.office)
    #expect(story.call.state == .admitted && story.call.admission?.machineDecision == .manualReview)
    #expect(story.codes(Story.dispatch(.offList), by: County.office) == ["MAIN_MISSING", "OFFICE_MISSING"])
  }

  @Test func `a call goes to departments only`() throws {
    var story = Story()
    try story.do(Story.submit(), by: County.leader)
    #expect(
      story.codes(Story.dispatch(main: "township-b", office: "办", phone: "1"), by: County.office) == [
        "MAIN_NOT_A_DEPARTMENT"
      ])
    #expect(story.codes(Story.dispatch(main: "ecology", assists: ["ecology"]), by: County.office) == ["ASSIST_IS_MAIN"])
  }

  @Test func `done waits for the assisting department; after release it may be reported`() throws {
    var story = Story()
    try story.do(Story.submit(), by: County.leader)
    try story.do(Story.dispatch(main: "ecology", assists: ["water"]), by: County.office)
    try story.do(.sign, by: County.department)
    try story.do(Story.respond, by: County.department)
    #expect(story.codes(.reportDone(result: sealed("已清理")), by: County.department) == ["ASSIST_OPEN"])
    #expect(story.codes(.releaseAssist(orgID: "water", reason: "x"), by: County.assist) == ["NOT_YOUR_ROLE"])
    try story.do(.releaseAssist(orgID: "water", reason: "无需配合"), by: County.department)
    try story.do(.reportDone(result: sealed("已清理")), by: County.department)
    #expect(story.call.state == .toVerify)
  }

  @Test func `partly solved is reworked in a new round with a new response clock`() throws {
    var story = try Story.toVerify()
    #expect(
      story.codes(.verify(.partly, points: [], rating: nil), by: County.clerk) == ["POINTS_MISSING"])
    try story.do(.verify(.partly, points: [sealed("北侧未清")], rating: nil), by: County.clerk, at: "2020-03-13T09:00")
    #expect(story.call.state == .rework && story.call.workRound == 2)
    #expect(story.call.runningClock(.respond)?.dueTime(in: County.calendar) == at("2020-03-16T09:00"))
    try story.do(Story.respond, by: County.department, at: "2020-03-13T10:00")
    guard case .responded(_, _, _, let result, let minutes) = story.events.last else {
      Issue.record("not responded")
      return
    }
    #expect(result.round == 2 && minutes == 60)
    try story.do(.reportDone(result: sealed("全部清理")), by: County.department)
    try story.do(.verify(.unsolved, points: [sealed("仍有异味")], rating: nil), by: County.clerk)
    #expect(story.call.workRound == 3 && story.call.verifications.map(\.workRound) == [1, 2])
  }

  @Test func `unsolved is closed by the office with consent or law, never without a basis`() throws {
    var story = try Story.toVerify()
    #expect(
      story.codes(.closeUnsolved(townshipAgrees: true, legallyImpossible: false, basis: ""), by: County.office) == [
        "CLOSING_BASIS_MISSING"
      ])
    try story.do(
      .closeUnsolved(townshipAgrees: false, legallyImpossible: true, basis: "信访条例第三十四条"), by: County.office)
    #expect(story.call.state == .closed && story.call.outcome == .unsolved)
  }

  @Test func `what a department holds is cancelled by two acts of two persons`() throws {
    var story = Story()
    story.call = Story.dispatched()
    #expect(story.codes(.cancel(reason: ""), by: County.clerk) == ["CANCEL_REASON_MISSING"])
    try story.do(.cancel(reason: "当事人已和解"), by: County.clerk)
    #expect(story.call.state == .dispatched && story.call.cancelRequest?.side == .township)
    #expect(story.codes(.cancel(reason: "再次"), by: County.leader) == ["ALREADY_ASKED"])
    let same = County.actor(.callOffice, of: "call-office", person: "clerk")
    #expect(story.codes(.cancel(reason: "同意"), by: same) == ["SAME_PERSON"])
    try story.do(.cancel(reason: "同意"), by: County.office)
    #expect(story.call.state == .cancelled && story.call.clocks.allSatisfy { $0.isStopped })
  }

  @Test func `another township and another department are outside their jurisdiction`() {
    var story = Story()
    #expect(
      story.codes(Story.submit(), by: County.actor(.townshipLeader, of: "township-b")) == ["JURISDICTION_MISMATCH"])
    story.call = Story.dispatched()
    #expect(story.codes(.sign, by: County.assist) == ["JURISDICTION_MISMATCH"])
  }

  @Test func `what is allowed says what still stands in its way`() throws {
    var story = Story(.with(narrative: nil))
    let parts = try Call.parts(of: County.leader, townshipOrgID: "township-a", call: story.call, in: County.directory)
    let actions = story.call.allowedActions(by: County.leader, as: parts)
    #expect(actions.map(\.action) == [.amend, .submit, .cancel])
    #expect(actions[1].unmet.map(\.code) == ["NARRATIVE_MISSING"])
    story.call = Story.dispatched()
    let office = story.call.allowedActions(by: County.office, as: [.callOffice])
    #expect(office.map(\.action) == [.askCancel, .cancel])
    #expect(office[1].unmet.map(\.code) == ["OTHER_SIDE_NOT_ASKED"])
  }

  @Test func `the journal's events folded from the first give the call`() throws {
    var story = try Story.toVerify()
    try story.do(
      .verify(.solved, points: [], rating: Rating(speed: 5, attitude: 5, result: 4)), by: County.clerk)
    var folded = try #require(Call(story.events[0]))
    for event in story.events.dropFirst() { folded.apply(event) }
    #expect(folded == story.call)
  }
}
