import Access
import DisputeContract
import FeedContract
import Foundation
import GatewayContract
import PerformanceEvaluationContract
import RPC
import Runtime
import Testing
import TestSupport

/// Files that come back from a copy made earlier, or not at all.
extension Scenarios {
  @Test func `performance-evaluation is fed again from where it stands and shows identical numbers`() async throws {
    try await Scenarios.withCounty { stack in
      let evaluation = ServiceIdentity.performanceEvaluation
      let desk = try await stack.desk(.countyAdmin)
      try await importCases("early.jsonl", 60, seed: 11, on: stack)
      try await stack.stop(evaluation)
      let copy = stack.folder + "/copy"
      try stack.copyData(of: evaluation, to: copy)
      try await stack.start(evaluation)
      try await importCases("late.jsonl", 60, seed: 12, on: stack)
      let before = try await desk.rebuild.getWatermarks(.init())
      #expect(before.factCount > 200 && !before.checksum.isEmpty)
      let scores = try await desk.scores.getScorecard(.init(subject: .init(subjectClass: .county))).scorecard?.values

      try await stack.stop(evaluation)
      try stack.restoreData(of: evaluation, from: copy)
      try await stack.start(evaluation)
      try await expect(before, scores, on: stack)

      try await stack.stop(evaluation)
      try stack.removeData(of: evaluation)
      try await stack.start(evaluation)
      try await expect(before, scores, on: stack)

      let rebuilt = try await desk.rebuild.rebuild(.init(requestID: requestID()))
      #expect(rebuilt.checksumBefore == before.checksum && rebuilt.checksumAfter == before.checksum)
    }
  }

  @Test func `responsibility-list started from an older copy hears the directory again`() async throws {
    try await Scenarios.withCounty { stack in
      let list = ServiceIdentity.responsibilityList
      try await stack.stop(list)
      let copy = stack.folder + "/copy"
      try stack.copyData(of: list, to: copy)
      try await stack.start(list)
      let head = try await stack.head(of: .gridRegistry).seq
      try await stack.stop(list)
      try stack.removeData(of: list)
      try await stack.start(list)
      try await stack.untilRelayed()
      #expect(try await stack.routes().first { $0.target == list.name }?.heardSeq == head)
      try await stack.stop(list)
      try stack.restoreData(of: list, from: copy)
      try await stack.start(list)
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `a source restored from an old copy raises the alarm instead of losing events silently`() async throws {
    try await Scenarios.withCounty { stack in
      try await report(3, on: stack)
      try await stack.untilRelayed()
      try await stack.stop(.dispute)
      let copy = stack.folder + "/copy"
      try stack.copyData(of: .dispute, to: copy)
      try await stack.start(.dispute)
      try await report(2, on: stack)
      try await stack.untilRelayed()

      try await stack.stop(.dispute)
      try stack.restoreData(of: .dispute, from: copy)
      try await stack.start(.dispute)
      try await expectAlarm("SOURCE_REWOUND", on: stack)
      let desk = try await stack.desk(.countyAdmin)
      #expect(try await desk.scores.getHandlingTime(.init()).handlingTime?.caseCount == 5)

      // It writes on, past what others have heard of it: the numbers fit again, the events do not.
      try await stack.waitUntilAllAreSeen()
      try await report(4, on: stack)
      try await stack.stop(.gateway)
      try await stack.start(.gateway)
      try await expectAlarm("SOURCE_REWOUND", on: stack)
      let status = try await stack.huying(["relay", "status"])
      #expect(status.output.contains("SOURCE_REWOUND"))

      try await stack.stop(.dispute)
      try stack.removeData(of: .dispute)
      try await stack.start(.dispute)
      try await expectAlarm("SOURCE_EPOCH_CHANGED", on: stack)
      #expect(try await desk.scores.getHandlingTime(.init()).handlingTime?.caseCount == 5)
    }
  }

  private func importCases(_ name: String, _ count: Int, seed: UInt64, on stack: RunningStack) async throws {
    let file = try MessageFile(name, in: stack.folder, count: count, seed: seed)
    let result = try await stack.huying(["import", "cases", file.path])
    #expect(result.exitCode == 0, "\(result.errors)")
    try await stack.untilRelayed()
  }

  private func report(_ count: Int, on stack: RunningStack) async throws {
    let desk = try await stack.desk(.hotlineOperator, of: "hotline")
    for _ in 0..<count { _ = try await desk.cases.reportCase(Load.report(requestID())) }
  }

  private func expect(
    _ before: PerformanceEvaluationV1.GetWatermarksResponse, _ scores: [PerformanceEvaluationV1.IndicatorValue]?,
    on stack: RunningStack
  ) async throws {
    try await stack.waitUntilAllAreSeen()
    try await stack.untilRelayed()
    let desk = try await stack.desk(.countyAdmin)
    let now = try await desk.rebuild.getWatermarks(.init())
    #expect(now.checksum == before.checksum && now.factCount == before.factCount)
    #expect(
      try await desk.scores.getScorecard(.init(subject: .init(subjectClass: .county))).scorecard?.values == scores)
  }

  /// All three who hear dispute stop with this alarm.
  private func expectAlarm(_ alarm: String, on stack: RunningStack) async throws {
    try await eventually("dispute's hearers raise \(alarm)") {
      let routes = try await stack.routes().filter { $0.source == "dispute" }
      return routes.count == 3 && routes.allSatisfy { $0.state == .alarm && $0.alarm == alarm }
    }
  }
}
