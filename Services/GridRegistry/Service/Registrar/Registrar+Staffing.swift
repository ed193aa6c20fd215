import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import Runtime
import Wire
import WorkClock

// Places in the team: who fills one, when one falls vacant (I1: an active grid has one primary member or an open vacancy).

extension Registrar {
  /// A grid is about to be looked after: without a primary member its place is vacant.
  func staff(_ grid: Grid, cause: Vacancy.Cause = .newGrid) throws {
    let isStaffed = try registry.members.assigned(to: grid.id, in: tx).contains { $0.post == .primary }
    guard !isStaffed, try !registry.vacancies.open(of: grid.id, in: tx).contains(where: { $0.post == .primary }) else {
      return
    }
    _ = try asSystem().openVacancy(of: grid, .primary, cause, as: [.system])
  }

  /// Whether a grid has its primary member, or the lack of one is known.
  func isStaffedOrVacant(_ grid: Grid.ID) throws -> Bool {
    try registry.members.assigned(to: grid, in: tx).contains { $0.post == .primary }
      || registry.vacancies.open(of: grid, in: tx).contains { $0.post == .primary }
  }

  /// A grid is no more: its vacancies close, its members keep their state and lose the grid.
  func unstaff(_ grid: Grid) throws {
    let system = try asSystem()
    for vacancy in try registry.vacancies.open(of: grid.id, in: tx) {
      let proposal = try system.proposal(for: vacancy, of: grid)
      try system.keep(try Vacancy.decide(.close, proposal, as: [.system]))
    }
    for (id, _) in try registry.members.assigned(to: grid.id, in: tx) {
      guard let member = try registry.members.load(id, in: tx),
        let event = member.decide(losing: grid.id, at: command.now)
      else { continue }
      try registry.members.save(event, in: tx)
      let payload = GridRegistryV1.MemberEvent(event, successor: nil).encoded()
      try system.record(event.step.action.eventType, "member", id.text, event.member.version, payload)
    }
  }

  /// Opens a place, if the caller may.
  func openVacancy(ofGrid idOrCode: String, _ post: GridMember.Post?) throws -> Vacancy {
    let grid = try grid(named: idOrCode)
    let parts = try standing().parts(person: nil, nominator: nil, township: grid?.townshipCode)
    if let grid { try standing().permitSeeing(grid.townshipCode) }
    return try openVacancy(
      of: grid, post, post == .deputy ? .deputyNeeded : .noPrimary, as: grid == nil ? [.township] : parts)
  }

  private func openVacancy(
    of grid: Grid?, _ post: GridMember.Post?, _ cause: Vacancy.Cause, as parts: Set<GridMember.Part>
  ) throws -> Vacancy {
    var proposal = Vacancy.Proposal(
      grid: grid, post: post, now: command.now, calendar: try registry.calendar(in: tx))
    if let grid {
      proposal.primary = try registry.members.assigned(to: grid.id, in: tx).first { $0.post == .primary }?.member
      proposal.other = try registry.vacancies.open(of: grid.id, in: tx).first { $0.post == post }?.id
    }
    let event = try Vacancy.open(.init(try id("")), cause, proposal, as: parts, policy: .first)
    try keep(event)
    return event.vacancy
  }

  private func proposal(for vacancy: Vacancy, of grid: Grid?) throws -> Vacancy.Proposal {
    Vacancy.Proposal(
      before: vacancy, grid: grid, post: vacancy.post, now: command.now, calendar: try registry.calendar(in: tx))
  }

  private func keep(_ event: Vacancy.Event) throws {
    try registry.vacancies.save(event.vacancy, in: tx)
    let payload = GridRegistryV1.VacancyEvent(vacancy: .init(event.vacancy)).encoded()
    try record(event.action.eventType, "vacancy", event.vacancy.id.text, event.vacancy.version, payload)
  }

  /// What a step of a member means for places: new assignments fill vacancies, ended ones of a primary leave them.
  func settlePlaces(_ event: GridMember.Event, before: GridMember?, as parts: Set<GridMember.Part>) throws {
    let old = before?.openAssignments ?? []
    let new = event.member.openAssignments
    for assignment in new where !old.contains(assignment) {
      let waiting = try registry.vacancies.open(of: assignment.gridID, in: tx).first { $0.post == assignment.post }
      guard let waiting else { continue }
      let proposal = try proposal(for: waiting, of: nil)
      try keep(try Vacancy.decide(.fill, proposal, filledBy: event.member.id, as: parts))
    }
    for assignment in old where !new.contains(assignment) && assignment.post == .primary {
      guard let grid = try registry.grids.load(assignment.gridID, in: tx), [.active, .planned].contains(grid.state)
      else {
        continue
      }
      try staff(grid, cause: event.step.action.cause)
    }
  }

  /// Reports a vacancy whose clock has run out.
  func reportOverdue(_ vacancy: Vacancy) throws {
    let proposal = try proposal(for: vacancy, of: nil)
    try keep(try Vacancy.decide(.remind, proposal, as: [.system]))
  }
}

extension GridMember.Action {
  /// Why the place of a member who took this step is vacant.
  fileprivate var cause: Vacancy.Cause {
    switch self {
    case .leave: .memberLeft
    case .decideMoveOut: .memberMovedOut
    case .release: .memberReleased
    default: .assignmentEnded
    }
  }
}

extension Registry {
  /// Who answers for these grids now.
  func assignedMembers(of grids: [Grid.ID], in reading: some Reading) throws -> [DivisionPlan.Assignment] {
    try grids.flatMap { grid in
      try members.assigned(to: grid, in: reading).map { .init(memberID: $0.member.text, gridID: grid) }
    }
  }

  /// Open cases of the grid that somebody assigned to it is responsible for.
  func casesWithMembers(of grid: Grid.ID, in reading: some Reading) throws -> Int {
    let persons = try members.assigned(to: grid, in: reading).compactMap { assigned in
      try members.load(assigned.member, in: reading)?.personID.text
    }
    return try Set(persons).reduce(0) { sum, person in
      sum + (try heardCases.openCount(grid: grid, responsible: person, in: reading))
    }
  }
}
