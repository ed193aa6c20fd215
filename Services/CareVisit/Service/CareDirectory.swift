package import CareVisitDomain
package import WorkClock

/// What the register asks of the county's directory, at every access: who works there now and as what, which organisations there are,
/// which days are worked. The register keeps no copy of it.
package struct CareDirectory: Sendable {
  /// Somebody as the directory knows them now; `nil`: nobody.
  package var colleague: @Sendable (_ personID: String) throws -> Colleague?
  /// Whether an organisation is in the directory and active.
  package var hasOrganisation: @Sendable (_ organisationID: String) throws -> Bool
  /// The calendar as it is known now.
  package var calendar: @Sendable () throws -> WorkCalendar

  package init(
    colleague: @escaping @Sendable (String) throws -> Colleague?,
    hasOrganisation: @escaping @Sendable (String) throws -> Bool,
    calendar: @escaping @Sendable () throws -> WorkCalendar
  ) {
    self.colleague = colleague
    self.hasOrganisation = hasOrganisation
    self.calendar = calendar
  }
}
