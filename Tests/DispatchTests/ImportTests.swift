import Access
import CommonContract
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
import WireTypes

struct ImportTests {
  static let importer = County.actor(.integration, of: "", person: "importer")

  static func row(_ ref: String, id: String = "") -> DispatchV1.CallRow {
    .init(
      externalRef: ref, callID: id, townshipOrgID: "township-a", townshipCode: County.chengguan, caseIDs: ["case-9"],
      narrative: "来信反映污水", determination: .init(.pollution), submitTime: .init(at("2019-05-06T09:00")),
      closeTime: .init(at("2019-05-09T16:00")))
  }

  private func take(_ rows: [DispatchV1.CallRow], _ desk: Desktop) async throws -> [CommonV1.ImportOutcome] {
    try await desk.imports.importCalls(
      .init(requestID: "i", source: "hotline.jsonl", rows: rows), context: desk.context(Self.importer)
    ).outcomes
  }

  @Test func `a call of before is replayed at its own times and judged beside, not against it`() async throws {
    let desk = try await Desktop()
    let id = "0190a000-0000-7000-8000-000000000001"
    let outcomes = try await take([Self.row("1", id: id)], desk)
    #expect(outcomes.map(\.result) == [.added] && outcomes.map(\.recordID) == [id])
    let call = try #require(try await desk.stored(id))
    #expect(call.state == .closed && call.outcome == .solved && call.closeTime == at("2019-05-09T16:00"))
    #expect(call.submitTime == at("2019-05-06T09:00") && call.identity.number == "HY-2019-00001")
    #expect(call.admission?.decision == .importedNotJudged && call.admission?.machineDecision == .notAdmitted)
    #expect(call.admission?.refusedRules == [])
    #expect(try await desk.folded(id) == call)
    let entries = try await desk.bench.database.read { try Journal.entries(ofAggregate: "call", id, in: $0) }
    let rated = try entries.compactMap { entry -> Bool? in
      guard case .responded(let responded) = try DispatchV1.CallEvent(decoding: entry.payload).event else { return nil }
      return responded.respond?.rated
    }
    #expect(rated == [false])
    #expect(entries.allSatisfy { $0.occurTime < at("2019-05-10T00:00") })
  }

  @Test func `a row with an id longer than any is refused by itself`() async throws {
    let desk = try await Desktop()
    let long = String(repeating: "x", count: 129)
    var department = Self.row("1")
    (department.mainOrgID, department.caseIDs) = (long, ["case-1", long])
    let outcomes = try await take([department, Self.row(long), Self.row("3")], desk)
    #expect(outcomes.map(\.result) == [.refused, .refused, .added])
    #expect(outcomes[0].reasons.map(\.reason) == ["ID_TOO_LONG", "ID_TOO_LONG"])
    #expect(Set(outcomes[0].reasons.map(\.field)) == ["main_org_id", "case_ids"])
    #expect(outcomes[1].reasons.map { [$0.reason, $0.field] } == [["ID_TOO_LONG", "external_ref"]])
  }

  @Test func `twice is once, and a refused row keeps no other out`() async throws {
    let desk = try await Desktop()
    var bad = Self.row("2")
    bad.narrative = ""
    bad.closeTime = .init(at("2019-05-01T09:00"))
    let first = try await take([Self.row("1"), bad, Self.row("3")], desk)
    #expect(first.map(\.result) == [.added, .refused, .added])
    #expect(first[1].reasons.map(\.reason) == ["NARRATIVE_MISSING", "TIMES_OUT_OF_ORDER"])
    let head = try await desk.bench.database.read { try Journal.head(in: $0).seq }
    let second = try await take([Self.row("1"), bad, Self.row("3")], desk)
    #expect(second.map(\.result) == [.alreadyPresent, .refused, .alreadyPresent])
    #expect(second[0].recordID == first[0].recordID)
    #expect(try await desk.bench.database.read { try Journal.head(in: $0).seq } == head)
  }

  @Test func `an id that is taken or none is refused`() async throws {
    let desk = try await Desktop()
    let id = "0190a000-0000-7000-8000-000000000001"
    let outcomes = try await take([Self.row("1", id: id), Self.row("2", id: id), Self.row("3", id: "no-uuid")], desk)
    #expect(outcomes.map { $0.reasons.map(\.reason) } == [[], ["ID_TAKEN"], ["ID_NOT_A_UUID"]])
  }

  @Test func `a step with its own time is rated, and an open call stops where it is`() async throws {
    let desk = try await Desktop()
    var row = Self.row("1")
    row.closeTime = nil
    row.signTime = .init(at("2019-05-06T10:00"))
    row.respondTime = .init(at("2019-05-06T15:00"))
    let id = try await take([row], desk)[0].recordID
    let call = try #require(try await desk.stored(id))
    #expect(call.state == .inProgress)
    let entries = try await desk.bench.database.read { try Journal.entries(ofAggregate: "call", id, in: $0) }
    let minutes = try entries.compactMap { entry -> Int64? in
      guard case .responded(let responded) = try DispatchV1.CallEvent(decoding: entry.payload).event else { return nil }
      return responded.respond?.rated == true ? responded.workingMinutesSinceSign : nil
    }
    #expect(minutes == [210])
  }

  @Test func `a call whose department nobody knows waits for the office`() async throws {
    let desk = try await Desktop()
    var row = Self.row("1")
    row.determination = .init(.offList)
    #expect(try await take([row], desk)[0].reasons.map(\.reason) == ["MAIN_MISSING"])
    row.closeTime = nil
    let id = try await take([row], desk)[0].recordID
    #expect(try await desk.stored(id)?.state == .admitted)
  }

  @Test func `tasks come in as they went`() async throws {
    let desk = try await Desktop()
    let row = DispatchV1.CoordinationTaskRow(
      externalRef: "1", townshipOrgID: "township-a", townshipCode: County.chengguan, agencyOrgID: "agency-a",
      agencyType: County.agencyType, itemCode: "ST-04", caseID: "case-9", ask: "请处理",
      requestTime: .init(at("2019-05-06T09:00")), finishTime: .init(at("2019-05-07T09:00")), result: "已处理")
    var unable = row
    unable.externalRef = "2"
    unable.unableReason = .noPower
    var open = row
    open.externalRef = "3"
    open.finishTime = nil
    let request = DispatchV1.ImportCoordinationTasksRequest(
      requestID: "i", source: "hotline.jsonl", rows: [row, unable, open])
    let context = desk.context(Self.importer)
    let first = try await desk.imports.importCoordinationTasks(request, context: context).outcomes
    #expect(first.map(\.result) == [.added, .refused, .added])
    #expect(first[1].reasons.map(\.reason) == ["UNABLE_BASIS_MISSING"])
    let second = try await desk.imports.importCoordinationTasks(request, context: context).outcomes
    #expect(second.map(\.result) == [.alreadyPresent, .refused, .alreadyPresent])
    let done = try await desk.coordination.getCoordinationTask(
      .init(taskID: first[0].recordID), context: desk.context(County.clerk)
    ).task
    #expect(done?.state == .done && done?.finishTime?.kernel == at("2019-05-07T09:00") && done?.result == "已处理")
  }
}
