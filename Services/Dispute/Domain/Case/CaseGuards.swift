package import Kernel
import Lifecycle

extension Case {
  /// What a guard looks at: the case, the command that is asked for, and the world around. Without a command (what may I do?)
  /// the guards on a command's own content hold.
  package struct Move: Sendable {
    package let record: Case
    package let command: Command?
    package let actor: ID<Person>
    /// Where the actor works.
    package let organisation: ID<Organisation>
    /// The parts that the actor plays.
    package let parts: Set<Part>
    package let world: Surroundings
    package let now: Timestamp

    package init(
      record: Case, command: Command?, actor: ID<Person>, organisation: ID<Organisation> = "", parts: Set<Part> = [],
      world: Surroundings, now: Timestamp
    ) {
      self.record = record
      self.command = command
      self.actor = actor
      self.organisation = organisation
      self.parts = parts
      self.world = world
      self.now = now
    }
  }
}

extension Guard<Case.Move> {
  static func command(_ reason: Reason, _ holds: @escaping @Sendable (Case.Command) -> Bool) -> Self {
    Guard(reason) { move in move.command.map(holds) ?? true }
  }

  // MARK: - Of the case

  static let isGeneral = Guard(.notGeneral) { $0.record.origin.complexity == .general && !$0.record.hasRaisingFlag }
  static let isAtTownship = Guard(.notAtTownship) { $0.record.level == .township }
  static let isBelowTownship = Guard(.alreadyAtTownship) { $0.record.level.rank < Case.Level.township.rank }
  static let isUrgent = Guard(
    .notUrgent,
    explaining: { move, reason in
      if move.record.isUrgent { return nil }
      return move.record.origin.flags.contains(.industry) ? reason.with("precedence", "INDUSTRY") : reason
    })
  static let hasGroundToAnalyse = Guard(.noGroundToAnalyse) {
    !$0.record.isDispute || !$0.record.origin.flags.isDisjoint(with: [.responsibilityOverlap, .beyondCapacity])
  }
  static let attemptSucceeded = Guard(.noSuccessfulAttempt) { $0.record.attemptsHere.last?.result == .success }
  static let hasFailedAttemptHere = Guard(.noFailedAttempt) { move in
    move.record.attemptsHere.contains { $0.result == .failed }
  }
  static let hasGroundToHandUp = Guard(.noGroundToHandUp) { move in
    move.record.attemptsHere.contains { $0.result == .failed } || move.record.origin.complexity == .complex
      || move.record.hasRaisingFlag
  }
  static let senderWasOrganisation = Guard(.senderIsGrid) { $0.record.openEscalation?.fromLevel != .grid }
  static let senderWasGridMember = Guard(.senderIsOrganisation) { $0.record.openEscalation?.fromLevel == .grid }
  static let isFirstReturn = Guard(.alreadyReturnedOnce) { !$0.record.wasReturnedHere }
  static let isDetermined = Guard(.determinationMissing) { $0.record.determination != nil }
  static let isDeterminedOrEmergency = Guard(.determinationMissing) {
    $0.record.determination != nil || $0.record.isEmergency
  }
  static let taskIsDone = Guard(.taskNotDone) { $0.record.awaitedLink?.state == .solved }
  static let taskHasFailed = Guard(.taskNotFailed) { $0.record.awaitedLink?.state == .unsolved }
  static let callIsSolved = Guard(.callNotSolved) { $0.record.awaitedLink?.state == .solved }
  static let callCameBack = Guard(.callNotBack) { $0.record.awaitedLink?.state == .unsolved }
  static let settledFromMediation = Guard(.settledElsewhere) { $0.record.settlement?.settledFrom == .mediating }
  static let settledFromGrid = Guard(.settledElsewhere) { $0.record.settlement?.settledFrom == .selfHandling }
  static let settledFromOutside = Guard(.settledElsewhere) {
    $0.record.settlement?.settledFrom == .awaitingAgency || $0.record.settlement?.settledFrom == .awaitingCall
  }
  static let isWithdrawable = Guard(.notWithdrawable) {
    $0.record.origin.flags.isDisjoint(with: [.group, .emergency])
  }

  // MARK: - Of the command

  static let responsiblePersonIsNamed = Guard(.responsiblePersonMissing) { move in
    guard let command = move.command else { return true }
    return command.responsiblePerson.map { !$0.text.isEmpty } ?? false
  }
  static let responsiblePersonIsOurs = Guard(.responsiblePersonElsewhere) { move in
    guard let person = move.command?.responsiblePerson.flatMap({ move.world.persons[$0] }) else { return true }
    let organisation = move.record.openEscalation?.toOrganisation ?? move.record.handlingOrganisation
    return !person.hasLeft && move.world.acts(person.organisation, for: organisation)
  }
  static let noConflict = command(.conflictDeclared) { command in
    if case .start(let draft) = command { draft.noConflictDeclared } else { true }
  }
  static let rightsTold = Guard(.rightsNotTold) { move in
    if move.record.isDispute, case .start(let draft) = move.command { draft.rightsTold } else { true }
  }
  static let everyPartyConsents = Guard(.consentMissing) { move in
    guard move.record.isDispute, case .start(let draft) = move.command else { return true }
    return move.record.parties.allSatisfy { $0.hasConsented || draft.consentingParties.contains($0.partyID) }
  }
  static let hasResult = command(.resultMissing) { command in
    if case .recordAttempt(let draft) = command { draft.result != nil } else { true }
  }
  static let failureIsExplained = command(.failureReasonMissing) { command in
    if case .recordAttempt(let draft) = command { draft.result != .failed || draft.failureReason != nil } else { true }
  }
  static let attemptIsPast = Guard(.attemptInFuture) { move in
    guard case .recordAttempt(let draft) = move.command, let time = draft.attemptTime else { return true }
    return time <= move.now
  }
  static let gridIsHeard = Guard(.gridNotHeard) { $0.record.origin.grid == nil || $0.world.grid != nil }
  static let pathGoesOn = Guard(.noNextLevel) {
    $0.record.origin.grid != nil && $0.world.grid == nil || $0.nextStep != nil
  }
  static let pathReachesTownship = Guard(.noNextLevel) { $0.world.grid.map { $0.townshipStep != nil } ?? true }
  static let goesToNextLevel = Guard(
    .notNextLevel,
    explaining: { move, reason in
      guard case .escalate(_, let to?) = move.command, let next = move.nextStep, to != next.organisation else {
        return nil
      }
      return reason.with("next_org_id", next.organisation.text).at("to_org_id")
    })
  static let returnIsExplained = command(.returnReasonMissing) { command in
    switch command {
    case .giveBack(let reason), .returnDown(let reason): reason != nil
    default: true
    }
  }
  static let determinationIsGiven = command(.determinationMissing) { command in
    if case .determine(let determination) = command { determination?.determinationID.isEmpty == false } else { true }
  }
  static let taskNamesCase = Guard(.noRequestedTask) { move in
    guard case .routeAgency(let task, _) = move.command else { return move.record.promisingLink(.task, nil) != nil }
    return move.record.promisingLink(.task, task) != nil
  }
  static let callNamesCase = Guard(.noSubmittedCall) { move in
    guard case .routeCall(let call, _) = move.command else { return move.record.promisingLink(.call, nil) != nil }
    return move.record.promisingLink(.call, call) != nil
  }
  static let fallBackIsExplained = command(.reasonMissing) { command in
    if case .fallBack(let reason) = command { reason != nil } else { true }
  }
  static let guidanceIsWritten = command(.guidanceMissing) { command in
    if case .guideToLaw(_, let guidance) = command { guidance != nil } else { true }
  }
  static let requestIsRecorded = command(.withdrawalRequestMissing) { command in
    if case .withdraw(let reason) = command { reason != nil } else { true }
  }
  static let closureIsComplete = Guard(
    .closureIncomplete,
    explaining: { move, reason in
      guard case .registerClose(let draft) = move.command else { return nil }
      let missing = move.missingFields(in: draft)
      return missing.isEmpty ? nil : reason.with("fields", missing.joined(separator: ","))
    })
}

extension Case.Move {
  /// The next step of the grid's path; from SELF_HANDLING it is the own level.
  package var nextStep: PathStep? {
    if record.level == .grid {
      return world.grid?.ownStep(kind: record.origin.kind, flags: record.origin.flags, room: record.industryRoom)
    }
    guard let grid = world.grid else {
      return record.level == .industry ? world.centre.map { PathStep(.township, $0.organisationID) } : nil
    }
    return grid.step(above: record.handlingOrganisation, at: record.level)
  }

  /// The industry's room that the command names, or that is known.
  var industryRoom: ID<Organisation>? {
    var named: ID<Organisation>?
    if case .routeIndustry(let room, _, _) = command { named = room }
    return world.industryRoom(named ?? record.industryRoom, for: record.origin.category)
  }

  /// Who takes the case on there.
  var industryPerson: ID<Person>? {
    if case .routeIndustry(_, let person?, _) = command { return person }
    return industryRoom.flatMap { world.intakeClerks[$0] }
  }

  /// What a registration still lacks, as the contract names it.
  fileprivate func missingFields(in draft: Case.ClosureDraft) -> [String] {
    var missing: [String] = []
    if draft.result.isEmpty { missing.append("result") }
    if draft.authority == nil { missing.append("authority") }
    if !draft.partiesNotified { missing.append("parties_notified") }
    let wasMediated = record.settlement?.settledFrom == .mediating || record.settlement?.settledFrom == .selfHandling
    if record.isDispute, wasMediated, record.settlement?.agreement == nil { missing.append("agreement") }
    if !record.origin.flags.isDisjoint(with: [.group, .petition]), !isSignedTwice(draft) {
      missing.append("second_signer_person_id")
    }
    return missing
  }

  /// GROUP and PETITION: the township's leader signs too, somebody else than who registers.
  private func isSignedTwice(_ draft: Case.ClosureDraft) -> Bool {
    guard let signer = record.signature?.person, signer != actor else { return false }
    return draft.secondSigner.map { $0 == signer } ?? true
  }
}

extension Case {
  /// What AWAITING_CALL or AWAITING_AGENCY waits for.
  package var awaitedLink: Link? { awaited.flatMap { subject in links.first { $0.subjectID == subject } } }
}

extension Case.Command {
  /// Who is to answer for the case.
  package var responsiblePerson: ID<Person>? {
    switch self {
    case .accept(let person), .receive(let person), .routeHere(let person, _), .reassign(let person, _, _),
      .routeIndustry(_, let person, _):
      person
    default: nil
    }
  }

  /// Everybody that the command names, for the directory.
  package var namedPersons: [ID<Person>] {
    if case .plan(let draft) = self { return draft.responsibles.map(\.person) }
    return responsiblePerson.map { [$0] } ?? []
  }
}
