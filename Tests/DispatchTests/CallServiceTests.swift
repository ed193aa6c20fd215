import Access
import DispatchContract
import DispatchDomain
@testable import DispatchService
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

struct CallServiceTests {
  @Test func `a call travels from draft to verification, and its journal folded is what is stored`() async throws {
    let desk = try await Desktop()
    _ = try await desk.unableTask()
    let draft = try await desk.draftCall()
    #expect(draft.number == "HY-2020-00001" && draft.state == .draft)
    var call = try await desk.submit(draft)
    #expect(call.state == .admitted && call.admission?.rules.count == 4)
    call = try #require(
      try await desk.calls.dispatchCall(
        .init(requestID: "d", callID: call.callID, expectedVersion: call.version), context: desk.context(County.office)
      ).call)
    #expect(call.assignments.map(\.orgID) == ["ecology"] && call.assignments.first?.office == "执法股")
    let timer = try #require(desk.service.parts.timers.first)
    let now = desk.bench.clock.now
    #expect(try await timer.count(before: now + .hours(6)) == 0)
    #expect(try await timer.count(before: now + .days(2)) == 1, "its clock SIGN, of a working day")
    desk.bench.clock.advance(by: .hours(1))
    let department = desk.context(County.department)
    call = try #require(
      try await desk.calls.signCall(
        .init(requestID: "s", callID: call.callID, expectedVersion: call.version), context: department
      ).call)
    call = try #require(
      try await desk.calls.respondCall(
        .init(
          requestID: "r", callID: call.callID, expectedVersion: call.version, contactRecord: "已电话联系",
          plan: "三日内清理", planDate: "2020-03-13"), context: department
      ).call)
    call = try #require(
      try await desk.calls.reportDone(
        .init(requestID: "o", callID: call.callID, expectedVersion: call.version, result: "已清理"), context: department
      ).call)
    call = try #require(
      try await desk.calls.verifyCall(
        .init(
          requestID: "v", callID: call.callID, expectedVersion: call.version, verdict: .solved,
          rating: .init(speed: 5, attitude: 5, result: 5)), context: desk.context(County.clerk)
      ).call)
    #expect(call.state == .closed && call.outcome == .solved)
    #expect(try await timer.count(before: now + .days(30)) == 0, "no clock runs any more")
    #expect(try await desk.folded(call.callID) == desk.stored(call.callID))
    let timeline = try await desk.calls.getTimeline(.init(callID: call.callID), context: desk.context(County.clerk))
    #expect(timeline.entries.count == 9 && timeline.entries.last?.facts?.caseIDs == ["case-1"])
  }

  @Test func `not being admitted is an answer, and the dry run gave the same`() async throws {
    let desk = try await Desktop()
    let call = try await desk.draftCall()
    let dry = try await desk.calls.checkAdmission(
      .init(callID: call.callID, determination: .init(.pollution)), context: desk.context(County.leader))
    let drier = try await desk.calls.checkAdmission(
      .init(draft: Desktop.draft, determination: .init(.pollution)), context: desk.context(County.clerk))
    let submitted = try await desk.submit(call)
    #expect(submitted.state == .notAdmitted && submitted.admission?.decision == .notAdmitted)
    #expect(dry.admission?.rules == submitted.admission?.rules)
    #expect(drier.admission?.rules == submitted.admission?.rules)
    #expect(dry.missing.isEmpty)
    let stored = try #require(try await desk.stored(call.callID)?.admission)
    #expect(AdmissionFacts(replaying: stored.rules)?.judge(round: 1, at: stored.judgeTime) == stored)
  }

  @Test func `without a finding a reasoned call goes to the office`() async throws {
    let desk = try await Desktop()
    let call = try await desk.draftCall()
    let answer = try await desk.calls.submitCall(
      .init(requestID: "s", callID: call.callID, expectedVersion: call.version), context: desk.context(County.leader))
    #expect(answer.call?.state == .manualReview && answer.admission?.reviewCauses == ["RL_UNAVAILABLE"])
  }

  @Test func `the same request id gives the same answer, whatever the gateway filled in`() async throws {
    let desk = try await Desktop()
    let call = try await desk.draftCall()
    var request = DispatchV1.SubmitCallRequest(
      requestID: "once", callID: call.callID, expectedVersion: call.version, determination: .init(.pollution))
    let first = try await desk.calls.submitCall(request, context: desk.context(County.leader))
    request.determination = .init(.cleaning)
    #expect(try await desk.calls.submitCall(request, context: desk.context(County.leader)) == first)
    request.expectedVersion = 7
    let refusal1 = await codes { try await desk.calls.submitCall(request, context: desk.context(County.leader)) }
    #expect(
      refusal1 == [
        "IDEMPOTENCY_MISMATCH"
      ])
  }

  @Test func `a call that has changed since it was read is not written over`() async throws {
    let desk = try await Desktop()
    let call = try await desk.draftCall()
    let request = DispatchV1.CancelCallRequest(
      requestID: "c", callID: call.callID, expectedVersion: 9, cancelReason: "x")
    let refusal2 = await codes { try await desk.calls.cancelCall(request, context: desk.context(County.clerk)) }
    #expect(
      refusal2 == [
        "VERSION_CONFLICT"
      ])
  }

  @Test func `an amendment that says the same is refused, one with new facts is taken`() async throws {
    let desk = try await Desktop()
    let call = try await desk.submit(try await desk.draftCall())
    func amend(_ draft: DispatchV1.CallDraft) async throws -> DispatchV1.Call? {
      try await desk.calls.amendCall(
        .init(requestID: draft.narrative, callID: call.callID, expectedVersion: call.version, draft: draft),
        context: desk.context(County.clerk)
      ).call
    }
    let refusal3 = await codes { try await amend(Desktop.draft) }
    #expect(refusal3 == ["NOTHING_CHANGED"])
    var changed = Desktop.draft
    changed.narrative = "又发现一处。"
    let amended = try #require(try await amend(changed))
    #expect(amended.state == .draft && amended.narrative == "又发现一处。" && amended.number == call.number)
    #expect(try await desk.folded(call.callID) == desk.stored(call.callID))
  }

  @Test func `those who take no part see no text, and nobody sees the caller's number`() async throws {
    let desk = try await Desktop()
    var draft = Desktop.draft
    draft.channel = .offline
    draft.caller = .init(
      callerName: "李四", phone: "13900001234", paperNumber: "12345-7", callTime: .init(at("2020-03-10T09:50")))
    let call = try await desk.draftCall(draft, by: County.hotline)
    #expect(
      call.narrative == draft.narrative && call.caller?.callerName == "李**" && call.caller?.phone == "139****1234")
    let admin = desk.context(County.actor(.countyAdmin, of: ""))
    let masked = try #require(try await desk.calls.getCall(.init(number: call.number), context: admin).call)
    #expect(masked.masked && masked.narrative.isEmpty && masked.study?.tried.isEmpty == true)
    let listed = try await desk.calls.listCalls(.init(), context: desk.context(County.hotline))
    #expect(listed.calls.map(\.narrative) == [""])
    let file = try await desk.bench.database.read { try Journal.entries(after: 0, limit: 10, in: $0).entries }
    #expect(!file.contains { String(decoding: $0.payload, as: UTF8.self).contains("张某") })
  }

  @Test func `the other system's second delivery gives the same call`() async throws {
    let desk = try await Desktop()
    var draft = Desktop.draft
    draft.externalRef = "OA-2020-7"
    let first = try await desk.draftCall(draft)
    #expect(try await desk.draftCall(draft).callID == first.callID)
  }

  @Test func `what is missing or unknown is refused by name`() async throws {
    let desk = try await Desktop()
    let refusal4 = await codes { try await desk.draftCall(.init(townshipOrgID: "township-a")) }
    #expect(
      refusal4 == [
        "FIELD_MISSING", "FIELD_MISSING",
      ])
    let nowhere = DispatchV1.CallDraft(kind: .reasoned, channel: .offline, townshipOrgID: "nowhere")
    let refusal5 = await codes { try await desk.draftCall(nowhere, by: County.hotline) }
    #expect(refusal5 == ["TOWNSHIP_UNKNOWN"])
    let refusal6 = await codes { try await desk.calls.getCall(.init(callID: "x"), context: desk.context(County.clerk)) }
    #expect(
      refusal6 == [
        "CALL_NOT_FOUND"
      ])
    let refusal7 = await codes {
      try await desk.calls.listCalls(.init(pageToken: "x"), context: desk.context(County.clerk))
    }
    #expect(
      refusal7 == [
        "PAGE_TOKEN_INVALID"
      ])
    let two = DispatchV1.ListCallsRequest(townshipCode: County.chengguan, mainOrgID: "ecology")
    let refusal8 = await codes { try await desk.calls.listCalls(two, context: desk.context(County.clerk)) }
    #expect(refusal8 == ["FILTERS_TOO_MANY"])
  }

  @Test func `pages follow one another without a gap`() async throws {
    let desk = try await Desktop()
    for _ in 0..<5 {
      desk.bench.clock.advance(by: .minutes(1))
      _ = try await desk.draftCall()
    }
    var numbers: [String] = []
    var token = ""
    repeat {
      let page = try await desk.calls.listCalls(
        .init(townshipCode: County.chengguan, pageSize: 2, pageToken: token), context: desk.context(County.clerk))
      numbers += page.calls.map(\.number)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(numbers == (1...5).reversed().map { Call.number(year: 2020, sequence: $0) })
  }

  @Test func `every RPC has an access rule`() {
    let paths = [
      DispatchV1.CallServiceMethods.all, DispatchV1.CoordinationServiceMethods.all, DispatchV1.ImportServiceMethods.all,
      DispatchV1.InboxServiceMethods.all,
    ].flatMap { $0 }.map(\.path)
    #expect(paths.allSatisfy { DispatchV1.accessRules[$0] != nil })
  }
}
