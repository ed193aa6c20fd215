import Access
import DispatchContract
import DisputeContract
import Foundation
import GatewayContract
import PerformanceEvaluationContract
import RPC
import Runtime
import Testing
import TestSupport
import WireTypes

/// One service is away: the others go on, and what waited arrives.
extension Scenarios {
  @Test func `each service is stopped in turn during an import, and nothing is lost or done twice`() async throws {
    try await Scenarios.withCounty { stack in
      for (index, identity) in ServiceIdentity.all.enumerated() {
        try await importAcrossAnOutage(of: identity, seed: UInt64(100 + index), on: stack)
      }
      try await stack.expectSoundness()
    }
  }

  @Test func `a journey says which service is missing`() async throws {
    try await Scenarios.withCounty { stack in
      let file = try MessageFile("journeys.jsonl", in: stack.folder, count: 40, seed: 3)
      let imported = try await stack.huying(["import", "cases", file.path])
      #expect(imported.exitCode == 0, "\(imported.errors)")
      let desk = try await stack.desk(.countyAdmin)
      let rows = try await desk.imports.lookupImports(.init(source: file.name, externalRefs: file.ids)).importedCases
      let called = try #require(rows.first { !$0.callID.isEmpty })
      let options = CallOptions(timeout: .seconds(5))
      let whole = try await desk.journeys.getJourney(.init(number: called.number), options: options)
      #expect(!whole.partial)
      for identity in [ServiceIdentity.dispatch, .responsibilityList] {
        try await stack.stop(identity)
        let part = try await desk.journeys.getJourney(
          .init(number: called.number), options: CallOptions(timeout: .seconds(5)))
        #expect(part.partial && part.missingServices == [identity.name])
        #expect(part.entries.count < whole.entries.count)
        #expect(part.entries.allSatisfy { $0.service != identity.name })
        try await stack.start(identity)
        try await stack.waitUntilAllAreSeen()
      }
      let again = try await desk.journeys.getJourney(
        .init(number: called.number), options: CallOptions(timeout: .seconds(5)))
      #expect(again.entries == whole.entries && !again.partial)
    }
  }

  @Test func `SIGTERM drains and ends with 0 within eight seconds, open streams or not`() async throws {
    try await Scenarios.withCounty { stack in
      let desk = try await stack.desk(.countyAdmin)
      for identity in [ServiceIdentity.dispatch, .performanceEvaluation, .gridRegistry, .gateway] {
        let stream = desk.journals.tailJournal(.init(service: "grid-registry", lastCount: 1, follow: true))
        if identity.name != ServiceIdentity.gateway.name { #expect(try await stream.next() != nil) }
        let ended = try await stack.stop(identity)
        #expect(ended.exitCode == 0, "\(identity.name)")
        #expect(ended.duration < .seconds(9), "\(identity.name)")
        #expect(stack.log(of: identity).contains("stopped"))
        try await stack.start(identity)
      }
    }
  }

  private func importAcrossAnOutage(of identity: ServiceIdentity, seed: UInt64, on stack: RunningStack) async throws {
    let file = try MessageFile("outage-\(identity.name).jsonl", in: stack.folder, count: 500, seed: seed)
    let desk = try await stack.desk(.countyAdmin)
    let isNeeded = [ServiceIdentity.gateway, .dispute, .responsibilityList].contains { $0.name == identity.name }
    let command = try await stack.beginHuying(["import", "cases", file.path, "-o", "json"])
    try await eventually("the first batch is in") { try await count(of: file, desk, file.ids.prefix(1)) == 1 }
    try await stack.stop(identity)
    if isNeeded {
      try await eventually("the import waits for \(identity.name)") { command.errorsSoFar.contains("waiting") }
    } else {
      try await eventually("the others go on without \(identity.name)") {
        try await count(of: file, desk, file.ids[...]) == file.count
      }
    }
    try await stack.start(identity)
    let ended = try await command.end()
    #expect(ended.exitCode == 0, "\(identity.name): \(ended.errors)")
    let numbers = try ImportNumbers(ended.output)
    #expect(numbers.added + numbers.alreadyThere == file.count && numbers.refused == 0)
    expect(numbers.handlingTime, of: file)

    try await stack.waitUntilAllAreSeen()
    try await stack.untilRelayed()
    let rows = try await desk.imports.lookupImports(.init(source: file.name, externalRefs: file.ids)).importedCases
    #expect(rows.count == file.count && Set(rows.map(\.caseID)).count == file.count)
    for row in rows.filter({ !$0.taskID.isEmpty }).prefix(30) {
      #expect(try await desk.coordination.getCoordinationTask(.init(taskID: row.taskID)).task?.caseID == row.caseID)
    }
    for row in rows.filter({ !$0.callID.isEmpty }).prefix(30) {
      #expect(try await desk.calls.getCall(.init(callID: row.callID)).call?.caseIDs == [row.caseID])
    }
    let heard = try await desk.scores.getHandlingTime(.init(scope: .init(importSource: file.name))).handlingTime
    #expect(heard?.caseCount == Int64(file.count) && heard?.closedCount == Int64(file.closedSeconds.count))
    #expect(heard?.medianDuration?.seconds == file.percentile(50))
    let again = try ImportNumbers(try await stack.huying(["import", "cases", file.path, "-o", "json"]).output)
    #expect(again.added == 0 && again.alreadyThere == file.count)
  }

  private func count(of file: MessageFile, _ desk: Desk, _ ids: ArraySlice<String>) async throws -> Int {
    try await desk.imports.lookupImports(.init(source: file.name, externalRefs: Array(ids))).importedCases.count
  }
}
