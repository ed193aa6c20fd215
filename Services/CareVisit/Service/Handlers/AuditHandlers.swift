import Access
import CareVisitContract
import CareVisitDomain
import CareVisitStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import Wire
import WireTypes

/// Who looked, how often, and what became of it.
struct AuditHandlers: CareVisitV1.AuditService {
  let desk: CareDesk

  func listReveals(
    _ request: CareVisitV1.ListRevealsRequest, context: ServerContext
  ) async throws -> CareVisitV1.ListRevealsResponse {
    try await desk.read(context) { reader in
      let (enrolment, _) = try reader.enrolment(request.enrolmentID)
      return .init(reveals: try reader.register.reveals(of: enrolment.id, in: reader.reading))
    }
  }

  func getRevealReport(
    _ request: CareVisitV1.GetRevealReportRequest, context: ServerContext
  ) async throws -> CareVisitV1.GetRevealReportResponse {
    try await desk.read(context) { reader in
      let today = CivilDate(reader.register.commands.time.now())
      let month = request.month.isEmpty ? String("\(today)".prefix(7)) : request.month
      guard let start = CivilDate(month + "-01"),
        let end = CivilDate(
          year: start.month == 12 ? start.year + 1 : start.year, month: start.month % 12 + 1, day: 1)
      else { throw Refused(.invalidArgument, .monthInvalid) }
      let counts = try reader.register.reveals.counts(from: start, until: end, in: reader.reading)
      return .init(
        month: month,
        counts: counts.map {
          .init(personID: $0.personID, revealCount: Int64($0.reveals), enrolmentCount: Int64($0.enrolments))
        })
    }
  }

  func listRevealAlerts(
    _ request: CareVisitV1.ListRevealAlertsRequest, context: ServerContext
  ) async throws -> CareVisitV1.ListRevealAlertsResponse {
    try await desk.read(context) { reader in
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let found = try reader.register.reveals.listAlerts(after: page.after, limit: page.limit, in: reader.reading)
      return .init(alerts: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func acknowledgeRevealAlert(
    _ request: CareVisitV1.AcknowledgeRevealAlertRequest, context: ServerContext
  ) async throws -> CareVisitV1.AcknowledgeRevealAlertResponse {
    try await desk.perform(request, request.requestID, context) { clerk in
      guard let alert = try clerk.register.reveals.loadAlert(.init(request.alertID), in: clerk.tx) else {
        throw Refused(.notFound, .revealAlertNotFound)
      }
      try CareClerk.check(request.expectedVersion, against: alert.version)
      let seen = try alert.acknowledged(by: clerk.actor, at: clerk.now)
      try clerk.keep(seen, "reveal.acknowledged")
      return .init(alert: .init(seen))
    }
  }

  func getErasureProof(
    _ request: CareVisitV1.GetErasureProofRequest, context: ServerContext
  ) async throws -> CareVisitV1.GetErasureProofResponse {
    try await desk.read(context) { reader in
      let register = reader.register
      guard let enrolment = try register.enrolments.load(.init(request.enrolmentID), in: reader.reading) else {
        throw Refused(.notFound, .enrolmentNotFound)
      }
      let lines = try Journal.entries(ofAggregate: "enrolment", enrolment.id.text, in: reader.reading)
      guard enrolment.state == .erased, let line = lines.last(where: { $0.eventType == "enrolment.erased" }) else {
        throw Refused(.failedPrecondition, .notErased)
      }
      let event = try CareVisitV1.EnrolmentEvent(decoding: line.payload)
      return .init(
        proof: .init(
          enrolmentID: enrolment.id.text, eraseTime: enrolment.eraseTime.map { .init($0) }, keyDigest: event.keyDigest,
          unresolvable: try register.vault.isEmpty(enrolment.id, in: reader.reading),
          overwritten: try register.erasures.load(in: reader.reading).overwrittenSeq >= line.seq,
          journalSeq: line.seq, journalHash: line.hash))
    }
  }

  func getStatistics(
    _ request: CareVisitV1.GetStatisticsRequest, context: ServerContext
  ) async throws -> CareVisitV1.GetStatisticsResponse {
    try await desk.read(context) { reader in
      let (register, reading) = (reader.register, reader.reading)
      guard let programme = try register.programmes.load(.init(request.programmeID), in: reading) else {
        throw Refused(.notFound, .programmeNotFound)
      }
      guard !Programme.parts(of: reader.actor, towards: programme.facts.controllerID).isEmpty else {
        throw Refused(.permissionDenied, .jurisdictionMismatch)
      }
      let active = try register.enrolments.count(.active, of: programme.id, in: reading)
      let visited = try register.visits.visitedCount(of: programme.id, in: reading)
      return .init(
        activeEnrolments: .init(active, of: active), visitedEnrolments: .init(visited, of: visited),
        needs: try programme.facts.needCodes.map { need in
          let count = try register.visits.needCount(need.code, of: programme.id, in: reading)
          return .init(needCode: need.code, statistic: .init(count, of: visited))
        })
    }
  }

  func verifyCareJournal(
    _ request: CareVisitV1.VerifyCareJournalRequest, context: ServerContext
  ) async throws -> CareVisitV1.VerifyCareJournalResponse {
    let register = try desk.open()
    try register.confirm(try context.actor)
    let found = try await Journal(register.commands.cryptography).verify(in: register.commands.database)
    return .init(
      verifiedCount: found.verifiedCount, firstBrokenSeq: found.firstBrokenSeq ?? 0, headHash: found.head.hash)
  }
}

extension CareVisitV1.Statistic {
  /// Nothing where fewer than ten people could be meant.
  fileprivate init(_ count: Int, of whole: Int) {
    self.init(personCount: CareVisitPolicy.mayShow(count, of: whole) ? Int64(count) : nil)
  }
}

extension Reason {
  static let monthInvalid = Reason(
    "MONTH_INVALID", zh: "月份应写作YYYY-MM。", en: "A month is written YYYY-MM.", field: "month")
  static let notErased = Reason(
    "NOT_ERASED", zh: "身份信息尚未销毁。", en: "The identity has not been destroyed.", field: "enrolment_id")
}
