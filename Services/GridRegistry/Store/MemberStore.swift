package import GridRegistryDomain
package import Kernel
package import Persistence
import WorkClock

/// Members as rows, with their assignments, their last proposal to move out and the steps that they took.
package struct MemberStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: GridMember.ID, in reading: some Reading) throws -> GridMember? {
    try reading.first(MemberQueries.load, [.text(county.text), .id(id)], Self.member).map {
      try complete($0, in: reading)
    }
  }

  /// Every entry of a person, the oldest first.
  package func list(ofPerson person: Person.ID, in reading: some Reading) throws -> [GridMember] {
    try reading.all(MemberQueries.ofPerson, [.text(county.text), .id(person)], Self.member)
      .map { try complete($0, in: reading) }
  }

  /// At most `limit` members after an id, in order, of one township and one state where given.
  package func list(
    township: AreaCode?, state: GridMember.State?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [GridMember] {
    let page: [Value] = [.text(id), .integer(limit)]
    let (statement, filters): (Statement, [Value]) =
      switch (township, state) {
      case (nil, nil): (MemberQueries.list, [])
      case (nil, let state?): (MemberQueries.listOfState, [.text(state.rawValue)])
      case (let township?, nil): (MemberQueries.listOfTownship, [.text(township.text)])
      case (let township?, let state?):
        (MemberQueries.listOfTownshipAndState, [.text(township.text), .text(state.rawValue)])
      }
    return try reading.all(statement, [.text(county.text)] + filters + page, Self.member)
      .map { try complete($0, in: reading) }
  }

  /// Who answers for a grid now: deputies and the primary.
  package func assigned(
    to grid: Grid.ID, in reading: some Reading
  ) throws -> [(member: GridMember.ID, post: GridMember.Post)] {
    try reading.all(MemberQueries.assignedTo, [.text(county.text), .id(grid)]) { row in
      (row.id(0), row.named(1, or: .deputy))
    }
  }

  /// Who ever answered for a grid.
  package func everAssigned(to grid: Grid.ID, in reading: some Reading) throws -> [GridMember.ID] {
    try reading.all(MemberQueries.everAssignedTo, [.text(county.text), .id(grid)]) { $0.id(0) }
  }

  /// Suspended members with the first day on which they work again, the earliest first.
  package func suspended(
    limit: Int, in reading: some Reading
  ) throws -> [(member: GridMember.ID, until: CivilDate)] {
    try reading.all(MemberQueries.suspendedUntil, [.text(county.text), .integer(limit)]) { ($0.id(0), $0.date(1)) }
  }

  /// How many of these end on `day` or before.
  package func countSuspended(until day: CivilDate, in reading: some Reading) throws -> Int {
    try reading.first(MemberQueries.countSuspended, [.text(county.text), .date(day)]) { $0.int(0) } ?? 0
  }

  /// The steps that a member took, in order.
  package func steps(of id: GridMember.ID, in reading: some Reading) throws -> [GridMember.Step] {
    try reading.all(MemberQueries.steps, [.text(county.text), .id(id)]) { row in
      let action = GridMember.Action(rawValue: row.text(1))
      if action == nil { row.reject(1) }
      return GridMember.Step(
        number: row.int(0), action: action ?? .nominate, from: row.isNull(2) ? nil : row.named(2, or: .candidate),
        to: row.named(3, or: .left), time: row.time(4), actorID: row.id(5), actorRole: row.text(6),
        reference: row.text(7), text: row.optionalText(8).map { Person.Sealed(id: $0, digest: row.bytes(9)) })
    }
  }

  /// Saves what an event says: the member, and the step that was taken.
  package func save(_ event: GridMember.Event, in transaction: WriteTransaction) throws {
    let member = event.member
    let key: [Value] = [.text(county.text), .id(member.id)]
    try transaction.run(
      MemberQueries.save,
      key + [
        .id(member.personID), .id(member.organisationID), .text(member.townshipCode.text),
        .text(member.state.rawValue), .text(member.grade.rawValue), .bool(member.isLocal),
        .optionalInteger(member.qualification?.examScore), .optionalInteger(member.qualification?.serviceYears),
        .optionalDate(member.qualification?.readyFrom), .optionalDate(member.suspendedUntil),
        .text(member.evaluationRef), .optionalTime(member.coachedSince), .optionalTime(member.activeSince),
        .optionalTime(member.endTime), .optionalID(member.handover?.successorID),
        .optionalTime(member.handover?.orderTime), .integer(member.version),
      ])
    for (position, assignment) in member.assignments.enumerated() {
      try transaction.run(
        MemberQueries.saveAssignment,
        key + [
          .integer(position), .id(assignment.gridID), .text(assignment.post.rawValue), .date(assignment.from),
          .optionalDate(assignment.to),
        ])
    }
    if let moveOut = member.moveOut {
      let clock = moveOut.statementClock
      try transaction.run(
        MemberQueries.saveMoveOut,
        key + [
          .text(moveOut.suggestionID), .text(moveOut.standardRef), .text(TextColumn.encode(moveOut.evidenceRefs)),
          .id(moveOut.proposerID), .time(moveOut.noticeTime), .text(clock.policyCode), .integer(clock.policyVersion),
          .integer(clock.budget.amount), .text(clock.budget.unit.rawValue), .time(clock.startTime),
          .optionalTime(clock.stopTime), .optionalTime(moveOut.statementTime),
          .optionalID(moveOut.decision?.personID), .optionalTime(moveOut.decision?.time),
          .bool(moveOut.decision?.isMovedOut == true),
        ])
    }
    try save(event.step, of: member.id, in: transaction)
  }

  private func save(_ step: GridMember.Step, of id: GridMember.ID, in transaction: WriteTransaction) throws {
    try transaction.run(
      MemberQueries.saveStep,
      [
        .text(county.text), .id(id), .integer(step.number), .text(step.action.rawValue),
        .optionalText(step.from?.rawValue), .text(step.to.rawValue), .time(step.time), .id(step.actorID),
        .text(step.actorRole), .text(step.reference), .optionalText(step.text?.id),
        .optionalBytes(step.text?.digest),
      ])
  }

  private func complete(_ member: GridMember, in reading: some Reading) throws -> GridMember {
    var member = member
    let key: [Value] = [.text(county.text), .id(member.id)]
    member.assignments = try reading.all(MemberQueries.assignments, key) { row in
      GridMember.Assignment(
        gridID: row.id(0), post: row.named(1, or: .deputy), from: row.date(2), to: row.optionalDate(3))
    }
    member.moveOut = try reading.first(MemberQueries.moveOut, key) { row in
      let clock = row.clock("STATEMENT", at: 5)
      let decision = row.optionalTime(13).map { time in
        GridMember.Decision(personID: row.id(12), time: time, isMovedOut: row.bool(14))
      }
      return GridMember.MoveOut(
        suggestionID: row.text(0), standardRef: row.text(1), evidenceRefs: TextColumn.decode(row.text(2)),
        proposerID: row.id(3), noticeTime: row.time(4), statementClock: clock, statementTime: row.optionalTime(11),
        decision: decision)
    }
    return member
  }

  private static func member(_ row: borrowing Row) -> GridMember {
    let township = AreaCode(row.text(3))
    if township == nil { row.reject(3) }
    let years = row.optionalInt(8) ?? 0
    let readyFrom = row.optionalDate(9)
    let qualification = row.optionalInt(7).map {
      GridMember.Qualification(examScore: $0, serviceYears: years, readyFrom: readyFrom)
    }
    let ordered = row.optionalTime(16)
    let handover: GridMember.Handover? =
      if let successor: GridMember.ID = row.optionalID(15), let ordered {
        .init(successorID: successor, orderTime: ordered)
      } else {
        nil
      }
    return GridMember(
      id: row.id(0), personID: row.id(1), organisationID: row.id(2), townshipCode: township ?? .unreadable,
      state: row.named(4, or: .left), grade: row.named(5, or: .member), isLocal: row.bool(6),
      qualification: qualification, suspendedUntil: row.optionalDate(10), handover: handover,
      evaluationRef: row.text(11), coachedSince: row.optionalTime(12), activeSince: row.optionalTime(13),
      endTime: row.optionalTime(14), version: row.int(17))
  }

  static let statements = MemberQueries.all
}

extension Row {
  /// A clock without suspensions in seven columns: policy, its version, budget, unit, start, stop.
  borrowing func clock(_ kind: String, at index: Int) -> Clock {
    let unit: Budget.Unit = named(index + 3, or: .workingDay)
    let budget = try? Budget(int(index + 2), unit)
    if budget == nil { reject(index + 2) }
    return Clock(
      kind: kind, policyCode: text(index), policyVersion: int(index + 1), budget: budget ?? .workingDays(1),
      startTime: time(index + 4), stopTime: optionalTime(index + 5))
  }
}
