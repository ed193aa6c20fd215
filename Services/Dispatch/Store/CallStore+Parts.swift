import DispatchDomain
import Kernel
import Persistence
import WorkClock

extension CallStore {
  func loadParts(of call: inout Call, _ key: [Value], in reading: some Reading) throws {
    call = Call(
      identity: call.identity, version: call.version, state: call.state, content: call.content,
      submissionRound: call.submissionRound, finding: call.finding,
      admission: try admission(call, key, in: reading),
      assignments: try reading.all(CallPartQueries.assignments, key, Self.assignment),
      clocks: try reading.all(CallPartQueries.clocks, key, Self.clock), workRound: call.workRound,
      verifications: try reading.all(CallPartQueries.verifications, key, Self.verification), outcome: call.outcome,
      cancelRequest: call.cancelRequest, draftTime: call.draftTime, submitTime: call.submitTime,
      dispatchTime: call.dispatchTime, closeTime: call.closeTime, closingReason: call.closingReason)
  }

  func saveParts(of call: Call, after before: Call?, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county), .id(call.id)]
    if before?.content.caseIDs != call.content.caseIDs {
      try transaction.run(CallPartQueries.clearCases, key)
      for caseID in call.content.caseIDs {
        try transaction.run(
          CallPartQueries.saveCase, [.text(county), .text(caseID), .id(call.id), .time(call.draftTime)])
      }
    }
    if before?.assignments != call.assignments {
      for (position, assignment) in call.assignments.enumerated() {
        try transaction.run(CallPartQueries.saveAssignment, key + [.integer(position)] + Self.values(assignment))
      }
    }
    if before?.clocks != call.clocks {
      for (position, clock) in call.clocks.enumerated() {
        try transaction.run(CallPartQueries.saveClock, key + [.integer(position)] + Self.values(clock))
      }
    }
    if before?.admission != call.admission, let admission = call.admission {
      try save(admission, key, in: transaction)
    }
    for verification in call.verifications.dropFirst(before?.verifications.count ?? 0) {
      try transaction.run(CallPartQueries.saveVerification, key + Self.values(verification))
    }
  }

  // MARK: - Admission

  private func admission(_ call: Call, _ key: [Value], in reading: some Reading) throws -> Admission? {
    let key = key + [.integer(call.submissionRound)]
    let rules = try reading.all(CallPartQueries.rules, key) { row in
      let advice = row.optionalText(5)
      let english = row.optionalText(6)
      return RuleResult(
        rule: row.named(0, or: .studied), result: row.named(1, or: .unknown), inputs: TextColumn.pairs(row.text(2)),
        basis: row.text(3), ruleVersion: row.text(4), advice: advice.map { Advice(zh: $0, en: english ?? "") })
    }
    return try reading.first(CallPartQueries.admission, key) { row in
      Admission(
        round: call.submissionRound, decision: row.named(0, or: .manualReview),
        machineDecision: row.named(1, or: .manualReview), rules: rules,
        causes: row.texts(2).compactMap(ReviewCause.init(rawValue:)), judgeTime: row.time(3), review: Self.review(row))
    }
  }

  private static func review(_ row: borrowing Row) -> Review? {
    row.isNull(4)
      ? nil
      : Review(
        reviewerID: row.text(4), reviewerOrgID: row.text(5), isAdmitted: row.bool(6), reason: row.text(7),
        rule: row.optionalNamed(8, or: .studied), basis: row.text(9), reviewTime: row.time(10))
  }

  private func save(_ admission: Admission, _ key: [Value], in transaction: WriteTransaction) throws {
    let key = key + [.integer(admission.round)]
    let review = admission.review
    try transaction.run(
      CallPartQueries.saveAdmission,
      key + [
        .text(admission.decision.rawValue), .text(admission.machineDecision.rawValue),
        .texts(admission.causes.map(\.rawValue)), .time(admission.judgeTime), .optionalText(review?.reviewerID),
        .optionalText(review?.reviewerOrgID), .optionalBool(review?.isAdmitted), .optionalText(review?.reason),
        .optionalText(review?.rule?.rawValue), .optionalText(review?.basis), .optionalTime(review?.reviewTime),
      ])
    for (position, rule) in admission.rules.enumerated() {
      try transaction.run(
        CallPartQueries.saveRule,
        key + [
          .integer(position), .text(rule.rule.rawValue), .text(rule.result.rawValue),
          .text(TextColumn.encode(rule.inputs)), .text(rule.basis), .text(rule.ruleVersion),
          .optionalText(rule.advice?.chinese), .optionalText(rule.advice?.english),
        ])
    }
  }

  // MARK: - Assignments, clocks, verifications

  private static func assignment(_ row: borrowing Row) -> Assignment {
    Assignment(
      orgID: row.text(0), part: row.named(1, or: .main), office: row.text(2), phone: row.text(3),
      progress: row.named(4, or: .open), signTime: row.optionalTime(5), respondTime: row.optionalTime(6),
      doneTime: row.optionalTime(7), planDate: row.optionalDate(8), contactRecord: row.optionalSealed(9),
      plan: row.optionalSealed(10), result: row.optionalSealed(11))
  }

  private static func values(_ assignment: Assignment) -> [Value] {
    [
      .text(assignment.orgID), .text(assignment.part.rawValue), .text(assignment.office), .text(assignment.phone),
      .text(assignment.progress.rawValue), .optionalTime(assignment.signTime), .optionalTime(assignment.respondTime),
      .optionalTime(assignment.doneTime), .optionalDate(assignment.planDate),
      .optionalSealed(assignment.contactRecord), .optionalSealed(assignment.plan), .optionalSealed(assignment.result),
    ]
  }

  static func clock(_ row: borrowing Row) -> Clock {
    Clock(
      kind: row.named(0, or: ClockKind.sign).rawValue, round: row.int(1), policyCode: row.text(2),
      policyVersion: row.int(3), budget: row.budget(4), startTime: row.time(6), stopTime: row.optionalTime(7),
      floorDue: row.optionalTime(8))
  }

  private static func values(_ clock: Clock) -> [Value] {
    [.text(clock.kind), .integer(clock.round), .text(clock.policyCode), .integer(clock.policyVersion)]
      + Value.budget(clock.budget)
      + [.time(clock.startTime), .optionalTime(clock.stopTime), .optionalTime(clock.floorDue)]
  }

  private static func verification(_ row: borrowing Row) -> Verification {
    let rating = row.optionalInt(3).map { speed in
      Rating(speed: speed, attitude: row.int(4), result: row.int(5))
    }
    return Verification(
      workRound: row.int(0), verdict: row.named(1, or: .solved), points: row.sealedTexts(2), rating: rating,
      verifyTime: row.time(6), verifierID: row.text(7))
  }

  private static func values(_ verification: Verification) -> [Value] {
    [
      .integer(verification.workRound), .text(verification.verdict.rawValue),
      .texts(verification.points.map(TextColumn.encode)), .optionalInteger(verification.rating?.speed),
      .optionalInteger(verification.rating?.attitude), .optionalInteger(verification.rating?.result),
      .time(verification.verifyTime), .text(verification.verifierID),
    ]
  }
}
