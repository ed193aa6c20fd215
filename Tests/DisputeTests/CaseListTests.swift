import Access
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

/// Case.List (D§2.2.8): area, organisation, state, level, flags, due, assignee; within what the caller may see.
@Suite struct CaseListTests {
  typealias Methods = DisputeV1.CaseServiceMethods

  private func list(
    _ bench: DisputeBench, _ request: DisputeV1.ListCasesRequest, as actor: Actor = Scenery.centreClerk
  ) async throws -> [String] {
    try await bench.cases.listCases(request, context: bench.context(Methods.listCases, as: actor)).cases.map(\.caseID)
  }

  @Test func `S05 F11 a case is found by its level, its flags and who is responsible, until that changes`() async throws
  {
    let bench = try await DisputeBench()
    let plain = try await bench.report(requestID: "1").caseID
    // Newest first: the second is a second younger.
    bench.bench.clock.advance(by: .seconds(1))
    let flagged = try await bench.report(flags: [.responsibilityOverlap], requestID: "2").caseID
    #expect(try await list(bench, .init(level: .village)) == [flagged, plain])
    #expect(try await list(bench, .init(flags: [.responsibilityOverlap])) == [flagged])
    #expect(try await list(bench, .init(flags: [.responsibilityOverlap, .beyondCapacity])) == [])
    #expect(try await list(bench, .init(level: .township)) == [])
    #expect(try await list(bench, .init(assigneePersonID: "village-clerk")) == [flagged, plain])
    _ = try await bench.cases.selfHandleCase(
      .init(requestID: "3", caseID: plain, expectedVersion: 1),
      context: bench.context(Methods.selfHandleCase, as: Scenery.member))
    #expect(try await list(bench, .init(level: .grid, assigneePersonID: "member")) == [plain])
    #expect(try await list(bench, .init(level: .village, assigneePersonID: "village-clerk")) == [flagged])
    _ = try await bench.cases.setFlags(
      .init(requestID: "4", caseID: flagged, expectedVersion: 1, flags: [.beyondCapacity], flagReason: "人手不足"),
      context: bench.context(Methods.setFlags, as: Scenery.villageClerk))
    #expect(try await list(bench, .init(flags: [.beyondCapacity])) == [flagged])
    #expect(try await list(bench, .init(flags: [.responsibilityOverlap])) == [])
  }

  @Test func `what is due before an instant is found in pages, and what has stopped is not`() async throws {
    let bench = try await DisputeBench()
    var ids: [String] = []
    for index in 0..<7 {
      bench.bench.clock.now = Scenery.monday + .days(Int64(index / 4))
      ids.append(try await bench.report(requestID: "r\(index)").caseID)
    }
    // Accepting is due after one working day: for the first four on Tuesday 09:00, for the others on Wednesday.
    let tuesday = GoogleProtobuf.Timestamp(Scenery.instant("2020-03-03T09:00:01+08:00"))
    #expect(try await Set(list(bench, .init(dueBeforeTime: tuesday))) == Set(ids.prefix(4)))
    #expect(try await list(bench, .init(dueBeforeTime: .init(Scenery.instant("2020-03-03T09:00:00+08:00")))) == [])
    let wednesday = GoogleProtobuf.Timestamp(Scenery.instant("2020-03-04T09:00:01+08:00"))
    #expect(try await list(bench, .init(dueBeforeTime: wednesday)).count == 7)

    let context = bench.context(Methods.listCases, as: Scenery.centreClerk)
    var (token, pages): (String, [[String]]) = ("", [])
    repeat {
      let page = try await bench.cases.listCases(
        .init(pageSize: 3, pageToken: token, dueBeforeTime: tuesday), context: context)
      pages.append(page.cases.map(\.caseID))
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(pages.allSatisfy { $0.count <= 3 } && Set(pages.joined()) == Set(ids.prefix(4)))
    #expect(pages.joined().count == 4)

    _ = try await bench.cases.acceptCase(
      .init(requestID: "a", caseID: ids[0], expectedVersion: 1, responsiblePersonID: "village-clerk"),
      context: bench.context(Methods.acceptCase, as: Scenery.villageClerk))
    #expect(try await Set(list(bench, .init(dueBeforeTime: tuesday))) == Set(ids[1...3]))
    #expect(try await list(bench, .init(state: .accepted, dueBeforeTime: tuesday)) == [])
  }

  @Test func `whose cases are asked for opens no other township, except to whom they are entrusted`() async throws {
    let bench = try await DisputeBench()
    let id = try await bench.report().caseID
    let stranger = bench.context(Methods.listCases, as: Scenery.stranger)
    #expect(
      await refusals {
        try await bench.cases.listCases(
          .init(areaCode: "379922001000", assigneePersonID: "village-clerk"), context: stranger)
      } == ["JURISDICTION_MISMATCH"])
    #expect(try await list(bench, .init(assigneePersonID: "village-clerk"), as: Scenery.stranger) == [])
    let entrusted = Scenery.actor("village-clerk", .mediator, of: "elsewhere")
    #expect(try await list(bench, .init(assigneePersonID: "village-clerk"), as: entrusted) == [id])
  }

  @Test func `F10 cases are counted by how they came to be known, and how many were looked for`() async throws {
    let bench = try await DisputeBench()
    for (index, discovery) in [DisputeV1.Case.Discovery.patrol, .patrol, .round, .citizen, .hotline].enumerated() {
      _ = try await bench.cases.reportCase(
        .init(
          requestID: "r\(index)", kind: .dispute, discovery: discovery, gridID: "rural", title: "屋檐水"),
        context: bench.context(Methods.reportCase, as: Scenery.member))
    }
    let context = bench.context(Methods.countCases, as: Scenery.centreClerk)
    let counted = try await bench.cases.countCases(.init(groupBy: .discovery), context: context)
    #expect(counted.counts.map(\.key) == ["PATROL", "CITIZEN", "HOTLINE", "ROUND"])
    #expect(counted.counts.map(\.caseCount) == [2, 1, 1, 1])
    #expect(counted.proactiveCount == 3 && counted.totalCount == 5)
    #expect(try await bench.cases.countCases(.init(groupBy: .state), context: context).proactiveCount == 0)
  }

  @Test func `a filter that names no known value is refused`() async throws {
    let bench = try await DisputeBench()
    let context = bench.context(Methods.listCases, as: Scenery.centreClerk)
    let wrong: [DisputeV1.ListCasesRequest] = [
      .init(state: .unrecognized(99)), .init(level: .unrecognized(99)), .init(flags: [.group, .unrecognized(99)]),
      .init(flags: [.unspecified]),
    ]
    for request in wrong {
      #expect(await refusals { try await bench.cases.listCases(request, context: context) } == ["FILTER_INVALID"])
    }
  }
}
