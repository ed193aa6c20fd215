import Access
import DispatchContract
import DisputeContract
import Foundation
import Kernel
import PerformanceEvaluationContract
import RPC
import ResponsibilityListContract
import Runtime
import Synchronization
import TestSupport
import Testing

/// kill -9 of each service in turn under load.
extension Scenarios {
  @Test func `no acknowledged write is gone after kill -9 of each service in turn`() async throws {
    try await Scenarios.withCounty { stack in
      let load = try await Load(stack)
      let file = try MessageFile("crashes.jsonl", in: stack.folder, count: 500, seed: 21)
      let imports = try await stack.beginHuying(["import", "cases", file.path, "-o", "json"])
      let writers = Task { await load.run() }
      for identity in ServiceIdentity.all {
        try await load.untilMore(30)
        try await stack.kill(identity)
        try await Task.sleep(for: .milliseconds(200))
        try await stack.start(identity)
      }
      try await load.untilMore(30)
      // The power fails.
      for identity in ServiceIdentity.all { try await stack.kill(identity) }
      for identity in ServiceIdentity.all { try await stack.start(identity) }
      try await stack.waitUntilAllAreSeen()
      try await load.untilMore(30)
      load.stop()
      await writers.value

      let imported = try await imports.end()
      #expect(imported.exitCode == 0, "\(imported.errors)")
      expect(try ImportNumbers(imported.output).handlingTime, of: file)

      let written = load.acknowledged
      #expect(written.reports.count > 50 && written.calls.count > 50)
      let desk = try await stack.desk(.hotlineOperator, of: "hotline")
      for (requestID, report) in written.reports {
        let again = try await desk.cases.reportCase(Load.report(requestID)).caseRecord
        #expect(again?.caseID == report.caseID && again?.number == report.number)
        #expect(try await desk.cases.getCase(.init(key: .caseID(report.caseID))).caseRecord?.number == report.number)
      }
      let leader = try await stack.desk(.townshipLeader, of: SmallCounty.chengguan)
      for (requestID, callID) in written.calls {
        #expect(try await leader.calls.draftCall(Load.draft(requestID)).call?.callID == callID)
        #expect(try await leader.calls.getCall(.init(callID: callID)).call?.state == .draft)
      }
      for (id, item) in written.determinations {
        let kept = try await leader.determinations.getDetermination(.init(determinationID: id)).determination
        #expect(kept?.itemCode == item)
      }
      try await stack.untilRelayed()
      let heard = try await desk.scores.getHandlingTime(.init()).handlingTime
      #expect(heard?.caseCount == Int64(written.reports.count + file.count))
      #expect(Set(written.reports.values.map(\.number)).count == written.reports.count)
      try await stack.expectSoundness()
    }
  }
}

/// People who write through the gateway without a pause, and repeat a request until it is answered.
final class Load: Sendable {
  struct Acknowledged: Sendable {
    var reports: [String: (caseID: String, number: String)] = [:]
    var calls: [String: String] = [:]
    var determinations: [String: String] = [:]
    var count: Int { reports.count + calls.count + determinations.count }
  }

  private let operators: Desk
  private let leaders: Desk
  private let state = Mutex(Acknowledged())
  private let isStopped = Mutex(false)

  var acknowledged: Acknowledged { state.withLock { $0 } }

  init(_ stack: RunningStack) async throws {
    operators = try await stack.desk(.hotlineOperator, of: "hotline")
    leaders = try await stack.desk(.townshipLeader, of: SmallCounty.chengguan)
  }

  func stop() { isStopped.withLock { $0 = true } }

  /// Writes until it is stopped; what was begun is finished.
  func run() async {
    await withDiscardingTaskGroup { group in
      for _ in 0..<4 {
        group.addTask { await self.report() }
        group.addTask { await self.call() }
      }
      group.addTask { await self.determine() }
    }
  }

  /// Waits until that many more writes were acknowledged.
  func untilMore(_ more: Int) async throws {
    let goal = acknowledged.count + more
    try await eventually("\(more) more writes are acknowledged") { acknowledged.count >= goal }
  }

  static func report(_ id: String) -> DisputeV1.ReportCaseRequest {
    .init(
      requestID: id, kind: .matter, discovery: .hotline, townshipOrgID: SmallCounty.chengguan, title: "路灯不亮",
      narrative: "第 \(id) 次来电")
  }

  static func draft(_ id: String) -> DispatchV1.DraftCallRequest {
    .init(
      requestID: id,
      draft: .init(
        kind: .reasoned, channel: .online, ground: .noAuthority, townshipOrgID: SmallCounty.chengguan,
        narrative: "河道内有违法建筑 \(id)"))
  }

  private func report() async {
    while let id = next() {
      guard let record = await keepTrying({ try await operators.cases.reportCase(Self.report(id)).caseRecord }) else {
        return
      }
      state.withLock { $0.reports[id] = (record.caseID, record.number) }
    }
  }

  private func call() async {
    while let id = next() {
      guard let call = await keepTrying({ try await leaders.calls.draftCall(Self.draft(id)).call }) else { return }
      state.withLock { $0.calls[id] = call.callID }
    }
  }

  private func determine() async {
    while let id = next() {
      let request = ResponsibilityListV1.DetermineRequest(
        requestID: id, question: .init(text: "有人往河里偷排污水 \(id)", townshipCode: "379922001000"))
      guard let answer = await keepTrying({ try await leaders.determinations.determine(request).determination })
      else { return }
      state.withLock { $0.determinations[answer.determinationID] = answer.itemCode }
    }
  }

  private func next() -> String? { isStopped.withLock { $0 } ? nil : requestID() }

  /// The same request until it is answered. A refusal for good would be a mistake of the test, and is shown.
  private func keepTrying<Answer>(_ body: () async throws -> Answer?) async -> Answer? {
    while true {
      do { return try await body() } catch {
        let status = Status(error)
        guard [.unavailable, .deadlineExceeded, .resourceExhausted, .cancelled].contains(status.code) else {
          Issue.record("\(status) \(status.reasons.map(\.code))")
          return nil
        }
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
  }
}
