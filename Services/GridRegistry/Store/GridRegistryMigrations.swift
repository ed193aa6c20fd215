package import Persistence

/// The tables of the grid registry, oldest first.
package enum GridRegistryMigrations {
  package static let all = [
    Migration(name: "m0001_directory", sql: PackageResources.m0001_directory_sql),
    Migration(name: "m0002_grids", sql: PackageResources.m0002_grids_sql),
    Migration(name: "m0003_calendar", sql: PackageResources.m0003_calendar_sql),
    Migration(name: "m0004_coverage", sql: PackageResources.m0004_coverage_sql),
    Migration(name: "m0005_plans", sql: PackageResources.m0005_plans_sql),
    Migration(name: "m0010_members", sql: PackageResources.m0010_members_sql),
    Migration(name: "m0011_training", sql: PackageResources.m0011_training_sql),
    Migration(name: "m0012_capability", sql: PackageResources.m0012_capability_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements =
    AreaStore.statements + OrganisationStore.statements + PersonStore.statements + GridStore.statements
    + CalendarStore.statements + ImportedRows.statements + MemberStore.statements + VacancyStore.statements
    + TrainingStore.statements + CapabilityStore.statements
    + CoverageUnitStore.statements + DivisionPlanStore.statements + HeardCases.statements
}
