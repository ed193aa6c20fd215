package import Persistence

/// The tables of dispute, oldest first.
package enum DisputeMigrations {
  package static let all = [
    Migration(name: "m0001_cases", sql: PackageResources.m0001_cases_sql),
    Migration(name: "m0002_directory", sql: PackageResources.m0002_directory_sql),
    Migration(name: "m0003_running_clocks", sql: PackageResources.m0003_running_clocks_sql),
    Migration(name: "m0004_handling", sql: PackageResources.m0004_handling_sql),
    Migration(name: "m0005_case_lists", sql: PackageResources.m0005_case_lists_sql),
    Migration(name: "m0006_grid_members", sql: PackageResources.m0006_grid_members_sql),
    Migration(name: "m0007_discovery", sql: PackageResources.m0007_discovery_sql),
    Migration(name: "m0010_rungs", sql: PackageResources.m0010_rungs_sql),
    Migration(name: "m0011_clock_policies", sql: PackageResources.m0011_clock_policies_sql),
    Migration(name: "m0020_case_index", sql: PackageResources.m0020_case_index_sql),
    Migration(name: "m0021_alerts", sql: PackageResources.m0021_alerts_sql),
    Migration(name: "m0022_screening", sql: PackageResources.m0022_screening_sql),
    Migration(name: "m0023_party_rights", sql: PackageResources.m0023_party_rights_sql),
    Migration(name: "m0024_right_windows", sql: PackageResources.m0024_right_windows_sql),
    Migration(name: "m0030_policy_values", sql: PackageResources.m0030_policy_values_sql),
    Migration(name: "m0031_case_counts", sql: PackageResources.m0031_case_counts_sql),
    Migration(name: "m0040_duty_rungs", sql: PackageResources.m0040_duty_rungs_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements =
    CaseQueries.all + CaseListQueries.all + CaseChildQueries.all + HandlingQueries.all + IndustryRuleQueries.all
    + DirectoryQueries.all
    + TimerQueries.all + PolicyQueries.all + CaseIndexQueries.all + SearchQueries.all
    + AlertQueries.all + ScreeningQueries.all + PartyRightQueries.all + DutyQueries.all
}
