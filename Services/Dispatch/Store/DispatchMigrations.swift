package import Persistence

/// The tables of dispatch, oldest first.
package enum DispatchMigrations {
  package static let all = [
    Migration(name: "m0001_calls", sql: PackageResources.m0001_calls_sql),
    Migration(name: "m0002_neighbours", sql: PackageResources.m0002_neighbours_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements =
    CallQueries.statements + CallPartQueries.statements + CoordinationTaskStore.statements
    + OrganisationStore.statements
    + CalendarStore.statements + AwaitingCaseStore.statements
}
