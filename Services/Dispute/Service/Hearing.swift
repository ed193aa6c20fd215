import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Lifecycle
import Persistence
import Runtime
import WorkClock

/// What one relayed message does, inside its transaction, at its own time.
struct Hearing {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  func hear(_ content: DisputeV1.Message.OneOfContent?) throws {
    switch content {
    case .organisation(let heard): try dispute.directory.save(heard.domain, in: transaction.tx)
    case .person(let heard): try dispute.directory.save(heard.domain, in: transaction.tx)
    case .grid(let heard):
      try dispute.directory.save(heard.domain, in: transaction.tx)
      try dispute.screening.save(
        heard.units.map { GridUnit(unitID: $0.unitID, name: $0.name, householdCount: Int($0.householdCount)) },
        gridType: heard.gridType, of: ID(heard.gridID), in: transaction.tx)
    case .gridPath(let heard):
      let isKnown = try dispute.directory.savePath(heard.path.steps, of: ID(heard.gridID), in: transaction.tx)
      guard isKnown else { throw Refused(.failedPrecondition, .gridNotHeard) }
    case .calendar(let heard): try hear(heard.domain)
    case .call(let heard): try heard.caseIDs.forEach { try hear(heard, on: ID($0)) }
    case .task(let heard): try hear(heard, on: ID(heard.caseID))
    case .handover(let heard): try hear(heard)
    case .gridMember(let heard):
      try dispute.directory.saveMember(
        heard.memberID, ID(heard.personID), of: heard.gridIDs.map { ID($0) }, in: transaction.tx)
    case .heartbeat, nil: break
    }
  }

  /// A year of the calendar takes the place of what was assumed: the running clocks keep what they had promised.
  private func hear(_ year: WorkCalendar.Year) throws {
    let old = try dispute.directory.calendar(in: transaction.tx)
    try dispute.directory.save(year, in: transaction.tx)
    let new = try dispute.directory.calendar(in: transaction.tx)
    guard old != new else { return }
    let world = Surroundings(calendar: new, policies: try dispute.policies.policies(in: transaction.tx))
    for id in try dispute.cases.findRunning(in: transaction.tx) {
      guard let record = try dispute.cases.load(id, in: transaction.tx),
        let event = record.rederived(from: old, to: new, at: transaction.now)
      else { continue }
      _ = try dispute.save(event, on: record, world, transaction)
    }
    _ = try Alerting(dispute, transaction, world).rederive { $0.promised(from: old, to: new) }
    _ = try PartyRights(dispute, transaction).rederive { $0.promised(from: old, to: new) }
  }

  /// Somebody's duties go to another person, and with them the open cases.
  private func hear(_ handover: DisputeV1.HandoverHeard) throws {
    guard let from: ID<Person> = handover.fromPersonID.given(), let to: ID<Person> = handover.toPersonID.given() else {
      return
    }
    for id in try dispute.cases.find(answeredBy: from, in: transaction.tx) {
      guard let record = try dispute.cases.head(id, in: transaction.tx), !record.state.isTerminal else { continue }
      _ = try dispute.carryOut(.takeOver(to), on: id, transaction)
    }
  }

  private func hear(_ call: DisputeV1.CallHeard, on caseID: ID<Case>) throws {
    let state: Case.Link.State =
      switch call.outcome {
      case .unspecified, .unrecognized: .open
      case .solved, .verifiedBySilence: .solved
      case .unsolved, .notAdmitted, .cancelled: .unsolved
      }
    try link(.call, call.callID, state, call.determination?.domain, on: caseID)
  }

  private func hear(_ task: DisputeV1.CoordinationTaskHeard, on caseID: ID<Case>) throws {
    let state: Case.Link.State =
      switch task.outcome {
      case .unspecified, .unrecognized: .open
      case .done: .solved
      case .unable, .failed, .cancelled, .overdue: .unsolved
      }
    try link(.task, task.taskID, state, nil, on: caseID)
  }

  /// Remembers the link, then does what the case was waiting for. Nothing happens to a case that has ended, and nothing to one
  /// that knows it already: an imported row brought its own evidence.
  private func link(
    _ subject: Case.Link.Subject, _ subjectID: String, _ state: Case.Link.State, _ determination: Case.Determination?,
    on caseID: ID<Case>
  ) throws {
    guard var record = try dispute.cases.load(caseID, in: transaction.tx) else { return }
    // What comes for a merged case is its survivor's.
    if let survivor = record.survivor, let end = try dispute.cases.load(survivor.caseID, in: transaction.tx) {
      record = end
    }
    guard !record.state.isTerminal else { return }
    let known = record.links.first { $0.subjectID == subjectID }
    if known?.state == state || (known != nil && known?.state != .open && state == .open) { return }
    record = try perform(.link(subject, subjectID, state), on: record)
    if record.determination == nil, let determination, canBeDetermined(record) {
      record = try perform(.determine(determination), on: record)
    }
    guard record.awaited == subjectID else { return }
    switch (record.state, state) {
    case (.awaitingCall, .solved): _ = try perform(.callSolved, on: record)
    case (.awaitingCall, .unsolved): _ = try perform(.callBack, on: record)
    case (.awaitingAgency, .unsolved): _ = try perform(.agencyFailed, on: record)
    default: break
    }
  }

  private func canBeDetermined(_ record: Case) -> Bool {
    Case.lifecycle.rows.contains { $0.from == record.state && $0.action == .determine }
  }

  private func perform(_ command: Case.Command, on record: Case) throws -> Case {
    let world = try dispute.surroundings(of: record, actor: transaction.actor, in: transaction.tx)
    let event = try record.decide(
      command, by: transaction.actor, as: [.system], in: world, at: transaction.now)
    return try dispute.save(event, on: record, world, transaction)
  }
}

// MARK: - In our words

extension DisputeV1.OrganisationHeard {
  var domain: Organisation {
    Organisation(
      organisationID: ID(orgID), name: name, kind: Organisation.Kind(rawValue: orgType) ?? .other,
      businessParent: businessParentOrgID.given(), dailyParent: dailyParentOrgID.given(),
      township: AreaCode(townshipCode), isClosed: closed)
  }
}

extension DisputeV1.PersonHeard {
  var domain: Person {
    Person(personID: ID(personID), organisation: ID(orgID), roles: roles, hasLeft: left)
  }
}

extension DisputeV1.GridHeard {
  /// Refuses a grid without a place.
  var domain: Grid {
    get throws(Refused) {
      guard let area = AreaCode(areaCode) else { throw Refused(.invalidArgument, .areaCodeWrong) }
      return Grid(
        gridID: ID(gridID), code: code, area: area, organisation: ID(orgID), members: memberPersonIDs.map { ID($0) },
        path: path.steps, isClosed: closed)
    }
  }
}

extension [DisputeV1.PathStep] {
  /// Steps of a level that we do not know are left out.
  var steps: [PathStep] {
    compactMap { step in Case.Level(wire: step.level).map { PathStep($0, ID(step.orgID)) } }
  }
}

extension DisputeV1.CalendarHeard {
  /// Only the days that differ from Monday to Friday.
  var domain: WorkCalendar.Year {
    let differing = days.compactMap { day -> (CivilDate, WorkCalendar.Day)? in
      guard let date = CivilDate(day.date), (date.weekday <= 5) != day.working else { return nil }
      return (date, day.working ? .work : .rest)
    }
    let hours = officePeriods.filter { $0.startMinute < $0.endMinute }.map { Int($0.startMinute)..<Int($0.endMinute) }
    return WorkCalendar.Year(
      year: Int(year), days: Dictionary(differing) { first, _ in first },
      officeHours: hours.isEmpty ? WorkCalendar.standardHours : hours, isConfirmed: confirmed)
  }
}
