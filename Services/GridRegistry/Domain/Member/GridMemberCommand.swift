import Kernel

extension GridMember {
  /// What somebody does; the raw value is the word of tables, diagrams and steps.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case nominate, importLegacy = "import"
    case admitToReserve = "admit_to_reserve"
    case startTraining = "start_training"
    case appoint, assign
    case endAssignment = "end_assignment"
    case coach, recover, suspend, resume
    case proposeMoveOut = "propose_move_out"
    case withdrawMoveOut = "withdraw_proposal"
    case state = "statement"
    case refuseMoveOut = "refuse"
    case decideMoveOut = "decide"
    case orderHandover = "order_handover"
    case leave, drop, release
    case setGrade = "set_grade"
    case reinstate

    /// The event's name in the journal.
    package var eventType: String {
      switch self {
      case .nominate: "member.nominated"
      case .importLegacy: "member.imported"
      case .admitToReserve: "member.reserved"
      case .startTraining: "member.trained"
      case .appoint: "member.appointed"
      case .assign: "member.assigned"
      case .endAssignment: "member.assignment_ended"
      case .coach: "member.coached"
      case .recover: "member.recovered"
      case .suspend: "member.suspended"
      case .resume: "member.resumed"
      case .proposeMoveOut: "member.move_out_proposed"
      case .withdrawMoveOut: "member.move_out_withdrawn"
      case .state: "member.statement_given"
      case .refuseMoveOut: "member.move_out_refused"
      case .decideMoveOut: "member.moved_out"
      case .orderHandover: "handover.ordered"
      case .leave: "member.left"
      case .drop: "member.dropped"
      case .release: "member.released"
      case .setGrade: "member.grade_set"
      case .reinstate: "member.reinstated"
      }
    }
  }

  /// Whom somebody plays towards a member.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// The member's community or village.
    case nominator = "NOMINATOR"
    /// The township's centre or its leader.
    case township = "TOWNSHIP"
    case gridCentre = "GRID_CENTRE"
    /// The member in person.
    case member = "MEMBER"
    /// Brings in a legacy team.
    case importer = "IMPORTER"
    case system = "SYSTEM"
  }

  /// A grid, a post and a date as somebody enters them.
  package struct Placement: Hashable, Sendable {
    package var gridID: String
    package var post: Post?
    /// YYYY-MM-DD; empty: today.
    package var from: String

    package init(gridID: String, post: Post?, from: String = "") {
      self.gridID = gridID
      self.post = post
      self.from = from
    }
  }

  /// An action with what it carries. `text`: whether words came with it, which lie sealed by now.
  package enum Command: Hashable, Sendable {
    case nominate
    case importLegacy(Placement?, grade: Grade)
    case admitToReserve(Qualification?)
    case startTraining(courseID: String)
    case appoint(Placement)
    case assign(Placement)
    case endAssignment(gridID: String)
    case coach(evaluationRef: String)
    case recover(evaluationRef: String, score: Int)
    case suspend(until: String)
    case resume
    case proposeMoveOut(suggestionID: String, standardRef: String, evidenceRefs: [String])
    case withdrawMoveOut
    case state(isFinal: Bool)
    case refuseMoveOut
    case decideMoveOut
    case orderHandover
    case leave(date: String)
    case drop
    case release
    case setGrade(Grade?, suggestionID: String)
    case reinstate(objectionRef: String, Placement?)

    package var action: Action {
      switch self {
      case .nominate: .nominate
      case .importLegacy: .importLegacy
      case .admitToReserve: .admitToReserve
      case .startTraining: .startTraining
      case .appoint: .appoint
      case .assign: .assign
      case .endAssignment: .endAssignment
      case .coach: .coach
      case .recover: .recover
      case .suspend: .suspend
      case .resume: .resume
      case .proposeMoveOut: .proposeMoveOut
      case .withdrawMoveOut: .withdrawMoveOut
      case .state: .state
      case .refuseMoveOut: .refuseMoveOut
      case .decideMoveOut: .decideMoveOut
      case .orderHandover: .orderHandover
      case .leave: .leave
      case .drop: .drop
      case .release: .release
      case .setGrade: .setGrade
      case .reinstate: .reinstate
      }
    }

    /// Where the member is put, if the command puts them somewhere.
    package var placement: Placement? {
      switch self {
      case .appoint(let placement), .assign(let placement): placement
      case .importLegacy(let placement, _), .reinstate(_, let placement): placement
      default: nil
      }
    }

    /// What the step names.
    var reference: String {
      switch self {
      case .appoint(let placement), .assign(let placement): placement.gridID
      case .importLegacy(let placement, _): placement?.gridID ?? ""
      case .startTraining(let course): course
      case .endAssignment(let grid): grid
      case .coach(let evaluation), .recover(let evaluation, _): evaluation
      case .proposeMoveOut(let suggestion, _, _), .setGrade(_, let suggestion): suggestion
      case .reinstate(let objection, _): objection
      case .nominate, .admitToReserve, .suspend, .resume, .withdrawMoveOut, .state, .refuseMoveOut, .decideMoveOut,
        .orderHandover, .leave, .drop, .release:
        ""
      }
    }
  }
}
