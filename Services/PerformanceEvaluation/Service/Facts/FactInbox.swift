import Feed
import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import PerformanceEvaluationStore
import Persistence
import Runtime
import Wire

/// What a relayed message does: facts are kept and folded into their record, the directory is remembered.
struct FactInbox: Sendable {
  private let facts: FactStore
  private let cases: CaseRecordStore
  private let calls: CallRecordStore
  private let directory: DirectoryStore

  init(county: AreaCode) {
    facts = FactStore(county: county)
    cases = CaseRecordStore(county: county)
    calls = CallRecordStore(county: county)
    directory = DirectoryStore(county: county)
  }

  func apply(
    _ message: PerformanceEvaluationV1.Message, from origin: Inbox.Origin, in transaction: WriteTransaction
  ) throws {
    switch message.content {
    case .caseFact(let fact): try keep(fact, FactOrigin(origin), transaction)
    case .callFact(let fact): try keep(fact, FactOrigin(origin), transaction)
    case .organisation(let heard): try directory.save(DirectoryStore.Organisation(heard), in: transaction)
    case .calendar(let heard): try directory.save(DirectoryStore.CalendarYear(heard), in: transaction)
    case .heartbeat, nil: break
    }
  }

  /// Forgets the facts that a source told after `seq` and, put back from a backup, knows no more; what they were of is folded anew
  /// of the facts that remain.
  @Sendable func forget(_ source: String, after seq: Int64, in transaction: WriteTransaction) throws {
    switch source {
    case ServiceIdentity.dispute.name:
      for caseID in try facts.forget(.case, after: seq, in: transaction) {
        let rest = try facts.list(.case, caseID, in: transaction).map(CaseFact.init(row:))
        try cases.remove(caseID, in: transaction)
        if let record = CaseRecord(folding: rest) { try cases.save(record, in: transaction) }
      }
    case ServiceIdentity.dispatch.name:
      for callID in try facts.forget(.call, after: seq, in: transaction) {
        let rest = try facts.list(.call, callID, in: transaction).compactMap(CallFact.init(row:))
        try calls.remove(callID, in: transaction)
        if let record = CallRecord(folding: rest) { try calls.save(record, in: transaction) }
      }
    default: break
    }
  }

  private func keep(
    _ message: PerformanceEvaluationV1.CaseFact, _ origin: FactOrigin, _ transaction: WriteTransaction
  ) throws {
    let fact = try CaseFact(message, origin)
    let row = FactStore.Row(
      kind: .case, recordID: fact.caseID, seq: origin.seq, eventID: origin.eventID, occurTime: origin.occurTime,
      payload: message.encoded())
    guard try facts.add(row, in: transaction) else { return }
    var record =
      try cases.load(fact.caseID, in: transaction) ?? CaseRecord(caseID: fact.caseID, reportTime: fact.reportTime)
    // A record of an earlier version holds less than its facts tell.
    if record.lastSeq < origin.seq, try !cases.isStale(in: transaction) {
      record.apply(fact)
    } else {
      let all = try facts.list(.case, fact.caseID, in: transaction).map(CaseFact.init(row:))
      record = CaseRecord(folding: all) ?? record
    }
    try cases.save(record, in: transaction)
  }

  private func keep(
    _ message: PerformanceEvaluationV1.CallFact, _ origin: FactOrigin, _ transaction: WriteTransaction
  ) throws {
    guard let fact = try CallFact(message, origin) else { return }
    let row = FactStore.Row(
      kind: .call, recordID: fact.callID, seq: origin.seq, eventID: origin.eventID, occurTime: origin.occurTime,
      payload: message.encoded())
    guard try facts.add(row, in: transaction) else { return }
    var record = try calls.load(fact.callID, in: transaction) ?? CallRecord(callID: fact.callID)
    if record.lastSeq < origin.seq {
      record.apply(fact)
    } else {
      let all = try facts.list(.call, fact.callID, in: transaction).compactMap(CallFact.init(row:))
      record = CallRecord(folding: all) ?? record
    }
    try calls.save(record, in: transaction)
  }
}

extension CaseFact {
  /// A kept fact, as it was received.
  init(row: FactStore.Row) throws {
    try self.init(PerformanceEvaluationV1.CaseFact(decoding: row.payload), FactOrigin(row))
  }
}

extension CallFact {
  /// A kept fact, as it was received.
  init?(row: FactStore.Row) throws {
    try self.init(PerformanceEvaluationV1.CallFact(decoding: row.payload), FactOrigin(row))
  }
}

extension FactOrigin {
  fileprivate init(_ row: FactStore.Row) {
    self.init(eventID: row.eventID, seq: row.seq, occurTime: row.occurTime)
  }
}

extension DirectoryStore.Organisation {
  fileprivate init(_ heard: PerformanceEvaluationV1.OrganisationHeard) {
    self.init(
      orgID: heard.orgID, name: heard.name, orgType: heard.orgType, townshipCode: heard.townshipCode,
      isClosed: heard.closed)
  }
}

extension DirectoryStore.CalendarYear {
  /// Refuses `CALENDAR_INVALID` for a date that does not exist or lies in another year.
  fileprivate init(_ heard: PerformanceEvaluationV1.CalendarHeard) throws(Refused) {
    let rest = heard.restDates.map { CivilDate($0) }
    let work = heard.workDates.map { CivilDate($0) }
    guard (rest + work).allSatisfy({ $0?.year == Int(heard.year) }) else {
      throw Refused(
        .invalidArgument,
        Reason(
          "CALENDAR_INVALID", zh: "工作日历中有无效日期。", en: "The calendar has a date that is not of its year.",
          field: "calendar"))
    }
    self.init(
      year: Int(heard.year), isConfirmed: heard.confirmed, restDates: rest.compactMap(\.self),
      workDates: work.compactMap(\.self))
  }
}
