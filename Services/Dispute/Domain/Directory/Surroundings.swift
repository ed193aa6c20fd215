package import Kernel
package import WorkClock

/// What a decision reads of the world around the case, gathered before it is taken: only what our inbox has been told.
package struct Surroundings: Sendable {
  /// The case's grid. `nil`: unlocated, or not heard of yet.
  package var grid: Grid?
  /// The organisations that may matter, by id: the actor's, the handling one, the next one.
  package var organisations: [ID<Organisation>: Organisation]
  /// The persons that the command names, as far as heard of.
  package var persons: [ID<Person>: Person]
  package var calendar: WorkCalendar
  package var policies: ClockPolicies
  /// The case that a command wants to merge into.
  package var survivor: Case?
  /// The grid that a command names, and the organisation of its township.
  package var namedGrid: Grid?
  package var townshipOrganisation: ID<Organisation>?
  /// The mediation centre of the case's township.
  package var centre: Organisation?
  /// Who takes cases in at an organisation, as far as heard.
  package var intakeClerks: [ID<Organisation>: ID<Person>] = [:]
  /// The categories that an industry's room tries first; `nil` room: the one of the grid's path.
  package var industryRules: [String: ID<Organisation>?] = [:]

  package init(
    grid: Grid? = nil, organisations: [ID<Organisation>: Organisation] = [:], persons: [ID<Person>: Person] = [:],
    calendar: WorkCalendar = .unannounced, policies: ClockPolicies = ClockPolicies()
  ) {
    self.grid = grid
    self.organisations = organisations
    self.persons = persons
    self.calendar = calendar
    self.policies = policies
  }

  /// The industry's room for a case of `category`: as named, as the county's rules say, or of the grid's path.
  package func industryRoom(_ named: ID<Organisation>?, for category: String) -> ID<Organisation>? {
    if let named { return named }
    if let rule = industryRules[category], let room = rule { return room }
    return grid?.path.first { $0.level == .industry }?.organisation
  }

  /// Where a case would be taken in with these flags.
  package func ownStep(of record: Case, flags: Set<Case.Flag>, room: ID<Organisation>?) -> PathStep? {
    if let grid { return grid.ownStep(kind: record.origin.kind, flags: flags, room: room) }
    if let room, Case.isIndustryFirst(record.origin.kind, flags) { return PathStep(.industry, room) }
    return centre.map { PathStep(.township, $0.organisationID) }
  }

  /// Whether somebody of `actor` acts for `organisation`: it is the same, or the body whose room this is.
  package func acts(_ actor: ID<Organisation>, for organisation: ID<Organisation>) -> Bool {
    if actor == organisation { return true }
    guard let room = organisations[organisation], let body = organisations[actor] else { return false }
    return body.kind == room.kind.host && (room.dailyParent == actor || room.businessParent == actor)
  }
}
