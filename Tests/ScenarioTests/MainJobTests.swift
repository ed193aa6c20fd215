import Access
import DisputeContract
import Foundation
import GatewayContract
import RPC
import Runtime
import Testing
import TestSupport
import WireTypes

/// The main job: citizens' messages from report to score.
extension Scenarios {
  @Test func `messages become matters, calls and a score; a second run adds nothing`() async throws {
    try await Scenarios.withCounty { stack in
      let file = try MessageFile(
        "messages.jsonl", in: stack.folder, count: 300, flaws: MessageFile.Flaw.allCases, seed: 7)
      let first = try await stack.huying(["import", "cases", file.path, "-o", "json"])
      #expect(first.exitCode == 1, "\(first.errors)")
      for (line, flaw) in [
        (21, "not a JSON object"), (42, "no time"), (63, "reply_time before time"), (84, "not valid UTF-8"),
        (105, "longer than 1 MiB"),
      ] {
        #expect(first.errors.contains("line \(line): \(flaw)"), "\(first.errors)")
      }
      let numbers = try ImportNumbers(first.output)
      #expect(numbers.added == 300 && numbers.alreadyThere == 0 && numbers.refused == file.flawCount)
      expect(numbers.handlingTime, of: file)
      #expect(numbers.handlingTime.verdicts.values.reduce(0, +) == 300)
      #expect(
        Set(numbers.handlingTime.verdicts.keys).isSuperset(of: ["VERDICT_SELF", "VERDICT_AGENCY", "VERDICT_CALL"]))

      let scored = try await stack.huying(["score", "--source", file.path, "--wait", "-o", "json"])
      #expect(scored.exitCode == 0, "\(scored.errors)")
      #expect(try ScoreNumbers(scored.output).county.scorecard.handlingTime == numbers.handlingTime)
      let people = try await stack.huying(["score"])
      #expect(people.exitCode == 0 && people.output.contains("K01"), "\(people.errors)")

      let second = try await stack.huying(["import", "cases", file.path, "-o", "json"])
      let again = try ImportNumbers(second.output)
      #expect(again.added == 0 && again.alreadyThere == 300)
      #expect(again.handlingTime == numbers.handlingTime)

      try await stack.untilRelayed()
      try await stack.expectSoundness()
      try await expectJourneys(of: file, on: stack)
    }
  }

  @Test func `the county is imported twice and nothing changes`() async throws {
    try await Scenarios.withCounty { stack in
      let before = try await stack.head(of: .gridRegistry)
      let list = try await stack.head(of: .responsibilityList)
      let second = try await stack.huying(["import", "county"])
      #expect(second.exitCode == 0, "\(second.errors)")
      #expect(try await stack.head(of: .gridRegistry) == before)
      #expect(try await stack.head(of: .responsibilityList) == list)
    }
  }

  /// The numbers are the file's own.
  func expect(_ handling: ImportNumbers.Handling, of file: MessageFile) {
    #expect(handling.caseCount == String(file.count))
    #expect(handling.closedCount == String(file.closedSeconds.count))
    #expect(handling.closingRate == Double(file.closedSeconds.count) / Double(file.count))
    #expect(handling.medianDuration == "\(file.percentile(50))s")
    #expect(handling.p90Duration == "\(file.percentile(90))s")
  }

  /// A case of every verdict tells its whole way.
  private func expectJourneys(of file: MessageFile, on stack: RunningStack) async throws {
    let desk = try await stack.desk(.countyAdmin)
    let imported = try await desk.imports.lookupImports(
      .init(source: file.name, externalRefs: Array(file.ids.prefix(300)))
    ).importedCases
    #expect(imported.count == 300)
    #expect(Set(imported.map(\.number)).count == 300)
    let closed = imported.filter { $0.closeTime != nil }
    for verdict in [DisputeV1.DeterminationRef.Verdict.`self`, .agency, .call] {
      let one = try #require(closed.first { $0.determination?.verdict == verdict }, "no closed case with \(verdict)")
      let journey = try await desk.journeys.getJourney(
        .init(number: one.number), options: CallOptions(timeout: .seconds(10)))
      let types = journey.entries.map(\.eventType)
      #expect(!journey.partial && journey.state == "CLOSED", "\(journey.missingServices)")
      #expect(types.contains("determination.made"))
      let ours = journey.entries.filter { $0.service == "dispute" }.map(\.eventType)
      #expect(ours.first == "case.reported" && ours.last == "case.closed")
      #expect(types.filter { $0 == "case.closed" }.count == 1)
      if verdict == .agency { #expect(types.contains("coordination.done")) }
      if verdict == .call { #expect(types.contains("call.submitted") && types.contains("call.closed")) }
      let times = journey.entries.compactMap { $0.occurTime?.kernel }
      #expect(times == times.sorted())
    }
  }
}
