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

/// The steps of the stories, each through its handler.
extension CareBench {
  private typealias P = CareVisitV1.ProgrammeServiceMethods
  private typealias E = CareVisitV1.EnrolmentServiceMethods

  static let programme = V1.Programme(
    name: "独居老人关爱回访", ground: .consent, legalBasisRef: "同意书2020-1号文本", purpose: "了解独居老人的生活困难",
    allowedFields: [.name, .phone, .address], visitIntervalDays: 30, retentionMonths: 12,
    impactAssessmentRef: "PIA-2020-07",
    needCodes: [.init(code: "DIBAO", name: "低保咨询"), .init(code: "JIUYI", name: "就医协助")])
  static let identity = V1.Identity(name: "王秀兰花", phone: "13900001234", address: "柳庄村三组18号")

  static func request() -> String { UUIDv7.make(at: Timestamp(seconds: 1)) }

  func propose(_ programme: V1.Programme = programme, as who: Staff.Who = Staff.controller) async throws -> V1.Programme
  {
    let answer = try await service.programmes.proposeProgramme(
      .init(requestID: Self.request(), programme: programme), context: context(P.proposeProgramme, as: who))
    return try #require(answer.programme)
  }

  func decide(
    _ programme: V1.Programme, approved: Bool = true, as who: Staff.Who = Staff.officer
  ) async throws -> V1.Programme {
    let answer = try await service.programmes.decideProgramme(
      .init(
        requestID: Self.request(), programmeID: programme.programmeID, expectedVersion: programme.version,
        approved: approved), context: context(P.decideProgramme, as: who))
    return try #require(answer.programme)
  }

  func activeProgramme() async throws -> V1.Programme { try await decide(try await propose()) }

  func enrol(
    in programme: V1.Programme, _ identity: V1.Identity = identity, consent: String = "同意书20200311",
    as who: Staff.Who = Staff.lead
  ) async throws -> V1.Enrolment {
    let answer = try await service.enrolments.proposeEnrolment(
      .init(
        requestID: Self.request(), programmeID: programme.programmeID, consentRef: consent, identity: identity),
      context: context(E.proposeEnrolment, as: who))
    return try #require(answer.enrolment)
  }

  func decide(
    _ enrolment: V1.Enrolment, approved: Bool = true, reason: String = "同意书齐全", as who: Staff.Who = Staff.officer
  ) async throws -> V1.Enrolment {
    let answer = try await service.enrolments.decideEnrolment(
      .init(
        requestID: Self.request(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
        approved: approved, decisionReason: reason), context: context(E.decideEnrolment, as: who))
    return try #require(answer.enrolment)
  }

  func begin(
    _ enrolment: V1.Enrolment, visitor: Staff.Who = Staff.visitor, on day: String? = nil,
    as who: Staff.Who = Staff.lead
  ) async throws -> V1.Enrolment {
    let answer = try await service.enrolments.beginEnrolment(
      .init(
        requestID: Self.request(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
        visitorPersonID: visitor.id, nextVisitDate: day ?? CivilDate(now).description),
      context: context(E.beginEnrolment, as: who))
    return try #require(answer.enrolment)
  }

  func reassign(
    _ enrolment: V1.Enrolment, to visitor: Staff.Who, as who: Staff.Who = Staff.lead
  ) async throws -> V1.Enrolment {
    let answer = try await service.enrolments.reassignEnrolment(
      .init(
        requestID: Self.request(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
        visitorPersonID: visitor.id), context: context(E.reassignEnrolment, as: who))
    return try #require(answer.enrolment)
  }

  func end(
    _ enrolment: V1.Enrolment, _ cause: V1.Enrolment.EndCause = .needOver, as who: Staff.Who = Staff.lead
  ) async throws -> V1.Enrolment {
    let answer = try await service.enrolments.endEnrolment(
      .init(
        requestID: Self.request(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
        endCause: cause), context: context(E.endEnrolment, as: who))
    return try #require(answer.enrolment)
  }

  /// Somebody who is visited.
  func activeEnrolment(
    in programme: V1.Programme? = nil, _ identity: V1.Identity = identity
  ) async throws -> V1.Enrolment {
    let known: V1.Programme
    if let programme { known = programme } else { known = try await activeProgramme() }
    return try await begin(try await decide(try await enrol(in: known, identity)))
  }

  func visit(
    _ enrolment: V1.Enrolment, _ outcome: V1.Visit.Outcome = .done, on day: String = "", needs: [String] = [],
    referral: String = "", as who: Staff.Who = Staff.visitor
  ) async throws -> V1.RecordVisitResponse {
    try await service.visits.recordVisit(
      .init(
        requestID: Self.request(), enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
        visitDate: day, outcome: outcome, needCodes: needs, referralOrgID: referral),
      context: context(V1.VisitServiceMethods.recordVisit, as: who))
  }

  func reveal(
    _ token: String, _ purpose: String = "上门回访前核对地址", as who: Staff.Who = Staff.visitor
  ) async throws -> V1.RevealIdentityResponse {
    try await service.reveals.revealIdentity(
      .init(enrolmentID: token, revealPurpose: purpose),
      context: context(V1.RevealServiceMethods.revealIdentity, as: who))
  }

  func reveals(_ token: String, as who: Staff.Who = Staff.officer) async throws -> [V1.Reveal] {
    try await service.audit.listReveals(
      .init(enrolmentID: token), context: context(V1.AuditServiceMethods.listReveals, as: who)
    ).reveals
  }

  func get(_ token: String, as who: Staff.Who = Staff.officer) async throws -> V1.GetEnrolmentResponse {
    try await service.enrolments.getEnrolment(
      .init(enrolmentID: token), context: context(E.getEnrolment, as: who))
  }

  func list(as who: Staff.Who) async throws -> [String] {
    try await service.enrolments.listEnrolments(.init(), context: context(E.listEnrolments, as: who)).enrolments.map(
      \.enrolmentID)
  }

  func file(
    _ token: String, _ kind: V1.RightRequest.Kind, document: String = "申请书1号", as who: Staff.Who = Staff.lead
  ) async throws -> V1.RightRequest {
    let answer = try await service.rights.fileRight(
      .init(requestID: Self.request(), enrolmentID: token, kind: kind, documentRef: document),
      context: context(V1.RightServiceMethods.fileRight, as: who))
    return try #require(answer.rightRequest)
  }

  func answer(
    _ right: V1.RightRequest, granted: Bool = true, reason: String = "依个人信息保护法", identity: V1.Identity? = nil,
    as who: Staff.Who = Staff.officer
  ) async throws -> V1.AnswerRightResponse {
    try await service.rights.answerRight(
      .init(
        requestID: Self.request(), rightRequestID: right.rightRequestID, expectedVersion: right.version,
        granted: granted, decisionReason: reason, correctedIdentity: identity),
      context: context(V1.RightServiceMethods.answerRight, as: who))
  }

  func rights() async throws -> [V1.RightRequest] {
    try await service.rights.listRights(
      .init(), context: context(V1.RightServiceMethods.listRights, as: Staff.officer)
    ).rightRequests
  }

  func proof(_ token: String) async throws -> V1.ErasureProof {
    let answer = try await service.audit.getErasureProof(
      .init(enrolmentID: token), context: context(V1.AuditServiceMethods.getErasureProof, as: Staff.officer))
    return try #require(answer.proof)
  }

  func verify() async throws -> V1.VerifyCareJournalResponse {
    try await service.audit.verifyCareJournal(
      .init(), context: context(V1.AuditServiceMethods.verifyCareJournal, as: Staff.officer))
  }

  /// What the journal's lines, folded from empty, and the tables say: the same, and the chain holds.
  func expectReplayed() async throws {
    var folded = Fold()
    for line in try journal() { try folded.apply(line) }
    let programmes = try await service.programmes.listProgrammes(
      .init(pageSize: 500), context: context(P.listProgrammes, as: Staff.officer)
    ).programmes
    #expect(folded.programmes == Dictionary(uniqueKeysWithValues: programmes.map { ($0.programmeID, $0) }))
    let enrolments = try await service.enrolments.listEnrolments(
      .init(pageSize: 500), context: context(E.listEnrolments, as: Staff.officer)
    ).enrolments
    #expect(folded.enrolments == Dictionary(uniqueKeysWithValues: enrolments.map { ($0.enrolmentID, $0) }))
    for enrolment in enrolments {
      let visits = try await service.visits.listVisits(
        .init(enrolmentID: enrolment.enrolmentID),
        context: context(V1.VisitServiceMethods.listVisits, as: Staff.officer)
      ).visits
      #expect(folded.visits[enrolment.enrolmentID] ?? [] == visits)
      var looks = try await reveals(enrolment.enrolmentID)
      for index in looks.indices { looks[index].purpose = "" }
      #expect(folded.reveals[enrolment.enrolmentID] ?? [] == looks)
    }
    var rights = try await rights()
    for index in rights.indices {
      rights[index].documentRef = ""
      rights[index].decisionReason = ""
      rights[index].clock?.dueTime = nil
      rights[index].clock?.onTime = false
      rights[index].clock?.provisional = false
    }
    #expect(folded.rights == Dictionary(uniqueKeysWithValues: rights.map { ($0.rightRequestID, $0) }))
    let alerts = try await service.audit.listRevealAlerts(
      .init(), context: context(V1.AuditServiceMethods.listRevealAlerts, as: Staff.officer)
    ).alerts
    #expect(folded.alerts == Dictionary(uniqueKeysWithValues: alerts.map { ($0.alertID, $0) }))
    #expect(try await verify().firstBrokenSeq == 0)
  }
}
