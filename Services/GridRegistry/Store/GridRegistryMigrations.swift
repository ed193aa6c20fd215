package import Persistence

/// The tables of the grid registry, oldest first.
package enum GridRegistryMigrations {
  package static let all = [
    Migration(name: "m0001_directory", sql: PackageResources.m0001_directory_sql),
    Migration(name: "m0002_grids", sql: PackageResources.m0002_grids_sql),
    Migration(name: "m0003_calendar", sql: PackageResources.m0003_calendar_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements =
    AreaStore.statements + OrganisationStore.statements + PersonStore.statements + GridStore.statements
    + CalendarStore.statements + ImportedRows.statements
}
