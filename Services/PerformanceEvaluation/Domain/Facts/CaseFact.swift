package import Kernel

/// One thing that happened to a case, with what the indicators need of the case as it stood afterwards.
package struct CaseFact: Hashable, Sendable {
  /// How far up a case stands. The raw value is the word in rows.
  package enum Level: String, Hashable, Sendable, CaseIterable {
    case grid = "GRID"
    case village = "VILLAGE"
    case community = "COMMUNITY"
    case industry = "INDUSTRY"
    case township = "TOWNSHIP"
    case county = "COUNTY"
  }

  /// How it came to be known. The raw value is the word in rows.
  package enum Discovery: String, Hashable, Sendable, CaseIterable {
    case patrol = "PATROL"
    case round = "ROUND"
    case citizen = "CITIZEN"
    case hotline = "HOTLINE"
    case industry = "INDUSTRY"
    case transfer = "TRANSFER"

    /// It was looked for, not brought.
    package var isProactive: Bool { self == .patrol || self == .round }
  }

  /// What happened.
  package enum Change: Hashable, Sendable {
    case reported
    /// Moved, located or determined: the case goes on as it was, open or ended.
    case moved
    /// Somebody has it in hand at this level: the grid member alone, an organisation that accepted it, or one that received it.
    case taken(at: Level?)
    /// `by`: the level that solved it.
    case closed(at: Timestamp, onTime: Bool, by: Level?)
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
  /// Empty: not located.
  package let gridID: String
  /// How it came to be known; `nil`: nobody has told.
  package let discovery: Discovery?
  /// Empty: not imported.
  package let importSource: String
  package let reportTime: Timestamp
  /// When the whole case is due; `nil` while its clock is suspended, and after the end.
  package let dueTime: Timestamp?
  package let verdict: Verdict

  package init(
    origin: FactOrigin, change: Change, caseID: String, number: String, townshipCode: String,
    gridID: String = "", discovery: Discovery? = nil, importSource: String = "", reportTime: Timestamp,
    dueTime: Timestamp?, verdict: Verdict = .undetermined
  ) {
    self.origin = origin
    self.change = change
    self.caseID = caseID
    self.number = number
    self.townshipCode = townshipCode
    self.gridID = gridID
    self.discovery = discovery
    self.importSource = importSource
    self.reportTime = reportTime
    self.dueTime = dueTime
    self.verdict = verdict
  }
}
