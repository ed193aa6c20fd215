package import Persistence

/// The tables of the care-visit register, oldest first.
package enum CareVisitMigrations {
  package static let all = [
    Migration(name: "m0001_care_visits", sql: PackageResources.m0001_care_visits_sql),
    Migration(name: "m0002_waiting_proposals", sql: PackageResources.m0002_waiting_proposals_sql),
  ]

  /// Every statement that the stores run, for the test that looks at their plans.
  package static let statements =
    ProgrammeStore.statements + EnrolmentStore.statements + VisitStore.statements + RevealStore.statements
    + RightStore.statements + Vault.statements + ErasureState.statements
}
