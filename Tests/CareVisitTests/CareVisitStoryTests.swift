import Access
import CareVisitContract
import CareVisitDomain
import CareVisitService
import CommonContract
import Journal
import Kernel
import Lifecycle
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

@Suite struct CareVisitStoryTests {
  typealias V1 = CareVisitV1
  let bench: CareBench

  init() throws { bench = try CareBench() }

  @Test func `A12 S10: a programme is refused with everything that is missing at once`() async throws {
    #expect(
      await reasons { try await bench.propose(.init()) } == [
        "PROGRAMME_NAME_MISSING", "GROUND_MISSING", "LEGAL_BASIS_MISSING", "PURPOSE_MISSING", "FIELDS_MISSING",
        "INTERVAL_INVALID", "RETENTION_MISSING", "IMPACT_ASSESSMENT_MISSING", "NEED_CODES_INVALID",
      ])
    var programme = CareBench.programme
    programme.legalBasisRef = " "
    programme.retentionMonths = 0
    #expect(await reasons { try await bench.propose(programme) } == ["LEGAL_BASIS_MISSING", "RETENTION_MISSING"])
    programme = CareBench.programme
    programme.retentionMonths = 13
    programme.allowedFields.append(.name)
    programme.needCodes.append(.init(code: "DIBAO", name: "again"))
    programme.visitIntervalDays = 367
    programme.purpose = String(repeating: "长", count: 501)
    #expect(
      await reasons { try await bench.propose(programme) } == [
        "FIELDS_MISSING", "INTERVAL_INVALID", "RETENTION_TOO_LONG", "NEED_CODES_INVALID", "TEXT_TOO_LONG",
      ])
    #expect(try bench.journal().isEmpty)
  }

  @Test func `S10: nobody is enrolled before the data protection officer has approved the programme`() async throws {
    let proposed = try await bench.propose()
    #expect(proposed.state == .proposed && proposed.controllerOrgID == CareBench.department)
    #expect(await reasons { try await bench.enrol(in: proposed) } == ["PROGRAMME_NOT_ACTIVE"])
    let rejected = try await bench.decide(proposed, approved: false)
    #expect(rejected.state == .rejected)
    #expect(await reasons { try await bench.decide(rejected) } == ["ILLEGAL_TRANSITION"])
    #expect(await reasons { try await bench.enrol(in: rejected) } == ["PROGRAMME_NOT_ACTIVE"])
    // Not by who proposed it, though in both roles.
    let both = Staff.Who(id: "controller", role: .dataProtectionOfficer, organisation: CareBench.department)
    bench.staff.set(Staff.controller, roles: [.departmentLeader, .dataProtectionOfficer])
    let second = try await bench.propose()
    #expect(await reasons { try await bench.decide(second, as: both) } == ["SAME_PERSON"])
    #expect(await reasons { try await bench.decide(rejected, as: Staff.officer) } == ["ILLEGAL_TRANSITION"])
    var stale = second
    stale.version = 7
    #expect(await reasons { try await bench.decide(stale) } == ["VERSION_CONFLICT"])
    #expect(try await bench.decide(second).state == .active)
    try await bench.expectReplayed()
  }

  @Test func `S10: a person is visited: proposed, approved, begun, visited, ended`() async throws {
    let programme = try await bench.activeProgramme()
    let enrolment = try await bench.enrol(in: programme)
    #expect(enrolment.state == .proposed && enrolment.enrolmentID.count == 32)
    #expect(await reasons { try await bench.decide(enrolment, reason: " ") } == ["DECISION_REASON_MISSING"])
    let approved = try await bench.decide(enrolment)
    #expect(
      await reasons { try await bench.begin(approved, visitor: Staff.strangeVisitor, on: "2020-03-09") } == [
        "VISITOR_NOT_ENTITLED", "NEXT_VISIT_INVALID",
      ])
    let active = try await bench.begin(approved, on: "2020-03-12")
    #expect(active.state == .active && active.beginDate == "2020-03-10" && active.nextVisitDate == "2020-03-12")
    #expect(
      await reasons {
        try await bench.visit(active, .notMet, on: "2020-03-11", needs: ["DIBAO", "BAD"], referral: "nobody")
      } == ["VISIT_DATE_INVALID", "NEED_CODE_UNKNOWN", "NEED_WITHOUT_VISIT", "REFERRAL_UNKNOWN"])
    #expect(await reasons { try await bench.visit(active, .unspecified) } == ["OUTCOME_MISSING"])
    let missed = try await bench.visit(active, .notMet)
    #expect(missed.enrolment?.nextVisitDate == "2020-03-12")
    let afterMissed = try #require(missed.enrolment)
    #expect(await reasons { try await bench.visit(active) } == ["VERSION_CONFLICT"])
    let done = try await bench.visit(afterMissed, needs: ["JIUYI"], referral: "clinic")
    #expect(done.visit?.needCodes == ["JIUYI"] && done.visit?.referralOrgID == "clinic")
    #expect(done.enrolment?.nextVisitDate == "2020-04-09")
    let last = try #require(done.enrolment)
    #expect(
      await reasons { try await bench.end(last, .unspecified) } == ["END_CAUSE_MISSING"])
    #expect(await reasons { try await bench.end(last, .deletionGranted) } == ["END_CAUSE_MISSING"])
    let ended = try await bench.end(last, .declined)
    #expect(ended.state == .ended && ended.endCause == .declined && ended.nextVisitDate.isEmpty)
    #expect(ended.eraseDueTime?.kernel == CareVisitPolicy.later(bench.now, months: 12))
    #expect(await reasons { try await bench.visit(ended) } == ["ILLEGAL_TRANSITION"])
    try await bench.expectReplayed()
  }

  @Test(arguments: [0, 1, 2])
  func `S10: declining is possible in every state of an enrolment`(steps: Int) async throws {
    var enrolment = try await bench.enrol(in: try await bench.activeProgramme())
    if steps > 0 { enrolment = try await bench.decide(enrolment) }
    if steps > 1 { enrolment = try await bench.begin(enrolment) }
    #expect(try await bench.end(enrolment, .declined).state == .ended)
  }

  @Test func `S10: only what the programme allows is taken down, with consent or notice`() async throws {
    let programme = try await bench.activeProgramme()
    var identity = CareBench.identity
    identity.guardianName = "王小明"
    identity.guardianPhone = "13911112222"
    #expect(
      await reasons { try await bench.enrol(in: programme, identity, consent: "") } == [
        "CONSENT_MISSING", "FIELD_NOT_ALLOWED", "FIELD_NOT_ALLOWED",
      ])
    #expect(await reasons { try await bench.enrol(in: programme, .init()) } == ["IDENTITY_MISSING"])
    identity = .init(name: String(repeating: "长", count: 501))
    #expect(await reasons { try await bench.enrol(in: programme, identity) } == ["TEXT_TOO_LONG"])
    var nowhere = programme
    nowhere.programmeID = "nowhere"
    #expect(await reasons { try await bench.enrol(in: nowhere) } == ["PROGRAMME_NOT_FOUND"])
  }

  @Test func `S10: whoever is suspended, moved out or gone has no access from that moment on`() async throws {
    let enrolment = try await bench.activeEnrolment()
    let token = enrolment.enrolmentID
    #expect(try await bench.reveal(token).identity == CareBench.identity)
    #expect(try await bench.list(as: Staff.visitor) == [token])
    bench.staff.set(Staff.visitor, isPresent: false)
    #expect(await reasons { try await bench.reveal(token) } == ["STANDING_LOST"])
    #expect(await reasons { try await bench.visit(enrolment) } == ["STANDING_LOST"])
    #expect(await reasons { try await bench.get(token, as: Staff.visitor) } == ["STANDING_LOST"])
    #expect(await reasons { try await bench.list(as: Staff.visitor) } == ["STANDING_LOST"])
    // Works elsewhere now, or in another role.
    bench.staff.set(Staff.visitor, organisation: "village-2")
    #expect(await reasons { try await bench.reveal(token) } == ["STANDING_LOST"])
    let moved = Staff.Who(id: "visitor", role: .careVisitor, organisation: "village-2")
    #expect(await reasons { try await bench.reveal(token, as: moved) } == ["JURISDICTION_MISMATCH"])
    bench.staff.set(Staff.visitor, roles: [.gridMember])
    #expect(await reasons { try await bench.reveal(token) } == ["STANDING_LOST"])
    // The lead names another one; the first is a stranger afterwards.
    #expect(
      await reasons { try await bench.reassign(enrolment, to: Staff.visitor) } == [
        "VISITOR_NOT_ENTITLED", "VISITOR_UNCHANGED",
      ])
    bench.staff.set(Staff.visitor)
    #expect(
      await reasons { try await bench.reassign(enrolment, to: Staff.visitor) } == ["VISITOR_UNCHANGED"])
    let other = try await bench.reassign(enrolment, to: Staff.secondVisitor)
    #expect(other.state == .active && other.visitorPersonID == Staff.secondVisitor.id)
    #expect(await reasons { try await bench.reveal(token) } == ["JURISDICTION_MISMATCH"])
    #expect(try await bench.reveal(token, as: Staff.secondVisitor).identity == CareBench.identity)
    #expect(try await bench.list(as: Staff.visitor).isEmpty)
    // A lead, an officer who has left.
    bench.staff.set(Staff.lead, isPresent: false)
    #expect(await reasons { try await bench.reveal(token, as: Staff.lead) } == ["STANDING_LOST"])
    bench.staff.set(Staff.officer, isPresent: false)
    #expect(await reasons { try await bench.list(as: Staff.officer) } == ["STANDING_LOST"])
    bench.staff.set(Staff.officer)
    try await bench.expectReplayed()
  }

  @Test func `S10: a repeated request is answered again only to who still stands there`() async throws {
    let programme = try await bench.activeProgramme()
    let request = V1.ProposeEnrolmentRequest(
      requestID: "same", programmeID: programme.programmeID, consentRef: "同意书", identity: CareBench.identity)
    let context = bench.context(V1.EnrolmentServiceMethods.proposeEnrolment, as: Staff.lead)
    let first = try await bench.service.enrolments.proposeEnrolment(request, context: context)
    let again = try await bench.service.enrolments.proposeEnrolment(request, context: context)
    #expect(first == again)
    var changed = request
    changed.identity?.phone = "13900001235"
    let other = changed
    let refused = await reasons { try await bench.service.enrolments.proposeEnrolment(other, context: context) }
    #expect(refused == ["IDEMPOTENCY_MISMATCH"])
    bench.staff.set(Staff.lead, isPresent: false)
    #expect(
      await reasons { try await bench.service.enrolments.proposeEnrolment(request, context: context) }
        == ["STANDING_LOST"])
  }

  @Test func `S10: a lead has the own organisation's, nobody another's`() async throws {
    let mine = try await bench.activeEnrolment()
    let token = mine.enrolmentID
    #expect(try await bench.list(as: Staff.lead) == [token])
    #expect(try await bench.list(as: Staff.otherLead).isEmpty)
    #expect(try await bench.list(as: Staff.officer) == [token])
    for stranger in [Staff.otherLead, Staff.strangeVisitor, Staff.secondVisitor] {
      #expect(await reasons { try await bench.get(token, as: stranger) } == ["JURISDICTION_MISMATCH"])
      #expect(await reasons { try await bench.reveal(token, as: stranger) } == ["JURISDICTION_MISMATCH"])
    }
    #expect(await reasons { try await bench.end(mine, as: Staff.otherLead) } == ["JURISDICTION_MISMATCH"])
    #expect(await reasons { try await bench.get("nobody") } == ["ENROLMENT_NOT_FOUND"])
    let actions = try await bench.get(token, as: Staff.lead).allowedActions
    #expect(actions == ["decline", "end", "reassign", "reveal"])
    #expect(try await bench.get(token, as: Staff.visitor).allowedActions == ["visit", "reveal"])
    // What is over is no business of the visitor's any more.
    _ = try await bench.end(mine)
    #expect(await reasons { try await bench.get(token, as: Staff.visitor) } == ["JURISDICTION_MISMATCH"])
    #expect(await reasons { try await bench.reveal(token) } == ["NOT_YOUR_ROLE"])
    #expect(await reasons { try await bench.reveal(token, as: Staff.lead) } == ["NOT_YOUR_ROLE"])
    #expect(try await bench.reveal(token, as: Staff.officer).identity == CareBench.identity)
  }

  @Test func `S10: a programme is closed when nobody is enrolled any more`() async throws {
    let programme = try await bench.activeProgramme()
    let enrolment = try await bench.enrol(in: programme)
    func close(_ who: Staff.Who) async throws -> V1.Programme? {
      try await bench.service.programmes.closeProgramme(
        .init(requestID: CareBench.request(), programmeID: programme.programmeID, expectedVersion: programme.version),
        context: bench.context(V1.ProgrammeServiceMethods.closeProgramme, as: who)
      ).programme
    }
    #expect(await reasons { try await close(Staff.officer) } == ["ENROLMENTS_REMAIN"])
    _ = try await bench.end(enrolment)
    let stranger = Staff.Who(id: "x", role: .departmentLeader, organisation: "dept-other")
    bench.staff.set(stranger)
    #expect(await reasons { try await close(stranger) } == ["JURISDICTION_MISMATCH"])
    #expect(try await close(Staff.controller)?.state == .closed)
    try await bench.expectReplayed()
  }
}
