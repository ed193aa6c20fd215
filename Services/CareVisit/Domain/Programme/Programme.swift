package import Access
package import Kernel
import Lifecycle

/// Why and how people are visited: known, assessed and approved before anybody is enrolled.
package struct Programme: Hashable, Sendable {
  package typealias ID = Kernel.ID<Programme>

  /// Where the programme stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case proposed = "PROPOSED"
    case active = "ACTIVE"
    case rejected = "REJECTED"
    case closed = "CLOSED"
  }

  /// The ground on which people are enrolled.
  package enum Ground: String, Hashable, Sendable, CaseIterable {
    case law = "LAW"
    case consent = "CONSENT"
  }

  /// What may be known of a person; there is nothing else.
  package enum Field: String, Hashable, Sendable, CaseIterable {
    case name = "NAME"
    case phone = "PHONE"
    case address = "ADDRESS"
    case guardianName = "GUARDIAN_NAME"
    case guardianPhone = "GUARDIAN_PHONE"
  }

  /// What is done with it.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case propose, approve, reject, close

    /// The event's name in the journal.
    package var eventType: String {
      switch self {
      case .propose: "programme.proposed"
      case .approve: "programme.approved"
      case .reject: "programme.rejected"
      case .close: "programme.closed"
      }
    }
  }

  /// The part that somebody plays towards it.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// The department that answers for it.
    case controller
    /// The data protection officer.
    case officer
  }

  /// A need that a visit may find.
  package struct NeedCode: Hashable, Sendable {
    package let code: String
    package let name: String

    package init(code: String, name: String) {
      self.code = code
      self.name = name
    }
  }

  /// What somebody enters.
  package struct Facts: Hashable, Sendable {
    package var name: String
    package var controllerID: String
    package var ground: Ground?
    package var legalBasis: String
    package var purpose: String
    /// `nil`: one that there is not.
    package var allowedFields: [Field?]
    package var intervalDays: Int
    package var retentionMonths: Int
    package var impactAssessment: String
    package var needCodes: [NeedCode]

    package init(
      name: String, controllerID: String, ground: Ground?, legalBasis: String, purpose: String,
      allowedFields: [Field?], intervalDays: Int, retentionMonths: Int, impactAssessment: String, needCodes: [NeedCode]
    ) {
      self.name = name
      self.controllerID = controllerID
      self.ground = ground
      self.legalBasis = legalBasis
      self.purpose = purpose
      self.allowedFields = allowedFields
      self.intervalDays = intervalDays
      self.retentionMonths = retentionMonths
      self.impactAssessment = impactAssessment
      self.needCodes = needCodes
    }
  }

  /// What happened: the programme as it is afterwards.
  package struct Event: Hashable, Sendable {
    package let action: Action
    package let programme: Programme
  }

  package let id: ID
  package let facts: Facts
  package var state: State
  package let proposerID: String
  package var deciderID: String
  package var decideTime: Timestamp?
  package var version: Int

  package init(
    id: ID, facts: Facts, state: State, proposerID: String, deciderID: String = "", decideTime: Timestamp? = nil,
    version: Int
  ) {
    self.id = id
    self.facts = facts
    self.state = state
    self.proposerID = proposerID
    self.deciderID = deciderID
    self.decideTime = decideTime
    self.version = version
  }

  /// Whether a person may be known by `field`.
  package func allows(_ field: Field) -> Bool { facts.allowedFields.contains(field) }

  /// What `actor` is towards a programme of `controller`; the directory has confirmed who they are.
  package static func parts(of actor: Actor, towards controller: String) -> Set<Part> {
    switch actor.role {
    case .dataProtectionOfficer: [.officer]
    case .departmentLeader, .departmentClerk: actor.organisationID == controller ? [.controller] : []
    default: []
    }
  }

  /// What proposing means.
  package static func propose(
    _ id: ID, _ facts: Facts, by actor: Actor, at now: Timestamp
  ) throws(Refused) -> Event {
    let move = Move(facts: facts, proposerID: actor.personID, actorID: actor.personID)
    try permit(.propose, move, from: nil, as: parts(of: actor, towards: facts.controllerID))
    return Event(
      action: .propose,
      programme: Programme(id: id, facts: facts, state: .proposed, proposerID: actor.personID, version: 1))
  }

  /// What deciding or closing means.
  package func decide(
    _ action: Action, by actor: Actor, enrolmentsRemain: Bool = false, at now: Timestamp
  ) throws(Refused) -> Event {
    let move = Move(
      facts: facts, proposerID: proposerID, actorID: actor.personID, enrolmentsRemain: enrolmentsRemain)
    var after = self
    after.state = try Self.permit(action, move, from: state, as: Self.parts(of: actor, towards: facts.controllerID))
    after.version += 1
    if action != .close {
      after.deciderID = actor.personID
      after.decideTime = now
    }
    return Event(action: action, programme: after)
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) { self = event.programme }

  @discardableResult
  private static func permit(
    _ action: Action, _ move: Move, from state: State?, as parts: Set<Part>
  ) throws(Refused) -> State {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      return try lifecycle.transition(action, from: state, as: parts, on: move).to
    } catch {
      throw error.refusal(action: action.rawValue, state: state?.rawValue ?? "∅")
    }
  }
}
