package import Access
package import Kernel

/// Somebody who is visited, by a random token. Who it is lies in the vault and never here.
package struct Enrolment: Hashable, Sendable {
  package typealias ID = Kernel.ID<Enrolment>

  /// Where the enrolment stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case proposed = "PROPOSED"
    case approved = "APPROVED"
    case active = "ACTIVE"
    case ended = "ENDED"
    case rejected = "REJECTED"
    case erased = "ERASED"

    /// The person is, or may yet be, visited.
    package var isRunning: Bool { [.proposed, .approved, .active].contains(self) }
  }

  /// Why it ended.
  package enum EndCause: String, Hashable, Sendable, CaseIterable {
    case declined = "DECLINED"
    case needOver = "NEED_OVER"
    case deletionGranted = "DELETION_GRANTED"
    /// Nobody decided the proposal, or began what was approved.
    case lapsed = "LAPSED"
  }

  /// What is done with it.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case propose, approve, reject, begin, decline, end, erase
    case reassign, visit, reveal, correct

    /// The event's name in the journal.
    package var eventType: String {
      switch self {
      case .propose: "enrolment.proposed"
      case .approve: "enrolment.approved"
      case .reject: "enrolment.rejected"
      case .begin: "enrolment.begun"
      case .decline: "enrolment.declined"
      case .end: "enrolment.ended"
      case .erase: "enrolment.erased"
      case .reassign: "enrolment.reassigned"
      case .visit: "enrolment.visited"
      case .reveal: "enrolment.revealed"
      case .correct: "enrolment.corrected"
      }
    }
  }

  /// The part that somebody plays towards it.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// Leads the organisation that answers for it.
    case lead
    /// Visits the person.
    case visitor
    /// The data protection officer.
    case officer
    case system
  }

  package let id: ID
  package let programmeID: Programme.ID
  package let organisationID: String
  package let leadID: String
  package var visitorID: String
  package var beginDate: CivilDate?
  package var nextVisit: CivilDate?
  package var state: State
  package var endCause: EndCause?
  package var endTime: Timestamp?
  /// When the identity is destroyed at the latest: while it waits to be decided or begun, and after it ended; `nil` while somebody is visited.
  package var eraseDueTime: Timestamp?
  package var eraseTime: Timestamp?
  package var version: Int

  package init(
    id: ID, programmeID: Programme.ID, organisationID: String, leadID: String, visitorID: String = "",
    beginDate: CivilDate? = nil, nextVisit: CivilDate? = nil, state: State, endCause: EndCause? = nil,
    endTime: Timestamp? = nil, eraseDueTime: Timestamp? = nil, eraseTime: Timestamp? = nil, version: Int
  ) {
    self.id = id
    self.programmeID = programmeID
    self.organisationID = organisationID
    self.leadID = leadID
    self.visitorID = visitorID
    self.beginDate = beginDate
    self.nextVisit = nextVisit
    self.state = state
    self.endCause = endCause
    self.endTime = endTime
    self.eraseDueTime = eraseDueTime
    self.eraseTime = eraseTime
    self.version = version
  }

  /// What `actor` is towards this enrolment; the directory has confirmed who they are.
  package func parts(of actor: Actor) -> Set<Part> {
    let isHere = actor.organisationID == organisationID
    return switch actor.role {
    case .dataProtectionOfficer: [.officer]
    case .gridLead: isHere ? [.lead] : []
    case .careVisitor: isHere && !visitorID.isEmpty && visitorID == actor.personID ? [.visitor] : []
    case .system: [.system]
    default: []
    }
  }
}

/// A visit: that it was done and what is needed.
package struct Visit: Hashable, Sendable {
  package typealias ID = Kernel.ID<Visit>

  /// How it went.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case done = "DONE"
    case notMet = "NOT_MET"
    case declined = "DECLINED"
  }

  package let id: ID
  package let enrolmentID: Enrolment.ID
  package let date: CivilDate
  package let outcome: Outcome
  package let needCodes: [String]
  package let referralID: String
  package let visitorID: String

  package init(
    id: ID, enrolmentID: Enrolment.ID, date: CivilDate, outcome: Outcome, needCodes: [String], referralID: String,
    visitorID: String
  ) {
    self.id = id
    self.enrolmentID = enrolmentID
    self.date = date
    self.outcome = outcome
    self.needCodes = needCodes
    self.referralID = referralID
    self.visitorID = visitorID
  }
}
