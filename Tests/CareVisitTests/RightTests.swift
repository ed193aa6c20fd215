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

@Suite struct RightTests {
  typealias V1 = CareVisitV1
  let bench: CareBench

  init() throws { bench = try CareBench() }

  private func copy(_ right: V1.RightRequest) async throws -> V1.GetAccessCopyResponse {
    try await bench.service.rights.getAccessCopy(
      .init(rightRequestID: right.rightRequestID),
      context: bench.context(V1.RightServiceMethods.getAccessCopy, as: Staff.officer))
  }

  @Test func `S10: a right is asked for with a document, once, and answered within 15 working days`() async throws {
    let token = try await bench.activeEnrolment().enrolmentID
    #expect(
      await reasons { try await bench.file(token, .unspecified, document: "") } == [
        "RIGHT_KIND_MISSING", "DOCUMENT_REF_MISSING",
      ])
    #expect(await reasons { try await bench.file(token, .access, as: Staff.otherLead) } == ["JURISDICTION_MISMATCH"])
    let right = try await bench.file(token, .access)
    #expect(right.clock?.budget?.amount == 15 && right.clock?.budget?.unit == .workingDay)
    // Tuesday 2020-03-10 10:00 and 15 working days.
    #expect(right.clock?.dueTime?.kernel.shanghai == "2020-03-31T10:00:00+08:00")
    #expect(await reasons { try await bench.file(token, .access) } == ["RIGHT_ALREADY_OPEN"])
    #expect(await reasons { try await bench.answer(right, reason: "") } == ["DECISION_REASON_MISSING"])
    #expect(await reasons { try await copy(right) } == ["ACCESS_NOT_GRANTED"])
    let granted = try #require(try await bench.answer(right).rightRequest)
    #expect(granted.state == .granted && granted.clock?.onTime == true && granted.deciderPersonID == "officer")
    #expect(await reasons { try await bench.answer(granted) } == ["ILLEGAL_TRANSITION"])
    #expect(await reasons { try await bench.answer(.init(rightRequestID: "x")) } == ["RIGHT_NOT_FOUND"])
    let listed = try #require(try await bench.rights().first)
    #expect(listed.documentRef == "申请书1号" && listed.decisionReason == "依个人信息保护法")
    try await bench.expectReplayed()
  }

  @Test func `S10: whose access is granted gets the whole entry, and who looked at it and why`() async throws {
    let enrolment = try await bench.activeEnrolment()
    let token = enrolment.enrolmentID
    _ = try await bench.reveal(token, "上门前核对")
    _ = try await bench.visit(enrolment, needs: ["JIUYI"])
    let right = try #require(try await bench.answer(try await bench.file(token, .access)).rightRequest)
    let given = try await copy(right)
    #expect(given.identity == CareBench.identity && given.consentRef == "同意书20200311")
    #expect(given.visits.map(\.needCodes) == [["JIUYI"]] && given.enrolment?.state == .active)
    #expect(given.reveals.map(\.personID) == ["visitor", "officer"] && given.reveals[0].purpose == "上门前核对")
    #expect(given.reveals[1].purpose.contains(right.rightRequestID))
    #expect(try bench.journal().filter { $0.eventType == "enrolment.revealed" }.count == 2)
    let complaint = try #require(try await bench.answer(try await bench.file(token, .complaint)).rightRequest)
    #expect(await reasons { try await copy(complaint) } == ["ACCESS_NOT_GRANTED"])
  }

  @Test func `S10: what is wrong is put right, and what stood there is gone`() async throws {
    let token = try await bench.activeEnrolment().enrolmentID
    let before = try #require(try bench.sealedIdentity(token))
    let right = try await bench.file(token, .correction)
    #expect(await reasons { try await bench.answer(right) } == ["IDENTITY_MISSING"])
    var more = CareBench.identity
    more.guardianName = "王小明"
    let tooMuch = more
    #expect(await reasons { try await bench.answer(right, identity: tooMuch) } == ["FIELD_NOT_ALLOWED"])
    let identity = V1.Identity(name: "王秀兰", phone: "13900005678", address: "柳庄村三组20号")
    let answer = try await bench.answer(right, identity: identity)
    #expect(answer.enrolment?.version == 4 && answer.enrolment?.state == .active)
    #expect(try await bench.reveal(token).identity == identity)
    _ = try await bench.bench.database.emptyLog()
    #expect(try bench.onDisk(before) == [])
    try await bench.expectReplayed()
  }

  @Test func `S10: a denial needs a reason and somebody else than who wrote it down; nothing happens`() async throws {
    let token = try await bench.activeEnrolment().enrolmentID
    let right = try await bench.file(token, .deletion, as: Staff.officer)
    #expect(
      await reasons { try await bench.answer(right, granted: false, reason: "") } == [
        "DECISION_REASON_MISSING", "SAME_PERSON",
      ])
    let denied = try await bench.answer(right, granted: false, reason: "依法须保存至项目结束", as: Staff.secondOfficer)
    #expect(denied.rightRequest?.state == .denied && denied.enrolment?.state == .active)
    #expect(try await bench.reveal(token).identity == CareBench.identity)
    // Asked for again, it is another request.
    #expect(try await bench.file(token, .deletion).state == .open)
  }

  @Test func `S10: an answer that is late is reported once, and never refused`() async throws {
    let token = try await bench.activeEnrolment().enrolmentID
    let right = try await bench.file(token, .complaint)
    let timer = try #require(bench.service.parts.timers.first)
    let due = try #require(try await timer.next())
    #expect(due == right.clock?.dueTime?.kernel)
    bench.bench.clock.now = due
    #expect(try await timer.fire(at: due) == 0)
    bench.bench.clock.now = due + .instant
    #expect(try await timer.fire(at: due + .instant) == 1)
    #expect(try await timer.fire(at: due + .days(1)) == 0)
    #expect(try await timer.next() == nil)
    let late = try #require(try await bench.rights().first)
    #expect(late.overdueTime?.kernel == due + .instant && late.clock?.onTime == false && late.version == 2)
    #expect(await reasons { try await bench.answer(right) } == ["VERSION_CONFLICT"])
    #expect(try await bench.answer(late).rightRequest?.clock?.onTime == false)
    try await bench.expectReplayed()
  }
}
