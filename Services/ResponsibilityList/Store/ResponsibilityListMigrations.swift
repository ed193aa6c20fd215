package import Persistence

/// The tables of the responsibility list, oldest first.
package enum ResponsibilityListMigrations {
  package static let all = [
    Migration(name: "m0001_lists", sql: PackageResources.m0001_lists_sql),
    Migration(name: "m0002_determinations", sql: PackageResources.m0002_determinations_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements =
    ListVersionStore.statements + ListItemStore.statements + DeterminationStore.statements + DirectoryStore.statements
}
