import Kernel
import Lifecycle

extension Guard<Case.Move> {
  /// A right can still be used: not more days have gone by since `start` than its window has. Without a start there is none to miss.
  fileprivate static func isOpen(
    _ window: KeyPath<RightWindows, Int> & Sendable, from start: @escaping @Sendable (Case.Move) -> Timestamp?
  ) -> Guard {
    Guard(
      .windowClosed,
      explaining: { move, reason in
        guard let start = start(move) else { return nil }
        let days = move.world.policies.windows(since: start, at: move.now)[keyPath: window]
        return CivilDate(move.now) - CivilDate(start) <= days ? nil : reason.with("days", String(days))
      })
  }
}

// MARK: - Screening, merging, classifying

extension Guard<Case.Move> {
  static let rejectGroundIsGiven = command(.rejectGroundMissing) { command in
    if case .reject(let ground, _, _) = command { ground != nil } else { true }
  }
  static let reporterIsTold = command(.reporterNotTold) { command in
    if case .reject(_, _, let told) = command { told } else { true }
  }
  static let objectionIsRecorded = command(.reasonMissing) { command in
    if case .reconsider(let objection) = command { objection != nil } else { true }
  }
  static let isWithinObjectionWindow = isOpen(\.objection) { $0.record.rejection?.rejectTime }
  static let isFirstObjection = Guard(.alreadyReconsidered) { $0.record.rejection?.isReconsidered != true }
  static let decidesAnotherPerson = Guard(.samePerson) { $0.record.rejection?.person != $0.actor }

  static let survivorIsKnown = Guard(.survivorMissing) { $0.command == nil || $0.world.survivor != nil }
  static let survivorIsAnother = Guard(.survivorIsSelf) { move in
    guard case .merge(let survivor, _) = move.command else { return true }
    return survivor != move.record.caseID
  }
  static let survivorIsNotMerged = Guard(
    .survivorIsMerged,
    explaining: { move, reason in
      guard let survivor = move.world.survivor, survivor.state == .merged else { return nil }
      return reason.with("survivor_case_id", survivor.survivor?.caseID.text ?? "")
    })
  static let survivorGoesOn = Guard(.survivorEnded) { move in
    switch move.world.survivor?.state {
    case .withdrawn, .terminated, .rejected: false
    default: true
    }
  }
  /// A closed case takes others in before its own reopening would be too late: on the last day it is.
  static let survivorIsFresh = Guard(
    .windowClosed,
    explaining: { move, reason in
      guard let survivor = move.world.survivor, survivor.state == .closed, let closure = survivor.closure else {
        return nil
      }
      let days = move.world.policies.windows(since: closure.closeTime, at: move.now).reopening
      return CivilDate(move.now) - CivilDate(closure.closeTime) < days ? nil : reason.with("days", String(days))
    })
  static let unmergingIsExplained = command(.reasonMissing) { command in
    if case .unmerge(let reason) = command { reason != nil } else { true }
  }
  static let isWithinUnmergeWindow = isOpen(\.unmerging) { $0.record.survivor?.mergeTime }

  static let isUnlocated = Guard(.alreadyLocated) { $0.record.origin.grid == nil }
  static let namedGridIsHeard = Guard(.gridNotHeard.at("grid_id")) { move in
    guard case .locate(let id) = move.command else { return true }
    return move.world.namedGrid.map { $0.gridID == id && !$0.isClosed && !$0.path.isEmpty } ?? false
  }
  static let classificationChanges = Guard(.nothingChanged) { move in
    guard case .classify(let category, let complexity) = move.command else { return true }
    let origin = move.record.origin
    return (category ?? origin.category) != origin.category || (complexity ?? origin.complexity) != origin.complexity
  }
  static let flaggingIsExplained = command(.reasonMissing) { command in
    if case .setFlags(_, let reason, _) = command { reason != nil } else { true }
  }
  static let flagsChange = Guard(.nothingChanged) { move in
    guard case .setFlags(let flags, _, let room) = move.command else { return true }
    return flags != move.record.origin.flags || room != nil && room != move.record.industryRoom
  }
  static let namedRoomIsIndustrys = Guard(.notAnIndustryRoom) { move in
    guard case .setFlags(_, _, let room?) = move.command else { return true }
    return move.world.organisations[room]?.kind == .industryRoom
  }
  static let reassignsSomebody = Guard(.responsiblePersonMissing) { move in
    guard case .reassign(let person, _, _) = move.command else { return true }
    return person != nil
  }
  static let reassignsOneOfOurs = Guard(.responsiblePersonElsewhere) { move in
    guard case .reassign(let id?, _, _) = move.command, let person = move.world.persons[id] else { return true }
    let organisation =
      move.record.state == .jointHandling ? move.record.plan?.leadOrganisation : move.record.handlingOrganisation
    let isOurs =
      move.world.acts(person.organisation, for: organisation ?? move.record.handlingOrganisation)
      || move.record.level == .grid && move.world.grid?.members.contains(id) == true
    return !person.hasLeft && isOurs
  }
  static let reassigningIsExplained = command(.reasonMissing) { command in
    if case .reassign(_, let reason, _) = command { reason != nil } else { true }
  }
  static let telephoneIsGiven = command(.responsiblePhoneMissing) { command in
    if case .reassign(_, _, let phone) = command { phone != nil } else { true }
  }
}

// MARK: - Resting and analysing

extension Guard<Case.Move> {
  static let adjournReasonIsGiven = command(.adjournReasonMissing) { command in
    if case .adjourn(let reason, _) = command { reason != nil } else { true }
  }
  static let resumeTimeIsLater = Guard(.resumeTimeWrong) { move in
    guard case .adjourn(_, let time) = move.command else { return true }
    return time.map { $0 > move.now } ?? false
  }
  static let attendantsAreNamed = command(.attendantsMissing) { command in
    if case .recordAnalysis(let draft) = command { !draft.attendants.isEmpty } else { true }
  }
  static let routeIsChosen = command(.routeMissing) { command in
    if case .recordAnalysis(let draft) = command { draft.route != nil } else { true }
  }
  static let cameFromBelow = Guard(.notFromBelow) { $0.record.lastAscent != nil }
  static let isFirstReturnDown = Guard(.alreadyReturnedOnce) { move in
    move.record.lastAscent.map { !move.record.wasReturnedDown(to: $0.fromOrganisation) } ?? true
  }
  static let industryRoomExists = Guard(.noIndustryRoom) { move in
    guard let room = move.industryRoom else { return false }
    return move.world.organisations[room].map { $0.kind == .industryRoom && !$0.isClosed } ?? true
  }
  static let industryHasNotTried = Guard(.industryTriedAlready) { !$0.record.hasIndustryTried }
  static let roomNamesSomebody = Guard(
    .responsiblePersonMissing,
    explaining: { move, reason in
      guard move.command != nil, let room = move.industryRoom else { return nil }
      guard let id = move.industryPerson else { return reason }
      guard let person = move.world.persons[id] else { return nil }
      return person.hasLeft || !move.world.acts(person.organisation, for: room) ? .responsiblePersonElsewhere : nil
    })
}

// MARK: - Handling together

extension Guard<Case.Move> {
  static let hasPlan = Guard(.planMissing) { $0.record.plan?.measures.contains { $0.state == .open } ?? false }
  static let departmentHasAccepted = Guard(.noDepartmentAccepted) { move in
    !move.record.participants.subtracting([move.record.handlingOrganisation]).isEmpty
  }
  static let oneIsResponsible = Guard(
    .responsiblePersonNotOne,
    explaining: { move, reason in
      let count = Set((move.record.plan?.responsibles ?? []).map(\.person)).count
      return count == 1 && move.record.plan?.responsibles.count == 1 ? nil : reason.with("count", String(count))
    })
  static let responsibleHasPhone = Guard(.responsiblePhoneMissing) { move in
    move.record.plan.map { !$0.responsibles.isEmpty && $0.responsibles.allSatisfy { $0.phone != nil } } ?? false
  }
  static let industryWasTried = Guard(.industryNotTried) { $0.record.isIndustryServed }
  static let measuresAreComplete = Guard(
    .measureIncomplete,
    explaining: { move, reason in
      guard case .plan(let draft) = move.command else { return nil }
      let wrong = draft.measures.enumerated().filter { _, measure in
        measure.text == nil || measure.ownerOrganisation.text.isEmpty || measure.dueTime == nil
      }
      if draft.measures.isEmpty { return reason }
      return wrong.isEmpty ? nil : reason.with("measures", wrong.map { String($0.offset + 1) }.joined(separator: ","))
    })
  static let departmentIsNamed = command(.departmentMissing) { command in
    if case .invite(let organisation, _, _) = command { organisation != nil } else { true }
  }
  static let askIsWritten = command(.askMissing) { command in
    if case .invite(_, let ask, _) = command { ask != nil } else { true }
  }
  static let departmentIsNew = Guard(.departmentInvitedAlready) { move in
    guard case .invite(let organisation?, _, _) = move.command else { return true }
    return organisation != move.record.handlingOrganisation
      && !move.record.invitations.contains { $0.organisation == organisation && $0.state != .refused }
  }
  static let invitationExists = Guard(.noSuchInvitation) { move in
    guard case .answerInvitation(let number, _, _) = move.command else { return true }
    return move.record.invitations.contains {
      $0.number == number && move.world.acts(move.organisation, for: $0.organisation)
    }
  }
  static let invitationIsOpen = Guard(.invitationAnswered) { move in
    guard case .answerInvitation(let number, _, _) = move.command else { return true }
    return move.record.invitations.first { $0.number == number }
      .map { !Case.Invitation.lifecycle.isEnd($0.state) } ?? true
  }
  static let refusalHasBasis = command(.basisMissing) { command in
    if case .answerInvitation(_, let accepts, let basis) = command { accepts || basis != nil } else { true }
  }
  static let measureExists = Guard(.noSuchMeasure) { move in
    guard case .updateMeasure(let number, _, _, _) = move.command else { return true }
    return move.measure(number) != nil
  }
  static let measureIsYours = Guard(.measureNotYours) { move in
    guard case .updateMeasure(let number, _, _, _) = move.command, let measure = move.measure(number) else {
      return true
    }
    return move.parts.contains(.lead) || move.world.acts(move.organisation, for: measure.ownerOrganisation)
  }
  static let measureIsOpen = Guard(.measureEnded) { move in
    guard case .updateMeasure(let number, _, _, _) = move.command, let measure = move.measure(number) else {
      return true
    }
    return !Case.Measure.lifecycle.isEnd(measure.state)
  }
  static let measureStateIsGiven = command(.measureStateMissing) { command in
    if case .updateMeasure(_, let state, _, _) = command {
      state.map { Case.Measure.lifecycle.leads(from: .open, to: $0) } ?? false
    } else {
      true
    }
  }
  static let droppingIsExplained = command(.reasonMissing) { command in
    if case .updateMeasure(_, .dropped, let outcome, _) = command { outcome != nil } else { true }
  }
  static let measuresAreEnded = Guard(
    .measuresOpen,
    explaining: { move, reason in
      let open = (move.record.plan?.measures ?? []).filter { !Case.Measure.lifecycle.isEnd($0.state) }
      return open.isEmpty ? nil : reason.with("measures", open.map { String($0.number) }.joined(separator: ","))
    })
  static let hasGroundToReanalyse = Guard(.noGroundToReanalyse) { move in
    (move.record.plan?.measures ?? []).contains { $0.state == .dropped }
      || move.record.invitations.contains { $0.state == .refused }
  }
  static let reanalysisIsExplained = command(.reasonMissing) { command in
    if case .reanalyse(let reason) = command { reason != nil } else { true }
  }
  static let isCountersigned = Guard(.secondSignatureMissing) { move in
    move.record.signature.map { $0.person != move.actor } ?? false
  }
  static let isNotSigned = Guard(.signedAlready) { $0.record.signature == nil }
  static let assistIsDescribed = command(.assistTextMissing) { command in
    if case .assistDone(let text) = command { text != nil } else { true }
  }
  static let settledJointly = Guard(.settledElsewhere) { $0.record.settlement?.settledFrom == .jointHandling }
}

// MARK: - The agreement, and after the closing

extension Guard<Case.Move> {
  /// A written agreement of a dispute has its required content; an imported one lies where it came from.
  static let agreementIsComplete = Guard(
    .agreementIncomplete,
    explaining: { move, reason in
      guard move.record.isDispute, move.record.origin.importSource.isEmpty, case .settle(let draft) = move.command,
        draft.agreement == .written
      else { return nil }
      let missing = move.missingContent(in: draft)
      return missing.isEmpty ? nil : reason.with("fields", missing.joined(separator: ","))
    })
  static let reopeningIsExplained = command(.reasonMissing) { command in
    if case .reopen(_, let reason) = command { reason != nil } else { true }
  }
  static let reopenSourceIsGiven = command(.reopenSourceMissing) { command in
    if case .reopen(let source, _) = command { source == .party || source == .followUp } else { true }
  }
  static let isWithinReopenWindow = isOpen(\.reopening) { $0.record.closure?.closeTime }
  static let isSecondReopening = Guard(.notSecondReopening) { $0.record.reopenings.count >= 2 }
  static let visitIsPast = Guard(.visitInFuture) { move in
    guard case .followUp(let draft) = move.command, let time = draft.visitTime else { return true }
    return time <= move.now
  }
  static let satisfactionIsGiven = command(.satisfactionMissing) { command in
    if case .rateSatisfaction(let satisfaction, _) = command { satisfaction != nil } else { true }
  }
  static let hasAgreement = Guard(.noAgreement) { $0.record.settlement?.agreement != nil }
  static let confirmationIsGiven = command(.confirmationMissing) { command in
    if case .confirmAgreement(let confirmation) = command { confirmation != nil } else { true }
  }
  static let confirmationIsInOrder = Guard(.confirmationOutOfOrder) { move in
    guard case .confirmAgreement(let next?) = move.command else { return true }
    switch (move.record.settlement?.confirmation ?? .none, next) {
    case (.none, .applied), (.applied, .confirmed), (.applied, .refused): return true
    default: return false
    }
  }
  static let isWithinConfirmationWindow = isOpen(\.confirmation) { move in
    guard case .confirmAgreement(.applied) = move.command else { return nil }
    return move.record.settlement?.settleTime
  }
}

extension Case.Move {
  func measure(_ number: Int) -> Case.Measure? { record.plan?.measures.first { $0.number == number } }

  /// What a written agreement still lacks, as the contract names it.
  fileprivate func missingContent(in draft: Case.SettlementDraft) -> [String] {
    let content = draft.content
    var missing: [String] = []
    let signers = Set(content?.signedParties ?? [])
    let sides = record.parties.filter { $0.role != .representative }
    if signers.isEmpty || !sides.allSatisfy({ signers.contains($0.partyID) }) {
      missing.append("content.signed_party_ids")
    }
    if content?.facts == nil { missing.append("content.facts") }
    if content?.duties == nil { missing.append("content.duties") }
    if content?.manner == nil { missing.append("content.manner") }
    if content?.place == nil { missing.append("content.place") }
    if draft.performanceDueTime == nil { missing.append("performance_due_time") }
    if content?.evidence.isEmpty ?? true { missing.append("content.evidence_refs") }
    return missing
  }
}
