import CommonContract
package import GridRegistryContract
package import GridRegistryDomain
import Kernel
import Wire
import WireTypes
import WorkClock

/// What a clock says is derived: by which calendar, at which time. Journal lines carry what is stored and nothing else.
struct Moment {
  let calendar: WorkCalendar
  let now: Timestamp
}

extension CommonV1.Clock {
  init(_ clock: Clock, at moment: Moment?) {
    self.init(
      clockKind: clock.kind, round: Int32(clamping: clock.round), policyCode: clock.policyCode,
      policyVersion: Int32(clamping: clock.policyVersion),
      budget: .init(amount: Int32(clamping: clock.budget.amount), unit: .init(clock.budget.unit, prefix: "UNIT_")),
      startTime: .init(clock.startTime), stopTime: clock.stopTime.map { .init($0) })
    guard let moment else { return }
    dueTime = clock.dueTime(in: moment.calendar).map { .init($0) }
    onTime = !clock.isOverdue(at: moment.now, in: moment.calendar)
    provisional = clock.isProvisional(in: moment.calendar)
  }
}

extension Clock {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: CommonV1.Clock?) {
    guard let message, let start = message.startTime?.kernel, let budget = try? Budget(message.budget) else {
      return nil
    }
    self.init(
      kind: message.clockKind, round: Int(message.round), policyCode: message.policyCode,
      policyVersion: Int(message.policyVersion), budget: budget, startTime: start, stopTime: message.stopTime?.kernel)
  }
}

extension GridRegistryV1.Member {
  /// The member as others see them; without a name in the journal.
  init(_ member: GridMember, name: String = "", at moment: Moment? = nil) {
    self.init(
      memberID: member.id.text, personID: member.personID.text, name: name, orgID: member.organisationID.text,
      townshipCode: member.townshipCode.text, state: .init(member.state, prefix: "STATE_"),
      grade: .init(member.grade, prefix: "GRADE_"), local: member.isLocal,
      assignments: member.assignments.map { .init($0) }, qualification: member.qualification.map { .init($0) },
      suspendedUntilDate: member.suspendedUntil?.description ?? "",
      moveOut: member.moveOut.map { .init($0, at: moment) },
      handover: member.handover.map { .init(toMemberID: $0.successorID.text, orderTime: .init($0.orderTime)) },
      evaluationRef: member.evaluationRef, activeSinceTime: member.activeSince.map { .init($0) },
      endTime: member.endTime.map { .init($0) }, version: UInt64(member.version),
      coachedSinceTime: member.coachedSince.map { .init($0) })
  }
}

extension GridMember {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.Member) {
    guard let township = AreaCode(message.townshipCode),
      let state = message.state.word(prefix: "STATE_", as: State.self),
      let grade = message.grade.word(prefix: "GRADE_", as: Grade.self)
    else { return nil }
    self.init(
      id: ID(message.memberID), personID: .init(message.personID), organisationID: .init(message.orgID),
      townshipCode: township, state: state, grade: grade, isLocal: message.local,
      assignments: message.assignments.compactMap(Assignment.init),
      qualification: message.qualification.map(Qualification.init),
      suspendedUntil: CivilDate(message.suspendedUntilDate), moveOut: message.moveOut.flatMap(MoveOut.init),
      handover: message.handover.flatMap { handover in
        handover.orderTime.map { Handover(successorID: .init(handover.toMemberID), orderTime: $0.kernel) }
      }, evaluationRef: message.evaluationRef, coachedSince: message.coachedSinceTime?.kernel,
      activeSince: message.activeSinceTime?.kernel, endTime: message.endTime?.kernel, version: Int(message.version))
  }
}

extension GridRegistryV1.Assignment {
  init(_ assignment: GridMember.Assignment) {
    self.init(
      gridID: assignment.gridID.text, post: .init(assignment.post, prefix: "POST_"),
      fromDate: assignment.from.description, toDate: assignment.to?.description ?? "")
  }
}

extension GridMember.Assignment {
  init?(_ message: GridRegistryV1.Assignment) {
    guard let post = message.post.word(prefix: "POST_", as: GridMember.Post.self),
      let from = CivilDate(message.fromDate)
    else { return nil }
    self.init(gridID: .init(message.gridID), post: post, from: from, to: CivilDate(message.toDate))
  }
}

extension GridRegistryV1.Qualification {
  init(_ qualification: GridMember.Qualification) {
    self.init(
      examScore: Int32(clamping: qualification.examScore), serviceYears: Int32(clamping: qualification.serviceYears),
      readyFromDate: qualification.readyFrom?.description ?? "")
  }
}

extension GridMember.Qualification {
  init(_ message: GridRegistryV1.Qualification) {
    self.init(
      examScore: Int(message.examScore), serviceYears: Int(message.serviceYears),
      readyFrom: CivilDate(message.readyFromDate))
  }
}

extension GridRegistryV1.MoveOut {
  init(_ moveOut: GridMember.MoveOut, at moment: Moment?) {
    self.init(
      suggestionID: moveOut.suggestionID, standardRef: moveOut.standardRef, evidenceRefs: moveOut.evidenceRefs,
      proposerPersonID: moveOut.proposerID.text, noticeTime: .init(moveOut.noticeTime),
      statementClock: .init(moveOut.statementClock, at: moment),
      statementTime: moveOut.statementTime.map { .init($0) }, statementFinal: moveOut.statementClock.isStopped,
      deciderPersonID: moveOut.decision?.personID.text ?? "", decideTime: moveOut.decision.map { .init($0.time) },
      movedOut: moveOut.decision?.isMovedOut == true)
  }
}

extension GridMember.MoveOut {
  init?(_ message: GridRegistryV1.MoveOut) {
    guard let clock = Clock(message.statementClock), let notice = message.noticeTime?.kernel else { return nil }
    self.init(
      suggestionID: message.suggestionID, standardRef: message.standardRef, evidenceRefs: message.evidenceRefs,
      proposerID: .init(message.proposerPersonID), noticeTime: notice, statementClock: clock,
      statementTime: message.statementTime?.kernel,
      decision: message.decideTime.map {
        .init(personID: .init(message.deciderPersonID), time: $0.kernel, isMovedOut: message.movedOut)
      })
  }
}

extension GridRegistryV1.MemberStep {
  init(_ step: GridMember.Step) {
    self.init(
      number: Int32(clamping: step.number), action: step.action.rawValue,
      fromState: .init(step.from, prefix: "STATE_"), toState: .init(step.to, prefix: "STATE_"),
      occurTime: .init(step.time), actorPersonID: step.actorID.text, actorRole: step.actorRole,
      reference: step.reference, text: step.text.map { .init($0) })
  }
}

extension GridMember.Event {
  /// `nil` if the message is not one that this service wrote.
  package init?(_ message: GridRegistryV1.MemberEvent) {
    guard let step = message.step, let member = message.member.flatMap(GridMember.init),
      let action = GridMember.Action(rawValue: step.action), let time = step.occurTime?.kernel,
      let to = step.toState.word(prefix: "STATE_", as: GridMember.State.self)
    else { return nil }
    self.init(
      step: .init(
        number: Int(step.number), action: action, from: step.fromState.word(prefix: "STATE_"), to: to, time: time,
        actorID: .init(step.actorPersonID), actorRole: step.actorRole, reference: step.reference,
        text: step.text.map { .init(id: $0.sealedID, digest: $0.digest) }), member: member)
  }
}

extension GridRegistryV1.MemberEvent {
  init(_ event: GridMember.Event, successor: GridMember?) {
    self.init(step: .init(event.step), member: .init(event.member))
    if event.step.action == .orderHandover, let successor {
      handover = .init(
        fromPersonID: event.member.personID.text, toPersonID: successor.personID.text, toMemberID: successor.id.text,
        gridIDs: event.member.openAssignments.map(\.gridID.text))
    }
  }
}

extension GridRegistryV1.Vacancy {
  init(_ vacancy: Vacancy, at moment: Moment? = nil) {
    self.init(
      vacancyID: vacancy.id.text, gridID: vacancy.gridID.text, townshipCode: vacancy.townshipCode.text,
      post: .init(vacancy.post, prefix: "POST_"), vacancyReason: vacancy.cause.rawValue,
      state: .init(vacancy.state, prefix: "STATE_"), clock: .init(vacancy.clock, at: moment),
      filledByMemberID: vacancy.filledBy?.text ?? "", endTime: vacancy.clock.stopTime.map { .init($0) },
      overdueTime: vacancy.overdueTime.map { .init($0) }, version: UInt64(vacancy.version))
  }
}

extension Vacancy {
  /// `nil` if the message is not one that this service wrote.
  package init?(_ message: GridRegistryV1.Vacancy) {
    guard let township = AreaCode(message.townshipCode), let clock = Clock(message.clock),
      let post = message.post.word(prefix: "POST_", as: GridMember.Post.self),
      let cause = Cause(rawValue: message.vacancyReason),
      let state = message.state.word(prefix: "STATE_", as: State.self)
    else { return nil }
    self.init(
      id: ID(message.vacancyID), gridID: .init(message.gridID), townshipCode: township, post: post, cause: cause,
      state: state, clock: clock, filledBy: .init(nonEmpty: message.filledByMemberID),
      overdueTime: message.overdueTime?.kernel, version: Int(message.version))
  }
}

extension GridMember.Placement {
  init(_ gridID: String, _ post: GridRegistryV1.Assignment.Post, _ from: String) {
    self.init(gridID: gridID, post: post.word(prefix: "POST_"), from: from)
  }

  /// `nil` where no grid is named.
  init?(nonEmpty gridID: String, _ post: GridRegistryV1.Assignment.Post, _ from: String) {
    guard !gridID.isEmpty else { return nil }
    self.init(gridID, post, from)
  }
}
