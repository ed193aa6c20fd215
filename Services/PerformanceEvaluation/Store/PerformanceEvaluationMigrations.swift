package import Persistence

/// The tables of performance-evaluation, oldest first.
package enum PerformanceEvaluationMigrations {
  package static let all = [
    Migration(name: "m0001_facts", sql: PackageResources.m0001_facts_sql),
    Migration(name: "m0002_records", sql: PackageResources.m0002_records_sql),
    Migration(name: "m0003_case_levels", sql: PackageResources.m0003_case_levels_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements = FactQueries.all + CaseRecordQueries.all + CallRecordQueries.all + DirectoryQueries.all
}
