package import Access
package import Kernel
import Lifecycle
import WorkClock

extension GridMember {
  /// What a new entry is made of.
  package struct Seed: Sendable {
    package let id: ID
    package let personID: Person.ID
    package let organisationID: Organisation.ID

    package init(id: ID, personID: Person.ID, organisationID: Organisation.ID) {
      self.id = id
      self.personID = personID
      self.organisationID = organisationID
    }
  }

  /// What `command` means for `member` now, or for nobody yet. Pure. Refuses with all unmet guards.
  package static func decide(
    _ command: Command, on member: GridMember?, seed: Seed? = nil, text: Person.Sealed? = nil, by actor: Actor,
    as parts: Set<Part>, in world: World, at now: Timestamp
  ) throws(Refused) -> Event {
    let actorID = Person.ID(actor.personID)
    let move = Move(
      member: member, command: command, hasText: text != nil, actorID: actorID, world: world, now: now)
    let row = try permit(move, from: member?.state, as: parts)
    guard var after = member ?? seed.flatMap({ begun($0, in: world) }) else {
      throw Refused(.notFound, .memberNotFound.at("member_id"))
    }
    after.state = row.to
    after.version += 1
    after.carryOut(command, move, at: now)
    let step = Step(
      number: after.version, action: command.action, from: member?.state, to: row.to, time: now, actorID: actorID,
      actorRole: actor.role.rawValue, reference: world.grid?.id.text ?? command.reference, text: text)
    return Event(step: step, member: after)
  }

  /// The table's row, or every reason why not.
  private static func permit(
    _ move: Move, from state: State?, as parts: Set<Part>
  ) throws(Refused) -> Lifecycle<State, Action, Part, Move>.Row {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      return try lifecycle.transition(move.command.action, from: state, as: parts, on: move)
    } catch {
      throw error.refusal(action: move.command.action.rawValue, state: state?.rawValue ?? "∅")
    }
  }

  private static func begun(_ seed: Seed, in world: World) -> GridMember? {
    guard let township = world.organisation?.townshipCode ?? world.grid?.townshipCode else { return nil }
    return GridMember(
      id: seed.id, personID: seed.personID, organisationID: seed.organisationID, townshipCode: township,
      state: .candidate, isLocal: world.person?.locality?.isWithin(township) == true, version: 0)
  }

  private mutating func carryOut(_ command: Command, _ move: Move, at now: Timestamp) {
    let today = move.today
    switch command {
    case .nominate, .startTraining: break
    case .importLegacy(let placement, let grade):
      self.grade = grade
      enterTeam(at: placement.flatMap { CivilDate($0.from) }.map { $0.instant() } ?? now)
      place(placement, move)
    case .admitToReserve(let qualification): self.qualification = qualification ?? self.qualification
    case .appoint(let placement):
      enterTeam(at: now)
      place(placement, move)
    case .assign(let placement): place(placement, move)
    case .endAssignment: endAssignments(on: today) { $0.gridID == move.world.grid?.id }
    case .coach(let evaluation):
      evaluationRef = evaluation
      coachedSince = now
    case .recover(let evaluation, _):
      evaluationRef = evaluation
      coachedSince = nil
    case .suspend(let until): suspendedUntil = CivilDate(until)
    case .resume: suspendedUntil = nil
    case .proposeMoveOut(let suggestion, let standard, let evidence):
      let clock = Clock(
        kind: "STATEMENT", policyCode: move.world.policy.code, policyVersion: move.world.policy.version,
        budget: move.world.policy.statementBudget, startTime: now)
      moveOut = MoveOut(
        suggestionID: suggestion, standardRef: standard, evidenceRefs: evidence.filter { !$0.isEmpty },
        proposerID: move.actorID, noticeTime: now, statementClock: clock)
    case .state(let isFinal):
      moveOut?.statementTime = now
      if isFinal { try? moveOut?.statementClock.stop(at: now) }
    case .refuseMoveOut, .withdrawMoveOut:
      moveOut?.decision = Decision(personID: move.actorID, time: now, isMovedOut: false)
    case .decideMoveOut:
      moveOut?.decision = Decision(personID: move.actorID, time: now, isMovedOut: true)
      leaveTeam(on: today, at: now)
    case .orderHandover:
      handover = move.world.successor.map { Handover(successorID: $0.id, orderTime: now) }
    case .leave(let date): leaveTeam(on: CivilDate(date) ?? today, at: now)
    case .drop: endTime = now
    case .release:
      leaveTeam(on: today, at: now)
      activeSince = nil
    case .setGrade(let grade, _): self.grade = grade ?? self.grade
    case .reinstate(_, let placement):
      enterTeam(at: now)
      place(placement, move)
    }
  }

  private mutating func enterTeam(at now: Timestamp) {
    activeSince = now
    endTime = nil
  }

  private mutating func leaveTeam(on date: CivilDate, at now: Timestamp) {
    endAssignments(on: date) { _ in true }
    suspendedUntil = nil
    coachedSince = nil
    endTime = now
  }

  private mutating func place(_ placement: Placement?, _ move: Move) {
    guard let placement, let post = placement.post, let grid = move.world.grid else { return }
    assignments.append(Assignment(gridID: grid.id, post: post, from: CivilDate(placement.from) ?? move.today))
  }

  private mutating func endAssignments(on date: CivilDate, where isMeant: (Assignment) -> Bool) {
    for index in assignments.indices where assignments[index].to == nil && isMeant(assignments[index]) {
      assignments[index].to = max(date, assignments[index].from)
    }
  }

  /// What somebody could do now, each with the reasons that hold whatever they enter.
  ///
  /// Reasons that only say what has to be entered are left out: the request is not made yet.
  package static func allowedActions(
    on member: GridMember, by actor: Actor, as parts: Set<Part>, in world: World, at now: Timestamp
  ) -> [(action: Action, to: State, unmet: [Reason])] {
    lifecycle.rows.filter { $0.from == member.state && !$0.roles.isDisjoint(with: parts) }.map { row in
      let move = Move(
        member: member, command: row.action.emptyCommand, hasText: true, actorID: Person.ID(actor.personID),
        world: world, now: now)
      let unmet = row.guards.flatMap { $0.unmet(move) }.filter { !$0.isAboutInput }
      return (row.action, row.to, unmet)
    }
  }

  /// Ends the assignments to a grid that is no more; the member keeps their state.
  package func decide(losing grid: Grid.ID, at now: Timestamp) -> Event? {
    guard openAssignments.contains(where: { $0.gridID == grid }) else { return nil }
    var after = self
    after.version += 1
    after.endAssignments(on: CivilDate(now)) { $0.gridID == grid }
    let step = Step(
      number: after.version, action: .endAssignment, from: state, to: state, time: now, actorID: "system",
      actorRole: Role.system.rawValue, reference: grid.text, text: nil)
    return Event(step: step, member: after)
  }
}

extension GridMember.Action {
  /// The command with nothing entered, for asking what would still stand in its way.
  fileprivate var emptyCommand: GridMember.Command {
    switch self {
    case .nominate: .nominate
    case .importLegacy: .importLegacy(nil, grade: .member)
    case .admitToReserve: .admitToReserve(.init(examScore: 0, serviceYears: 0))
    case .startTraining: .startTraining(courseID: "")
    case .appoint: .appoint(.init(gridID: "", post: .primary))
    case .assign: .assign(.init(gridID: "", post: .primary))
    case .endAssignment: .endAssignment(gridID: "")
    case .coach: .coach(evaluationRef: "?")
    case .recover: .recover(evaluationRef: "?", score: 100)
    case .suspend: .suspend(until: "9999-12-31")
    case .resume: .resume
    case .proposeMoveOut: .proposeMoveOut(suggestionID: "?", standardRef: "?", evidenceRefs: ["?"])
    case .withdrawMoveOut: .withdrawMoveOut
    case .state: .state(isFinal: false)
    case .refuseMoveOut: .refuseMoveOut
    case .decideMoveOut: .decideMoveOut
    case .orderHandover: .orderHandover
    case .leave: .leave(date: "")
    case .drop: .drop
    case .release: .release
    case .setGrade: .setGrade(nil, suggestionID: "?")
    case .reinstate: .reinstate(objectionRef: "?", nil)
    }
  }
}

extension Reason {
  /// Whether it says no more than what has to be entered.
  fileprivate var isAboutInput: Bool { !field.isEmpty }
}
