import Access
import CommonContract
import DispatchContract
import FeedContract
import Journal
import DispatchDomain
@testable import DispatchService
import Kernel
import Persistence
import RPC
import TestSupport
import Testing
import WireTypes

struct InboxTests {
  private let system = Actor.system(county: County.code)

  private func link(_ seq: Int64, _ awaits: DispatchV1.CaseLinked.Awaits) -> DispatchV1.Message {
    .init(
      origin: .from("dispute", seq: seq),
      content: .caseLinked(
        .init(
          caseID: "case-1", number: "AJ-2020-00001", awaits: awaits, townshipOrgID: "township-a",
          townshipCode: County.chengguan, itemCode: "ST-04", awaitTime: .init(at("2020-03-10T09:00")))))
  }

  private func awaiting(_ desk: Desktop) async throws -> [String] {
    try await desk.calls.listAwaitingCases(
      .init(townshipCode: County.chengguan), context: desk.context(County.clerk)
    ).cases.map(\.caseID)
  }

  @Test func `a message heard twice has its effect once`() async throws {
    let desk = try await Desktop(hearing: false)
    let first = try await desk.hear(County.organisations)
    let second = try await desk.hear(County.organisations)
    #expect(first.appliedCount == Int32(County.organisations.count) && second.appliedCount == 0)
    #expect(second.alreadyAppliedCount == first.appliedCount)
    let position = try await desk.inbox.getPosition(.init(source: "grid-registry"), context: desk.context(system))
    #expect(position.position?.seq == Int64(County.organisations.count))
  }

  @Test func `a case waits until a call names it`() async throws {
    let desk = try await Desktop()
    _ = try await desk.inbox.receiveMessages(.init(messages: [link(1, .call)]), context: desk.context(system))
    #expect(try await awaiting(desk) == ["case-1"])
    _ = try await desk.draftCall()
    #expect(try await awaiting(desk).isEmpty)
    _ = try await desk.inbox.receiveMessages(.init(messages: [link(2, .call)]), context: desk.context(system))
    #expect(try await awaiting(desk).isEmpty)
    _ = try await desk.inbox.receiveMessages(.init(messages: [link(3, .agency)]), context: desk.context(system))
    #expect(try await awaiting(desk) == ["case-1"])
    _ = try await desk.inbox.receiveMessages(.init(messages: [link(4, .nothing)]), context: desk.context(system))
    #expect(try await awaiting(desk).isEmpty)
  }

  @Test func `a calendar heard moves the clocks' due times`() async throws {
    let desk = try await Desktop()
    func due() async throws -> Timestamp? {
      let task = try await desk.coordination.requestCoordination(
        .init(
          requestID: UUIDv7.make(at: desk.bench.clock.now), townshipOrgID: "township-a", agencyOrgID: "agency-a",
          itemCode: "ST-04", itemAgencyTypes: [County.agencyType], ask: "请处理"), context: desk.context(County.clerk)
      ).task
      return task?.clock?.dueTime?.kernel
    }
    #expect(try await due() == at("2020-03-13T10:00"))
    let heard = DispatchV1.CalendarHeard(year: 2020, restDates: ["2020-03-11"], confirmed: true)
    _ = try await desk.inbox.receiveMessages(
      .init(messages: [
        .init(
          origin: .from("grid-registry", seq: 100, after: Int64(County.organisations.count)), content: .calendar(heard))
      ]),
      context: desk.context(system))
    #expect(try await due() == at("2020-03-16T10:00"))
  }

  @Test func `a calendar never makes an open clock due earlier, and both times are written down`() async throws {
    let desk = try await Desktop()
    var seq = Int64(County.organisations.count)
    func hear(_ rest: [String]) async throws {
      let heard = DispatchV1.CalendarHeard(year: 2020, restDates: rest, confirmed: true)
      seq += 1
      _ = try await desk.inbox.receiveMessages(
        .init(messages: [.init(origin: .from("grid-registry", seq: seq), content: .calendar(heard))]),
        context: desk.context(system))
    }
    let task = try #require(
      try await desk.coordination.requestCoordination(
        .init(
          requestID: "r", townshipOrgID: "township-a", agencyOrgID: "agency-a", itemCode: "ST-04",
          itemAgencyTypes: [County.agencyType], ask: "请处理"), context: desk.context(County.clerk)
      ).task)
    let call = try await desk.draftCall()
    _ = try await desk.calls.submitCall(
      .init(requestID: "s", callID: call.callID, expectedVersion: call.version), context: desk.context(County.leader))
    func due() async throws -> [Timestamp?] {
      let clerk = desk.context(County.clerk)
      let read = try await desk.coordination.getCoordinationTask(.init(taskID: task.taskID), context: clerk).task
      let review = try await desk.calls.getCall(.init(callID: call.callID), context: clerk).call?.clocks.first
      return [read?.clock?.dueTime?.kernel, read?.graceDueTime?.kernel, review?.dueTime?.kernel]
    }
    #expect(try await due() == [at("2020-03-13T10:00"), at("2020-03-16T10:00"), at("2020-03-10T15:30")])
    try await hear(["2020-03-10", "2020-03-11"])
    let later = [at("2020-03-17T08:30"), at("2020-03-18T08:30"), at("2020-03-12T14:00")]
    #expect(try await due() == later)
    try await hear([])
    #expect(try await due() == later)
    #expect(try await desk.folded(call.callID) == desk.stored(call.callID))
    let types = try await desk.bench.database.read { try Journal.entries(ofAggregate: "call", call.callID, in: $0) }
      .map(\.eventType)
    #expect(types.filter { $0 == "call.clocks_rederived" }.count == 2)
  }

  @Test func `a heartbeat and a message without content only move the position`() async throws {
    let desk = try await Desktop()
    let answer = try await desk.inbox.receiveMessages(
      .init(messages: [
        .init(origin: .from("dispute", seq: 1), content: .heartbeat(.init())),
        .init(origin: .from("dispute", seq: 2), content: nil),
      ]), context: desk.context(system))
    #expect(answer.appliedCount == 2 && answer.position?.seq == 2 && answer.refusal == nil)
  }
}
