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

@Suite struct RevealTests {
  typealias V1 = CareVisitV1
  let bench: CareBench

  init() throws { bench = try CareBench() }

  private func alerts() async throws -> [V1.RevealAlert] {
    try await bench.service.audit.listRevealAlerts(
      .init(), context: bench.context(V1.AuditServiceMethods.listRevealAlerts, as: Staff.officer)
    ).alerts
  }

  private func acknowledge(_ alert: V1.RevealAlert, as who: Staff.Who) async throws -> V1.RevealAlert? {
    try await bench.service.audit.acknowledgeRevealAlert(
      .init(requestID: CareBench.request(), alertID: alert.alertID, expectedVersion: alert.version),
      context: bench.context(V1.AuditServiceMethods.acknowledgeRevealAlert, as: who)
    ).alert
  }

  private func report(_ month: String = "") async throws -> [V1.RevealCount] {
    try await bench.service.audit.getRevealReport(
      .init(month: month), context: bench.context(V1.AuditServiceMethods.getRevealReport, as: Staff.officer)
    ).counts
  }

  @Test func `A12 S10: a look without a purpose is refused, and every look is written down with its purpose`()
    async throws
  {
    let token = try await bench.activeEnrolment().enrolmentID
    #expect(await reasons { try await bench.reveal(token, "  ") } == ["REVEAL_PURPOSE_MISSING"])
    let long = String(repeating: "长", count: 501)
    #expect(await reasons { try await bench.reveal(token, long) } == ["TEXT_TOO_LONG"])
    #expect(try await bench.reveals(token).isEmpty)
    let seen = try await bench.reveal(token, "上门前核对门牌")
    #expect(seen.identity == CareBench.identity && seen.consentRef == "同意书20200311")
    _ = try await bench.reveal(token, "核对联系电话", as: Staff.lead)
    let looks = try await bench.reveals(token)
    #expect(looks.map(\.personID) == ["visitor", "lead"] && looks.map(\.role) == ["CARE_VISITOR", "GRID_LEAD"])
    #expect(looks.map(\.purpose) == ["上门前核对门牌", "核对联系电话"])
    let lines = try bench.journal().filter { $0.eventType == "enrolment.revealed" }
    #expect(lines.map(\.actor.personID) == ["visitor", "lead"])
    // Neither identity nor purpose stands in any file in the clear.
    for text in ["王秀兰花", "13900001234", "柳庄村三组18号", "上门前核对门牌", "同意书20200311", "同意书齐全"] {
      #expect(try bench.onDisk(Array(text.utf8)) == [], "\(text)")
    }
    #expect(try bench.onDisk(Array("独居老人关爱回访".utf8)) != [])
    try await bench.expectReplayed()
  }

  @Test func `S10: more looks in a day than the work explains alert the data protection officer, once a day`()
    async throws
  {
    let programme = try await bench.activeProgramme()
    let token = try await bench.activeEnrolment(in: programme).enrolmentID
    let other = try await bench.activeEnrolment(in: programme).enrolmentID
    for _ in 0..<CareVisitPolicy.looksPerDay { _ = try await bench.reveal(token) }
    #expect(try await alerts().isEmpty)
    _ = try await bench.reveal(other)
    _ = try await bench.reveal(other)
    let alert = try #require(try await alerts().first)
    #expect(try await alerts().count == 1)
    #expect(alert.personID == "visitor" && alert.revealDate == "2020-03-10" && alert.acknowledgeTime == nil)
    #expect(try await report() == [.init(personID: "visitor", revealCount: 12, enrolmentCount: 2)])
    #expect(try await report("2020-03").count == 1)
    #expect(try await report("2020-02").isEmpty)
    #expect(await reasons { try await report("2020-13") } == ["MONTH_INVALID"])
    #expect(await reasons { try await report("March") } == ["MONTH_INVALID"])
    let seen = try #require(try await acknowledge(alert, as: Staff.officer))
    #expect(seen.acknowledgerPersonID == "officer" && seen.version == 2)
    #expect(await reasons { try await acknowledge(alert, as: Staff.officer) } == ["VERSION_CONFLICT"])
    #expect(await reasons { try await acknowledge(seen, as: Staff.officer) } == ["ALERT_ACKNOWLEDGED"])
    // The next day counts anew.
    try await bench.advance(days: 1)
    _ = try await bench.reveal(token)
    #expect(try await alerts().count == 1)
    try await bench.expectReplayed()
  }

  @Test func `S10: an alert about an officer is acknowledged by another one`() async throws {
    let token = try await bench.activeEnrolment().enrolmentID
    for _ in 0...CareVisitPolicy.looksPerDay { _ = try await bench.reveal(token, as: Staff.officer) }
    let alert = try #require(try await alerts().first)
    #expect(await reasons { try await acknowledge(alert, as: Staff.officer) } == ["SAME_PERSON"])
    #expect(try await acknowledge(alert, as: Staff.secondOfficer)?.acknowledgerPersonID == "officer-2")
    #expect(
      await reasons { try await acknowledge(.init(alertID: "x"), as: Staff.officer) } == ["REVEAL_ALERT_NOT_FOUND"])
  }

  @Test func `A12: a tampered line of the register's journal is found`() async throws {
    let token = try await bench.activeEnrolment().enrolmentID
    _ = try await bench.reveal(token)
    let whole = try await bench.verify()
    let count = Int64(try bench.journal().count)
    #expect(whole.firstBrokenSeq == 0 && whole.verifiedCount == count)
    let line = try #require(try bench.journal().first { $0.eventType == "enrolment.revealed" })
    _ = try await bench.bench.database.write { transaction in
      try transaction.run(
        Statement("test.tamper", "UPDATE journal SET actor_person_id = 'somebody-else' WHERE seq = $1"),
        [.integer(line.seq)])
    }
    #expect(try await bench.verify().firstBrokenSeq == line.seq)
  }

  @Test func `S10: numbers are of ten people at least`() async throws {
    let programme = try await bench.activeProgramme()
    func statistics(as who: Staff.Who = Staff.controller) async throws -> V1.GetStatisticsResponse {
      try await bench.service.audit.getStatistics(
        .init(programmeID: programme.programmeID),
        context: bench.context(V1.AuditServiceMethods.getStatistics, as: who))
    }
    for index in 0..<9 {
      _ = try await bench.visit(try await bench.activeEnrolment(in: programme), needs: index < 3 ? ["DIBAO"] : [])
    }
    let few = try await statistics()
    #expect(few.activeEnrolments?.personCount == nil && few.visitedEnrolments?.personCount == nil)
    #expect(
      few.needs.map(\.needCode) == ["DIBAO", "JIUYI"] && few.needs.allSatisfy { $0.statistic?.personCount == nil })
    for _ in 9..<22 { _ = try await bench.visit(try await bench.activeEnrolment(in: programme), needs: ["JIUYI"]) }
    let many = try await statistics(as: Staff.officer)
    #expect(many.activeEnrolments?.personCount == 22 && many.visitedEnrolments?.personCount == 22)
    // 13 with one need would tell of 9 without it.
    #expect(many.needs.allSatisfy { $0.statistic?.personCount == nil })
    _ = try await bench.visit(try await bench.activeEnrolment(in: programme))
    #expect(try await statistics().needs.map { $0.statistic?.personCount } == [nil, 13])
    let stranger = Staff.Who(id: "x", role: .departmentClerk, organisation: "dept-other")
    bench.staff.set(stranger)
    #expect(await reasons { try await statistics(as: stranger) } == ["JURISDICTION_MISMATCH"])
  }
}
