import Access
import CommonContract
import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import Runtime
import WireTypes

/// One batch of imported rows, inside one transaction; a refused row is undone alone.
struct CaseImporting {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction
  private let source: String

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction, source: String) {
    self.dispute = dispute
    self.transaction = transaction
    self.source = source
  }

  func run(_ rows: [DisputeV1.CaseRow]) throws -> [CommonV1.ImportOutcome] {
    try expectHeard(Set(rows.map(\.townshipOrgID).filter(IdentifierScan.isShort)))
    return try rows.enumerated().map { index, row in
      var outcome = CommonV1.ImportOutcome(row: Int32(index), externalRef: row.externalRef)
      do {
        let (id, isNew) = try transaction.tx.attempt { _ in try take(row) }
        outcome.result = isNew ? .added : .alreadyPresent
        outcome.recordID = id.text
      } catch let refusal as any Refusal {
        outcome.result = .refused
        outcome.reasons = refusal.reasons.map { CommonV1.RefusalReason($0) }
      }
      return outcome
    }
  }

  /// A township that has not been heard of may be on its way: the same batch again will do, and nothing of it was written.
  private func expectHeard(_ ids: Set<String>) throws {
    for id in ids.sorted() where !id.isEmpty {
      guard try dispute.directory.organisation(ID(id), in: transaction.tx) == nil else { continue }
      throw Refused(.unavailable, Reason.townshipNotHeard.at("township_org_id").with("township_org_id", id))
    }
  }

  private func take(_ row: DisputeV1.CaseRow) throws -> (ID<Case>, isNew: Bool) {
    if let present = try dispute.cases.find(source: source, externalRef: row.externalRef, in: transaction.tx) {
      return (present, false)
    }
    let heard = try Township(row.townshipOrgID, of: dispute, in: transaction.tx)
    let (township, reportTime, determination) = try validate(row, heard)
    let world = try dispute.world(in: transaction.tx)
    let draft = try draft(of: row, township, reportTime, determination)
    let (record, events) = try Case.importing(
      draft, by: transaction.actor, in: world)
    _ = try dispute.cases.save(record, replacing: nil, in: transaction.tx)
    try write(events, world)
    // What was late before it came here has had its consequences there.
    if !record.state.isTerminal { try dispute.setTimer(of: record, world, transaction) }
    return (record.caseID, true)
  }

  /// Every event with the case as it stood after it.
  private func write(_ events: [Case.Event], _ world: Surroundings) throws {
    var record: Case?
    for event in events {
      Case.apply(event, to: &record)
      if let record { try dispute.write(event, of: record, world, transaction) }
    }
  }

  private func validate(
    _ row: DisputeV1.CaseRow, _ township: Township?
  ) throws -> (Township, Timestamp, Case.Determination) {
    let reportTime = row.reportTime?.kernel
    let determination = row.determination?.domain
    var reasons = IdentifierScan.faults(ofRow: row)
    if row.externalRef.isEmpty { reasons.append(.externalRefMissing) }
    if !row.caseID.isEmpty, try !isFree(row.caseID) { reasons.append(.caseIDTaken) }
    if row.title.allSatisfy(\.isWhitespace) { reasons.append(.importTitleMissing) }
    if township == nil { reasons.append(.notATownship) }
    if determination == nil { reasons.append(.verdictMissing) }
    if determination?.verdict == .agency, row.taskID.isEmpty { reasons.append(.taskIDMissing) }
    if determination?.verdict == .call, row.callID.isEmpty { reasons.append(.callIDMissing) }
    if reportTime == nil { reasons.append(.reportTimeMissing) }
    if let reportTime, let close = row.closeTime?.kernel, close < reportTime { reasons.append(.closeBeforeReport) }
    if max(reportTime ?? transaction.now, row.closeTime?.kernel ?? transaction.now) > transaction.now {
      reasons.append(.timeInFuture)
    }
    guard reasons.isEmpty, let township, let reportTime, let determination else {
      throw Refused(.invalidArgument, reasons)
    }
    return (township, reportTime, determination)
  }

  /// Whether an id supplied by the importer can become a case's.
  private func isFree(_ id: String) throws -> Bool {
    let isPlain = id.utf8.count <= 64 && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    return try isPlain && dispute.cases.head(ID(id), in: transaction.tx) == nil
  }

  private func draft(
    of row: DisputeV1.CaseRow, _ township: Township, _ reportTime: Timestamp, _ determination: Case.Determination
  ) throws -> Case.ImportDraft {
    let caseID = ID<Case>(row.caseID.given ?? UUIDv7.make(at: transaction.now))
    let seal = Sealer(transaction, caseID)
    let code = township.centre.township ?? dispute.county
    let report = Case.ReportDraft(
      caseID: caseID,
      number: try dispute.cases.nextNumber(township: code, year: CivilDate(reportTime).year, in: transaction.tx),
      kind: Case.Kind(wire: row.kind) ?? .matter, category: row.category,
      discovery: Case.Discovery(wire: row.discovery) ?? .hotline, importSource: source, externalRef: row.externalRef,
      centre: township.centre, townshipOrganisation: township.organisation, title: try seal(row.title, "case.title"),
      narrative: try seal(row.narrative, "case.narrative"),
      intakeClerk: try dispute.directory.intakeClerk(of: township.centre.organisationID, in: transaction.tx))
    return Case.ImportDraft(
      report: report, reportTime: reportTime, closeTime: row.closeTime?.kernel, determination: determination,
      task: row.taskID.given, call: row.callID.given, agreement: Case.Settlement.Agreement(wire: row.agreement),
      settlement: try seal(row.settlementText, "case.settlement"))
  }
}

extension Reason {
  static let sourceMissing = Reason(
    "SOURCE_MISSING", zh: "请填写数据来源。", en: "The import needs the name of its source.", field: "source")
  static let batchTooLarge = Reason(
    "BATCH_SIZE_INVALID", zh: "每批最多 500 条。", en: "A batch has at most 500 rows.", field: "rows")
  static let externalRefMissing = Reason(
    "EXTERNAL_REF_MISSING", zh: "缺少来源编号。", en: "The row has no external_ref.", field: "external_ref")
  static let caseIDTaken = Reason(
    "CASE_ID_TAKEN", zh: "案件编号已被占用或无效。", en: "The supplied case_id is taken or no plain text of at most 64 characters.",
    field: "case_id")
  static let importTitleMissing = Reason("TITLE_MISSING", zh: "请填写标题。", en: "The title is missing.", field: "title")
  static let notATownship = Reason(
    "NOT_A_TOWNSHIP", zh: "该机构不是镇街或其综治中心。", en: "The row names no township and no township's centre.",
    field: "township_org_id")
  static let verdictMissing = Reason(
    "VERDICT_MISSING", zh: "缺少职责判定及其结论。", en: "The row has no determination with a verdict.", field: "determination")
  static let taskIDMissing = Reason(
    "TASK_ID_MISSING", zh: "派驻机构办理的须有协调任务编号。", en: "A row for the agency needs a task_id.", field: "task_id")
  static let callIDMissing = Reason(
    "CALL_ID_MISSING", zh: "呼叫办理的须有呼叫编号。", en: "A row for a call needs a call_id.", field: "call_id")
  static let reportTimeMissing = Reason(
    "REPORT_TIME_MISSING", zh: "缺少反映时间。", en: "The row has no report_time.", field: "report_time")
  static let closeBeforeReport = Reason(
    "CLOSE_BEFORE_REPORT", zh: "办结时间早于反映时间。", en: "The close_time lies before the report_time.", field: "close_time")
  static let timeInFuture = Reason(
    "TIME_IN_FUTURE", zh: "时间晚于现在。", en: "The row's times lie in the future.", field: "report_time")
}
