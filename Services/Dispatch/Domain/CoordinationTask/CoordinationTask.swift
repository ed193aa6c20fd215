package import Kernel
package import WorkClock

/// What a township asks of a dispatched agency before it may call the county (派驻机构协调).
package struct CoordinationTask: Hashable, Sendable {
  /// Where the task stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case requested = "REQUESTED"
    case accepted = "ACCEPTED"
    case done = "DONE"
    case unable = "UNABLE"
  }

  /// What can be done with it.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case request = "REQUEST"
    case accept = "ACCEPT"
    case done = "DONE"
    case unable = "UNABLE"
  }

  /// Why an agency cannot.
  package enum UnableReason: String, Hashable, Sendable, CaseIterable {
    case noPower = "NO_POWER"
    case needsDepartment = "NEEDS_DEPT"
    case resources = "RESOURCES"
  }

  package let id: ID<CoordinationTask>
  package internal(set) var version: Int
  package internal(set) var state: State
  package let townshipOrgID: String
  package let townshipCode: String
  package let agencyOrgID: String
  package let agencyType: String
  package let itemCode: String
  package let determinationID: String
  /// Empty: for no case.
  package let caseID: String
  package let ask: SealedText
  package internal(set) var result: SealedText?
  package internal(set) var unableReason: UnableReason?
  package internal(set) var unableBasis: SealedText?
  package let requestTime: Timestamp
  package internal(set) var acceptTime: Timestamp?
  package internal(set) var finishTime: Timestamp?
  package internal(set) var clock: Clock
  /// From here on a silent agency counts as unable.
  package internal(set) var graceDueTime: Timestamp
  /// When it was said that time and grace had passed.
  package internal(set) var overdueTime: Timestamp?
  /// Empty: not imported.
  package let importSource: String
  package let externalRef: String

  /// A task as its row says.
  package init(
    id: ID<CoordinationTask>, version: Int, state: State, townshipOrgID: String, townshipCode: String,
    agencyOrgID: String, agencyType: String, itemCode: String, determinationID: String, caseID: String,
    ask: SealedText, result: SealedText? = nil, unableReason: UnableReason? = nil, unableBasis: SealedText? = nil,
    requestTime: Timestamp, acceptTime: Timestamp? = nil, finishTime: Timestamp? = nil, clock: Clock,
    graceDueTime: Timestamp, overdueTime: Timestamp? = nil, importSource: String = "", externalRef: String = ""
  ) {
    self.id = id
    self.version = version
    self.state = state
    self.townshipOrgID = townshipOrgID
    self.townshipCode = townshipCode
    self.agencyOrgID = agencyOrgID
    self.agencyType = agencyType
    self.itemCode = itemCode
    self.determinationID = determinationID
    self.caseID = caseID
    self.ask = ask
    self.result = result
    self.unableReason = unableReason
    self.unableBasis = unableBasis
    self.requestTime = requestTime
    self.acceptTime = acceptTime
    self.finishTime = finishTime
    self.clock = clock
    self.graceDueTime = graceDueTime
    self.overdueTime = overdueTime
    self.importSource = importSource
    self.externalRef = externalRef
  }

  /// Whether it is open although its time and the grace have passed: derived, never stored.
  package func isOverdueBeyondGrace(at now: Timestamp) -> Bool {
    (state == .requested || state == .accepted) && now > graceDueTime
  }

  /// What a judgement of a call about the same item reads of it.
  package func asked(at now: Timestamp) -> AdmissionFacts.Asked {
    AdmissionFacts.Asked(
      taskID: id.text, agencyOrgID: agencyOrgID, state: state, isOverdueBeyondGrace: isOverdueBeyondGrace(at: now),
      unableReason: unableReason)
  }
}
