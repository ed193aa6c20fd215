import Kernel
import PerformanceEvaluationDomain
import PerformanceEvaluationStore
import Persistence

/// Folds kept facts anew: all of them for a rebuild, those up to an instant for a score of the past.
struct FactReplay: Sendable {
  private let facts: FactStore

  init(county: AreaCode) { facts = FactStore(county: county) }

  /// The records that the facts up to `end` tell, in the order of their ids.
  func records(upTo end: Timestamp? = nil, in reading: some Reading) throws -> Records {
    var folding = Folding()
    try facts.forEach(in: reading) { row in
      if let end, row.occurTime > end { return }
      try folding.add(row)
    }
    return folding.finish()
  }

  func factCount(in reading: some Reading) throws -> Int { try facts.count(in: reading) }
}

/// Facts come record by record; a record is done when another begins.
private struct Folding {
  private var records = Records(cases: [], calls: [])
  private var currentCase: CaseRecord?
  private var currentCall: CallRecord?

  mutating func add(_ row: FactStore.Row) throws {
    switch row.kind {
    case .case:
      let fact = try CaseFact(row: row)
      if currentCase?.caseID != fact.caseID { startCase(fact) }
      currentCase?.apply(fact)
    case .call:
      guard let fact = try CallFact(row: row) else { return }
      if currentCall?.callID != fact.callID { startCall(fact) }
      currentCall?.apply(fact)
    }
  }

  mutating func finish() -> Records {
    if let currentCase { records.cases.append(currentCase) }
    if let currentCall { records.calls.append(currentCall) }
    (currentCase, currentCall) = (nil, nil)
    return records
  }

  private mutating func startCase(_ fact: CaseFact) {
    if let currentCase { records.cases.append(currentCase) }
    currentCase = CaseRecord(caseID: fact.caseID, reportTime: fact.reportTime)
  }

  private mutating func startCall(_ fact: CallFact) {
    if let currentCall { records.calls.append(currentCall) }
    currentCall = CallRecord(callID: fact.callID)
  }
}
