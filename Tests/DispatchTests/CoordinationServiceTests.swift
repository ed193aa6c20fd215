import Access
import DispatchContract
import DispatchDomain
@testable import DispatchService
import Journal
import Kernel
import Persistence
import RPC
import TestSupport
import Testing
import Wire
import CommonContract
import Runtime

struct CoordinationServiceTests {
  private func folded(_ id: String, _ desk: Desktop) async throws -> CoordinationTask? {
    let entries = try await desk.bench.database.read {
      try Journal.entries(ofAggregate: "coordination_task", id, in: $0)
    }
    var task: CoordinationTask?
    for entry in entries {
      guard let event = try DispatchV1.CoordinationEvent(decoding: entry.payload).domain(at: entry.occurTime) else {
        return nil
      }
      if case .requested(let first) = event { task = first } else { task?.apply(event) }
    }
    return task
  }

  private func stored(_ id: String, _ desk: Desktop) async throws -> CoordinationTask? {
    try await desk.bench.database.read { [bench = desk.bench] transaction in
      try Records(county: County.code, reading: transaction, sealed: SealedTexts(bench.shell.cryptography)).task(id)
    }
  }

  @Test func `an agency that is unable says why, and the journal folded is what is stored`() async throws {
    let desk = try await Desktop()
    let task = try await desk.unableTask()
    #expect(task.state == .unable && task.unableBasis == "无行政处罚权" && task.clock?.onTime == true)
    #expect(try await folded(task.taskID, desk) == stored(task.taskID, desk))
    let listed = try await desk.coordination.listCoordinationTasks(
      .init(caseID: "case-1"), context: desk.context(County.clerk))
    #expect(listed.tasks.map(\.taskID) == [task.taskID] && listed.tasks[0].ask.isEmpty)
  }

  @Test func `another agency cannot act on it`() async throws {
    let desk = try await Desktop()
    let asked = try await desk.coordination.requestCoordination(
      .init(
        requestID: "a", townshipOrgID: "township-a", agencyOrgID: "agency-a", itemCode: "ST-04",
        itemAgencyTypes: [County.agencyType], ask: "请处理"), context: desk.context(County.clerk))
    let other = desk.context(County.actor(.agencyHead, of: "agency-b"))
    let request = DispatchV1.AcceptCoordinationRequest(
      requestID: "b", taskID: asked.task?.taskID ?? "", expectedVersion: 1)
    let refusal1 = await codes { try await desk.coordination.acceptCoordination(request, context: other) }
    #expect(
      refusal1 == [
        "JURISDICTION_MISMATCH"
      ])
  }

  @Test func `silence beyond grace is said once`() async throws {
    let desk = try await Desktop()
    let asked = try await desk.coordination.requestCoordination(
      .init(
        requestID: "a", townshipOrgID: "township-a", agencyOrgID: "agency-a", itemCode: "ST-04",
        itemAgencyTypes: [County.agencyType], caseID: "case-1", ask: "请处理"), context: desk.context(County.clerk))
    let watch = try #require(desk.service.parts.timers.first)
    let end = at("2020-03-16T10:00")
    #expect(try await watch.next() == end)
    #expect(try await watch.fire(at: end) == 0)
    #expect(try await watch.count(before: end) == 0)
    #expect(try await watch.count(before: end + .instant) == 1)
    desk.bench.clock.now = at("2020-03-16T10:01")
    #expect(try await watch.fire(at: desk.bench.clock.now) == 1)
    #expect(try await watch.fire(at: desk.bench.clock.now) == 0)
    #expect(try await watch.next() == nil)
    #expect(try await watch.count(before: end + .days(30)) == 0, "what was said is due no more")
    let id = asked.task?.taskID ?? ""
    #expect(try await folded(id, desk) == stored(id, desk))
    let head = try await desk.bench.database.read { try Journal.entries(ofAggregate: "coordination_task", id, in: $0) }
    #expect(head.map(\.eventType) == ["coordination.requested", "coordination.overdue"])
  }
}
