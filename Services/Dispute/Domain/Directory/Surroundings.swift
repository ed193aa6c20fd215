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

  /// Whether somebody of `actor` acts for `organisation`: it is the same, or the body whose room this is.
  package func acts(_ actor: ID<Organisation>, for organisation: ID<Organisation>) -> Bool {
    if actor == organisation { return true }
    guard let room = organisations[organisation], let body = organisations[actor] else { return false }
    return body.kind == room.kind.host && (room.dailyParent == actor || room.businessParent == actor)
  }
}
