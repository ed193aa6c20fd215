package import Kernel

/// One thing that happened to a case, with what the indicators need of the case as it stood afterwards.
package struct CaseFact: Hashable, Sendable {
  /// What happened.
  package enum Change: Hashable, Sendable {
    case reported
    /// Moved, located or determined: the case goes on as it was, open or ended.
    case moved
    case closed(at: Timestamp, onTime: Bool)
    /// Ended without a solution.
    case terminated
    case withdrawn
    case merged
    case rejected
    /// Open again, whichever end it had.
    case reopened
  }

  package let origin: FactOrigin
  package let change: Change
  package let caseID: String
  package let number: String
  package let townshipCode: String
  /// Empty: not imported.
  package let importSource: String
  package let reportTime: Timestamp
  /// When the whole case is due; `nil` while its clock is suspended, and after the end.
  package let dueTime: Timestamp?
  package let verdict: Verdict

  package init(
    origin: FactOrigin, change: Change, caseID: String, number: String, townshipCode: String,
    importSource: String = "", reportTime: Timestamp, dueTime: Timestamp?, verdict: Verdict = .undetermined
  ) {
    self.origin = origin
    self.change = change
    self.caseID = caseID
    self.number = number
    self.townshipCode = townshipCode
    self.importSource = importSource
    self.reportTime = reportTime
    self.dueTime = dueTime
    self.verdict = verdict
  }
}
