import Access
import CommonContract
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import FeedContract
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import WorkClock
import WireTypes

/// Imports, and what the neighbours tell.
@Suite struct CaseInboxTests {
  @Test func `an import replays every way, twice changes nothing, and the journal tells the same`() async throws {
    let bench = try await DisputeBench()
    let rows = [
      DisputeBench.row("1", .`self`), DisputeBench.row("2", .agency), DisputeBench.row("3", .call),
      DisputeBench.row("4", .ambiguous), DisputeBench.row("5", .offList), DisputeBench.row("6", .call, closed: false),
      DisputeBench.row("7", .agency, closed: false), DisputeBench.row("8", .`self`, closed: false),
    ]
    let first = try await bench.importRows(rows)
    #expect(first.addedCount == 8)
    #expect(first.outcomes.map(\.recordID) == rows.map(\.caseID))
    for row in rows {
      let (folded, stored) = try bench.foldedAndStored(row.caseID)
      #expect(folded != nil)
      #expect(folded == stored, "\(row.externalRef)")
    }
    let head = try bench.bench.database.readInline { try Journal.head(in: $0) }
    let second = try await bench.importRows(rows)
    #expect(second.alreadyPresentCount == 8 && second.addedCount == 0)
    let headAfterwards = try bench.bench.database.readInline { try Journal.head(in: $0) }
    #expect(headAfterwards == head)
    let verification = try await Journal(.testing).verify(in: bench.bench.database)
    #expect(verification.firstBrokenSeq == nil)

    let looked = try await bench.imports.lookupImports(
      .init(source: "messages", externalRefs: ["3", "6", "none"]),
      context: bench.context(
        DisputeV1.ImportServiceMethods.lookupImports, as: Scenery.actor("importer", .integration, of: "platform")))
    #expect(looked.importedCases.map(\.state) == [.closed, .awaitingCall])
    #expect(looked.importedCases.map(\.callID) == ["call-3", "call-6"])
  }

  @Test func `a refused row says everything and the others go in`() async throws {
    let bench = try await DisputeBench()
    var bad = DisputeBench.row("", .call, close: Scenery.monday + .days(1))
    (bad.title, bad.callID, bad.townshipOrgID) = (" ", "", "village")
    var backwards = DisputeBench.row("9", .`self`)
    backwards.closeTime = GoogleProtobuf.Timestamp(Scenery.monday - .days(31))
    let response = try await bench.importRows([bad, DisputeBench.row("2", .agency), backwards, .init()])
    #expect(response.addedCount == 1 && response.refusedCount == 3)
    #expect(
      response.outcomes[0].reasons.map(\.reason) == [
        "EXTERNAL_REF_MISSING", "TITLE_MISSING", "NOT_A_TOWNSHIP", "CALL_ID_MISSING", "TIME_IN_FUTURE",
      ])
    #expect(response.outcomes[2].reasons.map(\.reason) == ["CLOSE_BEFORE_REPORT"])
    #expect(
      response.outcomes[3].reasons.map(\.reason) == [
        "EXTERNAL_REF_MISSING", "TITLE_MISSING", "NOT_A_TOWNSHIP", "VERDICT_MISSING", "REPORT_TIME_MISSING",
      ])
  }

  @Test func `a row with an id longer than any is refused by itself, whatever the id is of`() async throws {
    let bench = try await DisputeBench()
    let long = String(repeating: "长", count: 50)
    var ref = DisputeBench.row("1", .`self`)
    ref.externalRef = long
    var town = DisputeBench.row("2", .`self`)
    town.townshipOrgID = long
    var call = DisputeBench.row("3", .call)
    call.callID = long
    call.determination?.determinationID = long
    let response = try await bench.importRows([ref, town, call, DisputeBench.row("4", .agency)])
    #expect(response.outcomes.map(\.result) == [.refused, .refused, .refused, .added])
    #expect(response.outcomes[0].reasons.map { [$0.reason, $0.field] } == [["ID_TOO_LONG", "external_ref"]])
    #expect(response.outcomes[1].reasons.map(\.reason) == ["ID_TOO_LONG", "NOT_A_TOWNSHIP"])
    #expect(
      Set(response.outcomes[2].reasons.map(\.field)) == ["determination.determination_id", "call_id"]
        && response.outcomes[2].reasons.allSatisfy { $0.reason == "ID_TOO_LONG" })
    let source = await refusals {
      try await bench.imports.importCases(
        .init(source: long, rows: [DisputeBench.row("5", .`self`)]),
        context: bench.context(
          DisputeV1.ImportServiceMethods.importCases, as: Scenery.actor("importer", .integration, of: "platform")))
    }
    #expect(source == ["ID_TOO_LONG"])
  }

  @Test func `a batch for a township that was not heard of yet writes nothing and may come again`() async throws {
    let bench = try await DisputeBench()
    var early = DisputeBench.row("2", .`self`)
    early.townshipOrgID = "other-street"
    let rows = [DisputeBench.row("1", .`self`), early]
    #expect(await refusals { try await bench.importRows(rows) } == ["TOWNSHIP_NOT_HEARD"])
    #expect(try bench.foldedAndStored("imported-1").stored == nil)
    _ = try await bench.deliver(
      [.organisation(.init(orgID: "other-street", orgType: "TOWNSHIP", townshipCode: "379922002000"))],
      from: "grid-registry")
    #expect(try await bench.importRows(rows).addedCount == 2)
  }

  @Test func `a call that was solved before the township routed the case settles it at once`() async throws {
    let bench = try await DisputeBench()
    let id = try await bench.report(kind: .matter, grid: "", township: "street", by: Scenery.hotline).caseID
    let context = bench.context(DisputeV1.AnalysisServiceMethods.routeCall, as: Scenery.centreClerk)
    _ = try await bench.cases.acceptCase(
      .init(requestID: "a", caseID: id, expectedVersion: 1, responsiblePersonID: "centre-clerk"), context: context)
    _ = try await bench.analysis.analyseCase(
      .init(
        requestID: "b", caseID: id, expectedVersion: 2,
        determination: .init(determinationID: "d", verdict: .call, itemCode: "ST-04")), context: context)
    _ = try await bench.deliver(
      [.call(.init(callID: "call", caseIDs: [id])), .call(.init(callID: "call", caseIDs: [id], outcome: .solved))],
      from: "dispatch")
    let routed = try await bench.analysis.routeCall(
      .init(requestID: "c", caseID: id, expectedVersion: 5), context: context)
    #expect(routed.caseRecord?.state == .settled)
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored)
  }

  @Test func `a submitted call is linked, its outcome settles the case, and each is heard once`() async throws {
    let bench = try await DisputeBench()
    let id = try await awaitingCall(bench)
    let solved = DisputeV1.Message.OneOfContent.call(
      .init(callID: "call", caseIDs: [id, "unknown"], outcome: .solved))
    let response = try await bench.deliver([solved], from: "dispatch", seq: 2)
    #expect(response.appliedCount == 1 && response.refusal == nil && response.position?.seq == 2)
    #expect(try bench.foldedAndStored(id).stored?.state == .settled)
    let again = try await bench.inbox.getPosition(
      .init(source: "dispatch"), context: bench.context(DisputeV1.InboxServiceMethods.getPosition, as: Scenery.system))
    #expect(again.position?.seq == 2)
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored)
  }

  @Test(arguments: [DisputeV1.CallHeard.Outcome.unsolved, .notAdmitted, .cancelled])
  func `a call without success comes back to the analysis`(outcome: DisputeV1.CallHeard.Outcome) async throws {
    let bench = try await DisputeBench()
    let id = try await awaitingCall(bench)
    _ = try await bench.deliver(
      [.call(.init(callID: "call", caseIDs: [id], outcome: outcome))], from: "dispatch", seq: 2)
    #expect(try bench.foldedAndStored(id).stored?.state == .analysing)
  }

  @Test func `an outcome relayed later changes nothing of a case that was imported as closed`() async throws {
    let bench = try await DisputeBench()
    _ = try await bench.importRows([DisputeBench.row("1", .call), DisputeBench.row("2", .agency, closed: false)])
    let before = try bench.foldedAndStored("imported-1").stored
    let response = try await bench.deliver(
      [
        .call(.init(callID: "call-1", caseIDs: ["imported-1"])),
        .call(.init(callID: "call-1", caseIDs: ["imported-1"], outcome: .solved)),
        .task(.init(taskID: "task-2", caseID: "imported-2")),
        .task(.init(taskID: "task-2", caseID: "imported-2", outcome: .unable)),
      ], from: "dispatch")
    #expect(response.appliedCount == 4)
    #expect(try bench.foldedAndStored("imported-1").stored == before)
    #expect(try bench.foldedAndStored("imported-2").stored?.state == .analysing)
  }

  @Test func `the directory is heard in order, a path before its grid is refused for now`() async throws {
    let bench = try await DisputeBench()
    let early = try await bench.deliver(
      [
        .organisation(
          .init(orgID: "new-room", name: "新村和事佬", orgType: "VILLAGE_ROOM", townshipCode: Scenery.township.text)),
        .gridPath(.init(gridID: "new", path: [.init(level: .village, orgID: "new-room")])),
      ], from: "grid-registry")
    #expect(early.appliedCount == 1)
    #expect(early.refusal?.reason == "GRID_NOT_HEARD" && early.refusal?.retriable == true)
    let later = try await bench.deliver(
      [
        .grid(
          .init(
            gridID: "new", code: "R", areaCode: Scenery.villageArea.text, orgID: "new-village",
            path: [.init(level: .village, orgID: "new-room"), .init(level: .township, orgID: "centre")])),
        .calendar(.init(year: 2020, confirmed: true, days: [.init(date: "2020-01-01", working: false)])),
        .heartbeat(.init()),
      ], from: "grid-registry", seq: 2)
    #expect(later.appliedCount == 3)
    let reported = try await bench.report(grid: "new")
    #expect(reported.handlingOrgID == "new-room" && reported.level == .village)
  }

  @Test func `E21 another calendar never makes a running clock due earlier`() async throws {
    let bench = try await DisputeBench()
    bench.bench.clock.now = Scenery.instant("2021-02-05T10:00:00+08:00")
    let id = try await bench.report().caseID
    let promised = try #require(try bench.foldedAndStored(id).stored?.runningClock(.accept))
    #expect(promised.dueTime(in: .unannounced) == Scenery.instant("2021-02-08T10:00:00+08:00"))
    let rest = (11...17).map { DisputeV1.CalendarDay(date: "2021-02-\($0)", working: false) }
    let work = ["07", "20"].map { DisputeV1.CalendarDay(date: "2021-02-\($0)", working: true) }
    let heard = try await bench.deliver(
      [.calendar(.init(year: 2021, confirmed: true, days: rest + work))], from: "grid-registry",
      at: Scenery.instant("2021-02-06T09:00:00+08:00"))
    #expect(heard.appliedCount == 1)
    let calendar = try bench.bench.database.readInline { try bench.dispute.directory.calendar(in: $0) }
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored)
    #expect(
      stored?.runningClock(.accept)?.dueTime(in: calendar) == Scenery.instant("2021-02-08T10:00:00+08:00"))
  }

  /// A hotline matter that waits for the call `call`, which dispatch has told of.
  private func awaitingCall(_ bench: DisputeBench) async throws -> String {
    let id = try await bench.report(kind: .matter, grid: "", township: "street", by: Scenery.hotline).caseID
    let context = bench.context(DisputeV1.AnalysisServiceMethods.routeCall, as: Scenery.centreClerk)
    _ = try await bench.cases.acceptCase(
      .init(requestID: "a", caseID: id, expectedVersion: 1, responsiblePersonID: "centre-clerk"), context: context)
    _ = try await bench.analysis.analyseCase(.init(requestID: "b", caseID: id, expectedVersion: 2), context: context)
    let early = await refusals {
      try await bench.analysis.routeCall(
        .init(requestID: "c", caseID: id, expectedVersion: 3, callID: "call"), context: context)
    }
    #expect(early == ["DETERMINATION_MISSING", "NO_SUBMITTED_CALL"])
    let heard = try await bench.deliver(
      [
        .call(
          .init(
            callID: "call", caseIDs: [id],
            determination: .init(determinationID: "d", verdict: .call, itemCode: "ST-04", listVersion: "2021-1")))
      ], from: "dispatch")
    #expect(heard.appliedCount == 1)
    let awaiting = try await bench.analysis.routeCall(
      .init(requestID: "d", caseID: id, expectedVersion: 5, callID: "call"), context: context)
    #expect(awaiting.caseRecord?.state == .awaitingCall)
    return id
  }
}
