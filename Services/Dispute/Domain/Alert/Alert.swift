package import Kernel
package import WorkClock

/// An early warning about a place or a case (D§2.2.6), never about a natural person. Changes by `AlertLifecycle` only.
package struct Alert: Hashable, Sendable {
  /// What raised it.
  package enum Rule: String, Hashable, Sendable, CaseIterable {
    case burst = "BURST"
    case groupGrowth = "GROUP_GROWTH"
    case reopened = "REOPENED"
    case respondent = "RESPONDENT"
    case wageSeason = "WAGE_SEASON"
  }

  /// What has become of it.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case acknowledged = "ACKNOWLEDGED"
    case acted = "ACTED"
    case dismissed = "DISMISSED"

    package var isTerminal: Bool { self == .acted || self == .dismissed }
  }

  /// What was counted, and against what. Whole numbers, so that a stored alert is the same as a replayed one.
  package struct Figures: Hashable, Sendable {
    package let count: Int
    package let threshold: Int
    package let windowDays: Int
    /// In millionths.
    package let expectedMillionths: Int
    /// In billionths.
    package let probabilityBillionths: Int
    package let monthCount: Int
    package let isSameMonth: Bool

    package init(
      count: Int, threshold: Int, windowDays: Int = 0, expectedMillionths: Int = 0, probabilityBillionths: Int = 0,
      monthCount: Int = 0, isSameMonth: Bool = false
    ) {
      self.count = count
      self.threshold = threshold
      self.windowDays = windowDays
      self.expectedMillionths = expectedMillionths
      self.probabilityBillionths = probabilityBillionths
      self.monthCount = monthCount
      self.isSameMonth = isSameMonth
    }
  }

  package let alertID: ID<Alert>
  package var version: Int
  package let rule: Rule
  package var state: State
  package let township: AreaCode
  /// `grid:<id>`, `community:<id>`, `township:<code>`, `case:<id>` or `org:<keyed hash>`.
  package let subject: String
  package let category: String
  package let raiseTime: Timestamp
  package var cases: [ID<Case>]
  package var figures: Figures
  /// How much time there is to acknowledge it; one working day unless the policy says otherwise.
  package var clock: Clock
  package var acknowledger: ID<Person>?
  package var acknowledgeTime: Timestamp?
  package var actionRef: String
  package var dismissReason: Case.SealedText?
  package var endTime: Timestamp?

  package init(
    alertID: ID<Alert>, version: Int = 1, rule: Rule, state: State = .open, township: AreaCode, subject: String,
    category: String, raiseTime: Timestamp, cases: [ID<Case>], figures: Figures, clock: Clock,
    acknowledger: ID<Person>? = nil,
    acknowledgeTime: Timestamp? = nil, actionRef: String = "", dismissReason: Case.SealedText? = nil,
    endTime: Timestamp? = nil
  ) {
    self.alertID = alertID
    self.version = version
    self.rule = rule
    self.state = state
    self.township = township
    self.subject = subject
    self.category = category
    self.raiseTime = raiseTime
    self.cases = cases
    self.figures = figures
    self.clock = clock
    self.acknowledger = acknowledger
    self.acknowledgeTime = acknowledgeTime
    self.actionRef = actionRef
    self.dismissReason = dismissReason
    self.endTime = endTime
  }
}
