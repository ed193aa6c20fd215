import Kernel
import Lifecycle
import WorkClock

extension Guard<GridMember.Move> {
  // MARK: - Who

  static let isPerson = Guard(.personNotFound.at("person_id")) { move, notFound in
    guard let person = move.world.person else { return notFound }
    return person.state == .active ? nil : .personLeft.at("person_id")
  }
  static let isNewcomer = Guard(.memberExists) { move, exists in
    move.world.otherEntry.map { exists.with("member_id", $0.text) }
  }
  static let isNominator = Guard(.nominatorTypeMismatch.at("org_id")) { move, mismatch in
    guard let organisation = move.world.organisation else { return Reason.orgNotFound.at("org_id") }
    guard organisation.isActive else { return .orgClosed.at("org_id") }
    guard [.community, .village].contains(organisation.kind) else { return mismatch }
    return organisation.townshipCode == nil ? .townshipUnknown.at("org_id") : nil
  }

  // MARK: - Can do

  static let isQualified = Guard(.qualificationMissing.at("qualification")) { move, missing in
    guard case .admitToReserve(let qualification) = move.command else { return nil }
    guard let qualification else { return missing }
    return qualification.isSound ? nil : Reason.qualificationInvalid.at("qualification")
  }
  static let isQualifiedOrWas = Guard(.qualificationMissing.at("qualification")) { move, missing in
    guard case .admitToReserve(let qualification) = move.command else { return nil }
    guard let qualification = qualification ?? move.member?.qualification else { return missing }
    return qualification.isSound ? nil : Reason.qualificationInvalid.at("qualification")
  }
  static let courseExists = Guard(.courseNotFound.at("course_id")) { $0.world.courseExists }
  static let isCertified = Guard(.certificateMissing) { move, missing in
    let lacking = move.world.policy.minimumCompetence.filter { !move.world.competences.contains($0) }
    return lacking.isEmpty ? nil : missing.with("competences", lacking.joined(separator: ","))
  }

  // MARK: - Where

  static let gridIsStaffable = Guard(.gridNotStaffable.at("grid_id")) { move, not in
    guard let placement = move.command.placement else { return nil }
    guard let grid = move.world.grid else { return Reason.gridNotFound.at("grid_id").with("grid_id", placement.gridID) }
    return [.planned, .active].contains(grid.state) ? nil : not
  }
  static let gridIsInTownship = Guard(.gridOutsideTownship.at("grid_id")) { move in
    guard let grid = move.world.grid, let township = move.townshipCode else { return true }
    return grid.townshipCode == township
  }
  static let hasPost = Guard(.postMissing.at("post")) { $0.command.placement.map { $0.post != nil } ?? true }
  /// I1: one primary.
  static let postIsFree = Guard(.gridHasPrimary.at("grid_id")) { move, taken in
    guard move.command.placement?.post == .primary, let other = move.world.otherPrimary else { return nil }
    return taken.with("member_id", other.text)
  }
  static let isNotAssigned = Guard(.alreadyAssigned.at("grid_id")) { move in
    guard let grid = move.world.grid else { return true }
    return move.member?.openAssignments.contains { $0.gridID == grid.id } != true
  }
  static let isAssigned = Guard(.notAssigned.at("grid_id")) { move in
    move.member?.openAssignments.contains { $0.gridID == move.world.grid?.id } == true
  }
  /// Without any grid a member leaves, or is released.
  static let keepsAGrid = Guard(.lastAssignment.at("grid_id")) { ($0.member?.openAssignments.count ?? 0) != 1 }
  static let townshipHasVacancy = Guard(.noVacancy) { $0.world.hasVacancy }
  static let placeIsVacant = Guard(.noVacancy.at("grid_id")) { $0.world.hasVacancyThere }
  static let gridsAreRetired = Guard(.gridNotRetired) { move, not in
    move.world.livingGrids.first.map { not.with("grid_id", $0.text) }
  }

  // MARK: - When

  static let dateIsRight = Guard(.dateInvalid) { move, invalid in
    let (field, text): (String, String) =
      if case .leave(let date) = move.command {
        ("leave_date", date)
      } else {
        ("from_date", move.command.placement?.from ?? "")
      }
    guard !text.isEmpty else { return nil }
    guard let date = CivilDate(text) else { return invalid.at(field) }
    if case .leave = move.command, date > move.today { return .dateInFuture.at(field) }
    return nil
  }
  static let endsLater = Guard(.endDateMissing.at("until_date")) { move, missing in
    guard case .suspend(let until) = move.command else { return nil }
    if until.isEmpty { return missing }
    guard let date = CivilDate(until) else { return Reason.dateInvalid.at("until_date") }
    return date > move.today ? nil : .endDatePassed.at("until_date")
  }

  // MARK: - Why

  static let hasReason = Guard(.reasonMissing.at("reason_text")) { $0.hasText }
  static let hasStatement = Guard(.statementMissing.at("statement_text")) { $0.hasText }
  static let hasEvaluation = Guard(.evaluationMissing.at("evaluation_ref")) { move in
    switch move.command {
    case .coach(let evaluation), .recover(let evaluation, _): !evaluation.isEmpty
    default: true
    }
  }
  static let evaluationIsLater = Guard(.evaluationNotLater.at("evaluation_ref")) { move in
    guard case .recover(let evaluation, _) = move.command else { return true }
    return evaluation.isEmpty || evaluation != move.member?.evaluationRef
  }
  static let evaluationPasses = Guard(.evaluationBelowPass.at("evaluation_score")) { move in
    guard case .recover(_, let score) = move.command else { return true }
    return (move.world.policy.passScore...100).contains(score)
  }
  static let hasSuggestion = Guard(.suggestionMissing.at("suggestion_id")) { move in
    guard case .proposeMoveOut(let suggestion, _, _) = move.command else { return true }
    return !suggestion.isEmpty
  }
  static let hasStandard = Guard(.standardMissing.at("standard_ref")) { move in
    guard case .proposeMoveOut(_, let standard, _) = move.command else { return true }
    return !standard.isEmpty
  }
  static let hasEvidence = Guard(.evidenceMissing.at("evidence_refs")) { move in
    guard case .proposeMoveOut(_, _, let evidence) = move.command else { return true }
    return evidence.contains { !$0.isEmpty }
  }
  static let gradeChanges = Guard(.gradeUnchanged.at("grade")) { move, unchanged in
    guard case .setGrade(let grade, _) = move.command else { return nil }
    guard let grade else { return Reason.gradeMissing.at("grade") }
    return grade == move.member?.grade ? unchanged : nil
  }
  static let hasSuggestionOrReason = Guard(.suggestionOrReasonMissing) { move in
    guard case .setGrade(_, let suggestion) = move.command else { return true }
    return !suggestion.isEmpty || move.hasText
  }

  // MARK: - Right and duty

  /// A right is a window: at the due time the member may still speak, afterwards not.
  static let isWithinStatementWindow = Guard(.windowClosed) { move in
    guard let clock = move.member?.moveOut?.statementClock else { return true }
    return !clock.isStopped && !clock.isOverdue(at: move.now, in: move.world.calendar)
  }
  static let statementPeriodIsOver = Guard(.statementPeriodRunning) { move, running in
    guard let clock = move.member?.moveOut?.statementClock, !clock.isStopped,
      !clock.isOverdue(at: move.now, in: move.world.calendar)
    else { return nil }
    return clock.dueTime(in: move.world.calendar).map { running.with("due_time", $0.rfc3339) } ?? running
  }
  static let decidesAsAnother = Guard(.samePerson) { $0.member?.moveOut?.proposerID != $0.actorID }
  static let objectionIsUpheld = Guard(.objectionMissing.at("objection_ref")) { move in
    guard case .reinstate(let objection, _) = move.command else { return true }
    return !objection.isEmpty
  }
  /// ≤ 30 d: difference of dates in Asia/Shanghai.
  static let isWithinObjectionWindow = Guard(.windowClosed) { move in
    guard let decided = move.member?.moveOut?.decision?.time else { return true }
    return move.today - CivilDate(decided) <= move.world.policy.objectionDays
  }

  // MARK: - Hand-over

  /// Two reasons at most: what is open, and that nobody can know.
  static let casesAreHandedOver = Guard(.openCasesRemain) { move, remain in
    if move.world.openCases.isStale(at: move.now) { return Reason.caseCountsStale }
    let count = move.world.openCases.count
    return count > 0 ? remain.with("open_case_count", String(count)) : nil
  }
  static let successorTakesOver = Guard(.successorNotFound.at("to_member_id")) { move, notFound in
    guard let successor = move.world.successor else { return notFound }
    if successor.id == move.member?.id { return Reason.successorIsSelf.at("to_member_id") }
    if successor.townshipCode != move.member?.townshipCode { return .successorOutsideTownship.at("to_member_id") }
    return successor.state == .active ? nil : .successorNotActive.at("to_member_id")
  }
}

extension GridMember.Qualification {
  var isSound: Bool { (0...100).contains(examScore) && (0...60).contains(serviceYears) }
}
