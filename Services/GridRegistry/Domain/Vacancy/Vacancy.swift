import Access
package import Kernel
package import Lifecycle
package import WorkClock

/// A place in the team that waits to be filled, with its clock (P08).
package struct Vacancy: Hashable, Sendable {
  package typealias ID = Kernel.ID<Vacancy>

  /// Where the vacancy stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case filled = "FILLED"
    case closed = "CLOSED"
  }

  /// What is done with it.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case open, fill, close
    /// The clock has run out; nothing else changes.
    case remind = "run_over"

    /// The event's name in the journal.
    package var eventType: String {
      switch self {
      case .open: "vacancy.opened"
      case .fill: "vacancy.filled"
      case .close: "vacancy.closed"
      case .remind: "vacancy.overdue"
      }
    }
  }

  /// Why a place is vacant.
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    case newGrid = "NEW_GRID"
    case noPrimary = "NO_PRIMARY"
    case memberLeft = "MEMBER_LEFT"
    case memberMovedOut = "MEMBER_MOVED_OUT"
    case memberReleased = "MEMBER_RELEASED"
    case assignmentEnded = "ASSIGNMENT_ENDED"
    case deputyNeeded = "DEPUTY_NEEDED"
  }

  /// What happened: the vacancy as it is afterwards.
  package struct Event: Hashable, Sendable {
    package let action: Action
    package let vacancy: Vacancy

    package init(action: Action, vacancy: Vacancy) {
      self.action = action
      self.vacancy = vacancy
    }
  }

  /// What a guard looks at.
  package struct Proposal: Sendable {
    package var before: Vacancy?
    package var grid: Grid?
    package var post: GridMember.Post?
    /// The grid's primary member.
    package var primary: GridMember.ID?
    /// An open vacancy of the same place.
    package var other: Vacancy.ID?
    package var now: Timestamp
    package var calendar: WorkCalendar

    package init(
      before: Vacancy? = nil, grid: Grid? = nil, post: GridMember.Post? = nil, primary: GridMember.ID? = nil,
      other: Vacancy.ID? = nil, now: Timestamp, calendar: WorkCalendar
    ) {
      self.before = before
      self.grid = grid
      self.post = post
      self.primary = primary
      self.other = other
      self.now = now
      self.calendar = calendar
    }
  }

  package let id: ID
  package let gridID: Grid.ID
  package let townshipCode: AreaCode
  package let post: GridMember.Post
  package let cause: Cause
  package var state: State
  /// Ten working days; filling late is recorded and never refused.
  package var clock: Clock
  package var filledBy: GridMember.ID?
  /// When its lateness was reported, once.
  package var overdueTime: Timestamp?
  package var version: Int

  package init(
    id: ID, gridID: Grid.ID, townshipCode: AreaCode, post: GridMember.Post, cause: Cause, state: State, clock: Clock,
    filledBy: GridMember.ID? = nil, overdueTime: Timestamp? = nil, version: Int
  ) {
    self.id = id
    self.gridID = gridID
    self.townshipCode = townshipCode
    self.post = post
    self.cause = cause
    self.state = state
    self.clock = clock
    self.filledBy = filledBy
    self.overdueTime = overdueTime
    self.version = version
  }

  // swift-format-ignore
  /// From, action, to, who, guards (D§2.1.2, `SM Vacancy`).
  package static let lifecycle = Lifecycle<State, Action, GridMember.Part, Proposal>([
    //    from     action   to       who                              guards
    .row(nil,     .open,   .open,   anyOf: [.township, .system],     .gridTakesMembers, .vacancyHasPost, .noPrimaryThere, .noVacancyThere),
    .row(.open,   .fill,   .filled, anyOf: [.township, .gridCentre, .importer, .system]),
    .row(.open,   .close,  .closed, .system,                         .gridIsGone),
    .row(.open,   .remind, .open,   .system,                         .isOverdue, .isNotRemindedYet),
  ])

  /// Folds one event in.
  package mutating func apply(_ event: Event) { self = event.vacancy }

  /// What opening a place means now.
  package static func open(
    _ id: ID, _ cause: Cause, _ proposal: Proposal, as parts: Set<GridMember.Part>, policy: TeamPolicy
  ) throws(Refused) -> Event {
    try permit(.open, proposal, as: parts)
    guard let grid = proposal.grid, let post = proposal.post else { throw Refused(.notFound, .gridNotFound) }
    let clock = Clock(
      kind: "VACANCY", policyCode: policy.code, policyVersion: policy.version, budget: policy.vacancyBudget,
      startTime: proposal.now)
    return Event(
      action: .open,
      vacancy: Vacancy(
        id: id, gridID: grid.id, townshipCode: grid.townshipCode, post: post, cause: cause, state: .open, clock: clock,
        version: 1))
  }

  /// What filling, closing or running over means now; late or not.
  package static func decide(
    _ action: Action, _ proposal: Proposal, filledBy member: GridMember.ID? = nil, as parts: Set<GridMember.Part>
  ) throws(Refused) -> Event {
    try permit(action, proposal, as: parts)
    guard var after = proposal.before else { throw Refused(.notFound, .vacancyNotFound.at("vacancy_id")) }
    after.version += 1
    switch action {
    case .open: break
    case .fill:
      after.state = .filled
      after.filledBy = member
      try after.clock.stop(at: max(proposal.now, after.clock.startTime))
    case .close:
      after.state = .closed
      try after.clock.stop(at: max(proposal.now, after.clock.startTime))
    case .remind: after.overdueTime = proposal.now
    }
    return Event(action: action, vacancy: after)
  }

  private static func permit(
    _ action: Action, _ proposal: Proposal, as parts: Set<GridMember.Part>
  ) throws(Refused) {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      _ = try lifecycle.transition(action, from: proposal.before?.state, as: parts, on: proposal)
    } catch {
      throw error.refusal(action: action.rawValue, state: proposal.before?.state.rawValue ?? "∅")
    }
  }
}

extension Guard<Vacancy.Proposal> {
  static let gridTakesMembers = Guard(.gridNotFound.at("grid_id")) { proposal, notFound in
    guard let grid = proposal.grid else { return notFound }
    return [.planned, .active].contains(grid.state) ? nil : Reason.gridNotStaffable.at("grid_id")
  }
  static let vacancyHasPost = Guard(.postMissing.at("post")) { $0.post != nil }
  static let noPrimaryThere = Guard(.gridHasPrimary.at("grid_id")) { $0.post != .primary || $0.primary == nil }
  static let noVacancyThere = Guard(.vacancyExists.at("grid_id")) { proposal, exists in
    proposal.other.map { exists.with("vacancy_id", $0.text) }
  }
  static let gridIsGone = Guard(.gridNotRetired) { ![.planned, .active].contains($0.grid?.state) }
  static let isOverdue = Guard(.vacancyNotOverdue) { proposal in
    proposal.before?.clock.isOverdue(at: proposal.now, in: proposal.calendar) == true
  }
  static let isNotRemindedYet = Guard(.vacancyNotOverdue) { $0.before?.overdueTime == nil }
}

extension Reason {
  /// Nothing is vacant under this id.
  package static let vacancyNotFound = Reason("VACANCY_NOT_FOUND", zh: "没有此空缺。", en: "There is no such vacancy.")
  /// The place is vacant already.
  package static let vacancyExists = Reason(
    "VACANCY_EXISTS", zh: "该岗位的空缺已登记。", en: "The place is registered as vacant already.")
  /// In time, or reported before.
  package static let vacancyNotOverdue = Reason(
    "VACANCY_NOT_OVERDUE", zh: "该空缺尚未逾期，或已提醒过。", en: "The vacancy is not overdue, or was reported already.")
}
