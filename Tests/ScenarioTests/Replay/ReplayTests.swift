import Access
import DisputeContract
import Runtime
import TestSupport
import Testing

/// The check that ends every scenario sees what it is for.
extension Scenarios {
  @Test func `a stored row that the journal does not tell of is named, and so is a broken chain`() async throws {
    try await RunningStack.withStack(from: try await ImportedCounty.shared.data()) { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let record = try await member.cases.reportCase(
        .init(
          requestID: requestID(), kind: .dispute, complexity: .general, discovery: .patrol,
          gridID: "grid-379922001201R001", title: "邻里排水", parties: [.init(role: .applicant, name: "王某某")])
      ).caseRecord
      let id = record?.caseID ?? ""
      try await stack.untilRelayed()
      try await stack.stopAll()
      #expect(try await stack.replayDifferences() == [])

      let dispute = stack.databasePath(.dispute)
      try TableRows.tamper(dispute, "UPDATE cases SET level = 'TOWNSHIP' WHERE case_id = '\(id)'")
      try TableRows.tamper(dispute, "DELETE FROM case_parties WHERE case_id = '\(id)'")
      try TableRows.tamper(
        stack.databasePath(.gridRegistry),
        "UPDATE grids SET household_count = household_count + 1 WHERE grid_id = 'grid-379922001201R001'")
      try TableRows.tamper(
        stack.databasePath(.performanceEvaluation),
        "UPDATE case_records SET discovery = 'CITIZEN' WHERE case_id = '\(id)'")
      let differences = try await stack.replayDifferences()
      #expect(differences.count == 4)
      #expect(
        differences.last
          == "performance-evaluation.case_records[case_id=\(id)].discovery: stored CITIZEN, by the journal PATROL")
      #expect(
        differences.first?.hasPrefix("grid-registry.grids[grid_id=grid-379922001201R001].household_count") == true)
      #expect(
        differences.contains("dispute.cases[case_id=\(id)].level: stored TOWNSHIP, by the journal VILLAGE"))
      #expect(differences.contains { $0.hasPrefix("dispute.case_parties[case_id=\(id),party_number=1]: missing") })

      try TableRows.tamper(dispute, "UPDATE journal SET actor_role = 'COUNTY_ADMIN' WHERE aggregate_id = '\(id)'")
      #expect(try await stack.replayDifferences().contains { $0.hasPrefix("dispute: the chain breaks at") })
    }
  }
}
