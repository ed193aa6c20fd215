package import Kernel
package import WorkClock

/// Somebody's time in the team of grid members, from nomination to leaving (D§2.1.1). Who comes back has a new entry.
package struct GridMember: Hashable, Sendable {
  package typealias ID = Kernel.ID<GridMember>

  /// Where the member stands in the life cycle.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case candidate = "CANDIDATE"
    case reserve = "RESERVE"
    case training = "TRAINING"
    case active = "ACTIVE"
    case coaching = "COACHING"
    case suspended = "SUSPENDED"
    case moveOutProposed = "MOVE_OUT_PROPOSED"
    case movedOut = "MOVED_OUT"
    case left = "LEFT"

    /// Whether the entry is over.
    package var isOver: Bool { self == .movedOut || self == .left }
    /// Whether the member answers for grids.
    package var isInTeam: Bool {
      switch self {
      case .active, .coaching, .suspended, .moveOutProposed: true
      case .candidate, .reserve, .training, .movedOut, .left: false
      }
    }
  }

  /// Member, or lead of several.
  package enum Grade: String, Hashable, Sendable, CaseIterable {
    case member = "MEMBER"
    case lead = "LEAD"
  }

  /// First or second for a grid.
  package enum Post: String, Hashable, Sendable, CaseIterable {
    case primary = "PRIMARY"
    case deputy = "DEPUTY"
  }

  /// A grid that the member answers for, `[from, to)`.
  package struct Assignment: Hashable, Sendable {
    package var gridID: Grid.ID
    package var post: Post
    package var from: CivilDate
    /// `nil` while it lasts.
    package var to: CivilDate?

    package init(gridID: Grid.ID, post: Post, from: CivilDate, to: CivilDate? = nil) {
      self.gridID = gridID
      self.post = post
      self.from = from
      self.to = to
    }

    /// Whether it holds on `date`.
    package func holds(on date: CivilDate) -> Bool { from <= date && to.map { date < $0 } ?? true }
  }

  /// What the rank in the reserve is made of besides certificates and locality.
  package struct Qualification: Hashable, Sendable {
    package var examScore: Int
    package var serviceYears: Int
    package var readyFrom: CivilDate?

    package init(examScore: Int, serviceYears: Int, readyFrom: CivilDate? = nil) {
      self.examScore = examScore
      self.serviceYears = serviceYears
      self.readyFrom = readyFrom
    }
  }

  /// A proposal to move the member out: standard, evidence, notice, statement, decision (P07).
  package struct MoveOut: Hashable, Sendable {
    package var suggestionID: String
    package var standardRef: String
    package var evidenceRefs: [String]
    package var proposerID: Person.ID
    /// When the member was told.
    package var noticeTime: Timestamp
    /// The member's right to a statement: a window.
    package var statementClock: Clock
    package var statementTime: Timestamp?
    package var decision: Decision?

    package init(
      suggestionID: String, standardRef: String, evidenceRefs: [String], proposerID: Person.ID, noticeTime: Timestamp,
      statementClock: Clock, statementTime: Timestamp? = nil, decision: Decision? = nil
    ) {
      self.suggestionID = suggestionID
      self.standardRef = standardRef
      self.evidenceRefs = evidenceRefs
      self.proposerID = proposerID
      self.noticeTime = noticeTime
      self.statementClock = statementClock
      self.statementTime = statementTime
      self.decision = decision
    }
  }

  /// How a proposal ended: moved out, or refused or withdrawn.
  package struct Decision: Hashable, Sendable {
    package var personID: Person.ID
    package var time: Timestamp
    package var isMovedOut: Bool

    package init(personID: Person.ID, time: Timestamp, isMovedOut: Bool) {
      self.personID = personID
      self.time = time
      self.isMovedOut = isMovedOut
    }
  }

  /// The order to hand open cases over.
  package struct Handover: Hashable, Sendable {
    package var successorID: ID
    package var orderTime: Timestamp

    package init(successorID: ID, orderTime: Timestamp) {
      self.successorID = successorID
      self.orderTime = orderTime
    }
  }

  package let id: ID
  package let personID: Person.ID
  /// Who nominated.
  package let organisationID: Organisation.ID
  package let townshipCode: AreaCode
  package var state: State
  package var grade: Grade
  /// Comes from this township (S09).
  package var isLocal: Bool
  package var assignments: [Assignment]
  package var qualification: Qualification?
  /// The first day on which a suspended member works again.
  package var suspendedUntil: CivilDate?
  package var moveOut: MoveOut?
  package var handover: Handover?
  /// The evaluation that led to coaching, or out of it, and when it was cited.
  package var evaluationRef: String
  package var coachedSince: Timestamp?
  package var activeSince: Timestamp?
  package var endTime: Timestamp?
  package var version: Int

  package init(
    id: ID, personID: Person.ID, organisationID: Organisation.ID, townshipCode: AreaCode, state: State,
    grade: Grade = .member, isLocal: Bool, assignments: [Assignment] = [], qualification: Qualification? = nil,
    suspendedUntil: CivilDate? = nil, moveOut: MoveOut? = nil, handover: Handover? = nil, evaluationRef: String = "",
    coachedSince: Timestamp? = nil, activeSince: Timestamp? = nil, endTime: Timestamp? = nil, version: Int
  ) {
    self.id = id
    self.personID = personID
    self.organisationID = organisationID
    self.townshipCode = townshipCode
    self.state = state
    self.grade = grade
    self.isLocal = isLocal
    self.assignments = assignments
    self.qualification = qualification
    self.suspendedUntil = suspendedUntil
    self.moveOut = moveOut
    self.handover = handover
    self.evaluationRef = evaluationRef
    self.coachedSince = coachedSince
    self.activeSince = activeSince
    self.endTime = endTime
    self.version = version
  }

  /// The assignments that have not ended.
  package var openAssignments: [Assignment] { assignments.filter { $0.to == nil } }

  /// Folds one event in; the event says what the member is afterwards.
  package mutating func apply(_ event: Event) { self = event.member }
}

extension GridMember {
  /// One row of the life cycle that was taken: what happened, and the member as they are afterwards.
  package struct Event: Hashable, Sendable {
    package let step: Step
    package let member: GridMember

    package init(step: Step, member: GridMember) {
      self.step = step
      self.member = member
    }
  }

  /// A dated transition (P05).
  package struct Step: Hashable, Sendable {
    /// The member's version after it; steps are numbered without a gap.
    package let number: Int
    package let action: Action
    /// `nil` for the first.
    package let from: State?
    package let to: State
    package let time: Timestamp
    package let actorID: Person.ID
    package let actorRole: String
    /// The grid, course, evaluation, suggestion or objection that it names.
    package let reference: String
    /// Reason, evidence or statement in words.
    package let text: Person.Sealed?

    package init(
      number: Int, action: Action, from: State?, to: State, time: Timestamp, actorID: Person.ID, actorRole: String,
      reference: String, text: Person.Sealed?
    ) {
      self.number = number
      self.action = action
      self.from = from
      self.to = to
      self.time = time
      self.actorID = actorID
      self.actorRole = actorRole
      self.reference = reference
      self.text = text
    }
  }
}
