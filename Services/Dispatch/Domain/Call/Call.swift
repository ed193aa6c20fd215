package import Kernel
package import WorkClock

/// A township calls the county (呼叫, 乡呼县应).
package struct Call: Hashable, Sendable {
  /// Where the call stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case draft = "DRAFT"
    case submitted = "SUBMITTED"
    case notAdmitted = "NOT_ADMITTED"
    case manualReview = "MANUAL_REVIEW"
    case admitted = "ADMITTED"
    case dispatched = "DISPATCHED"
    case accepted = "ACCEPTED"
    case inProgress = "IN_PROGRESS"
    case toVerify = "TO_VERIFY"
    case rework = "REWORK"
    case closed = "CLOSED"
    case cancelled = "CANCELLED"
  }

  /// Which of the two ways to call.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case emergency = "EMERGENCY"
    case reasoned = "REASONED"
  }

  /// How it came in; both take the same path.
  package enum Channel: String, Hashable, Sendable, CaseIterable {
    case online = "ONLINE"
    case offline = "OFFLINE"
  }

  /// Why the township cannot do it alone.
  package enum Ground: String, Hashable, Sendable, CaseIterable {
    case noAuthority = "NO_AUTHORITY"
    case needsCooperation = "NEEDS_COOPERATION"
  }

  /// How it ended.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case solved = "SOLVED"
    case unsolved = "UNSOLVED"
  }

  /// What is given once, with the draft.
  package struct Identity: Hashable, Sendable {
    package let id: ID<Call>
    /// HY-yyyy-nnnnn.
    package let number: String
    package let townshipOrgID: String
    package let townshipCode: String
    package let externalRef: String
    /// Empty: not imported.
    package let importSource: String

    package init(
      id: ID<Call>, number: String, townshipOrgID: String, townshipCode: String, externalRef: String = "",
      importSource: String = ""
    ) {
      self.id = id
      self.number = number
      self.townshipOrgID = townshipOrgID
      self.townshipCode = townshipCode
      self.externalRef = externalRef
      self.importSource = importSource
    }
  }

  package let identity: Identity
  package internal(set) var version: Int
  package internal(set) var state: State
  package internal(set) var content: CallContent
  package internal(set) var submissionRound: Int
  /// What the last submission was judged by.
  package internal(set) var finding: DeterminationFinding?
  /// The last submission's.
  package internal(set) var admission: Admission?
  package internal(set) var assignments: [Assignment]
  package internal(set) var clocks: [Clock]
  package internal(set) var workRound: Int
  package internal(set) var verifications: [Verification]
  package internal(set) var outcome: Outcome?
  package internal(set) var cancelRequest: CancelRequest?
  package internal(set) var draftTime: Timestamp
  package internal(set) var submitTime: Timestamp?
  package internal(set) var dispatchTime: Timestamp?
  package internal(set) var closeTime: Timestamp?
  package internal(set) var closingReason: String

  /// A call as its rows say.
  package init(
    identity: Identity, version: Int, state: State, content: CallContent, submissionRound: Int = 0,
    finding: DeterminationFinding? = nil, admission: Admission? = nil, assignments: [Assignment] = [],
    clocks: [Clock] = [], workRound: Int = 0, verifications: [Verification] = [], outcome: Outcome? = nil,
    cancelRequest: CancelRequest? = nil, draftTime: Timestamp, submitTime: Timestamp? = nil,
    dispatchTime: Timestamp? = nil, closeTime: Timestamp? = nil, closingReason: String = ""
  ) {
    self.identity = identity
    self.version = version
    self.state = state
    self.content = content
    self.submissionRound = submissionRound
    self.finding = finding
    self.admission = admission
    self.assignments = assignments
    self.clocks = clocks
    self.workRound = workRound
    self.verifications = verifications
    self.outcome = outcome
    self.cancelRequest = cancelRequest
    self.draftTime = draftTime
    self.submitTime = submitTime
    self.dispatchTime = dispatchTime
    self.closeTime = closeTime
    self.closingReason = closingReason
  }

  package var id: ID<Call> { identity.id }
  package var isImported: Bool { !identity.importSource.isEmpty }
  package var main: Assignment? { assignments.first { $0.part == .main } }
  package var assists: [Assignment] { assignments.filter { $0.part == .assist } }
  package var openAssists: [Assignment] { assists.filter { $0.progress == .open } }

  /// The clock of this kind that runs; `nil`: none does.
  package func runningClock(_ kind: ClockKind) -> Clock? {
    clocks.last { $0.kind == kind.rawValue && !$0.isStopped }
  }

  /// The printed number of a year's n-th call.
  package static func number(year: Int, sequence: Int) -> String { "HY-\(padded(year, 4))-\(padded(sequence, 5))" }
}
