import Access
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

/// Merging, joint handling, rules and hand-over through the handlers and their rows.
@Suite struct CaseMergeServiceTests {
  private func merges(_ bench: DisputeBench) -> MergeHandlers { MergeHandlers(dispute: bench.dispute) }

  private func expectFolded(_ bench: DisputeBench, _ ids: String...) throws {
    for id in ids {
      let (folded, stored) = try bench.foldedAndStored(id)
      #expect(folded != nil && folded == stored, "\(id)")
    }
  }

  @Test func `I5 merging writes both sides at once, a merged survivor hands everything on, and one parts again`()
    async throws
  {
    let bench = try await DisputeBench()
    let context = bench.context(DisputeV1.MergeServiceMethods.mergeCase, as: Scenery.villageClerk)
    var ids: [String] = []
    for number in 1...3 { ids.append(try await bench.report(requestID: "r\(number)").caseID) }
    let first = try await merges(bench).mergeCase(
      .init(requestID: "a", caseID: ids[0], expectedVersion: 1, survivorCaseID: ids[1], mergeReason: "同一件事"),
      context: context)
    #expect(first.caseRecord?.state == .merged && first.caseRecord?.survivorCaseID == ids[1])
    #expect(first.survivor?.reporterCount == 2 && first.survivor?.version == 2)
    let chain = await refusals {
      try await merges(bench).mergeCase(
        .init(requestID: "b", caseID: ids[2], expectedVersion: 1, survivorCaseID: ids[0]), context: context)
    }
    #expect(chain == ["SURVIVOR_IS_MERGED"])
    let second = try await merges(bench).mergeCase(
      .init(requestID: "c", caseID: ids[1], expectedVersion: 2, survivorCaseID: ids[2]), context: context)
    #expect(second.survivor?.reporterCount == 3 && second.survivor?.merges.count == 2)
    #expect(try bench.foldedAndStored(ids[0]).stored?.survivor?.caseID.text == ids[2])
    try expectFolded(bench, ids[0], ids[1], ids[2])

    let version = try #require(try bench.foldedAndStored(ids[0]).stored?.version)
    let apart = try await merges(bench).unmergeCase(
      .init(requestID: "d", caseID: ids[0], expectedVersion: UInt64(version), unmergeReason: "不是同一件"),
      context: context)
    #expect(apart.caseRecord?.state == .reported && apart.survivor?.reporterCount == 2)
    try expectFolded(bench, ids[0], ids[1], ids[2])
    let missing = await refusals {
      try await merges(bench).mergeCase(
        .init(requestID: "e", caseID: ids[0], expectedVersion: UInt64(version + 1), survivorCaseID: "nobody's"),
        context: context)
    }
    #expect(missing == ["SURVIVOR_MISSING"])
  }

  @Test func `what dispatch tells of a merged case reaches its survivor`() async throws {
    let bench = try await DisputeBench()
    let context = bench.context(DisputeV1.MergeServiceMethods.mergeCase, as: Scenery.villageClerk)
    let (gone, kept) = (
      try await bench.report(requestID: "1").caseID, try await bench.report(requestID: "2").caseID
    )
    _ = try await merges(bench).mergeCase(
      .init(requestID: "m", caseID: gone, expectedVersion: 1, survivorCaseID: kept), context: context)
    _ = try await bench.deliver([.call(.init(callID: "call", caseIDs: [gone]))], from: "dispatch")
    #expect(try bench.foldedAndStored(kept).stored?.links.map(\.subjectID) == ["call"])
    #expect(try bench.foldedAndStored(gone).stored?.links == [])
  }

  @Test func `a hand-over gives the open cases of one person to another, and no closed one`() async throws {
    let bench = try await DisputeBench()
    let (open, closed) = (
      try await bench.report(requestID: "1").caseID, try await bench.report(requestID: "2").caseID
    )
    let context = bench.context(DisputeV1.CaseServiceMethods.withdrawCase, as: Scenery.villageClerk)
    _ = try await bench.cases.withdrawCase(
      .init(requestID: "w", caseID: closed, expectedVersion: 1, withdrawReason: "不要了"), context: context)
    let heard = try await bench.deliver(
      [.handover(.init(fromPersonID: "village-clerk", toPersonID: "new-clerk"))], from: "grid-registry")
    #expect(heard.appliedCount == 1)
    #expect(try bench.foldedAndStored(open).stored?.responsiblePerson == "new-clerk")
    #expect(try bench.foldedAndStored(closed).stored?.responsiblePerson == "village-clerk")
    try expectFolded(bench, open, closed)
  }

  @Test func `M09 M10 M11 a plan with its telephone and texts is sealed, masked, revealed and folded`() async throws {
    let bench = try await DisputeBench()
    let plans = PlanHandlers(dispute: bench.dispute)
    let context = bench.context(DisputeV1.PlanServiceMethods.putPlan, as: Scenery.centreClerk)
    let id = try await bench.report(kind: .matter, grid: "", township: "street", by: Scenery.hotline).caseID
    _ = try await bench.cases.acceptCase(
      .init(requestID: "a", caseID: id, expectedVersion: 1, responsiblePersonID: "centre-clerk"), context: context)
    _ = try await bench.analysis.analyseCase(.init(requestID: "b", caseID: id, expectedVersion: 2), context: context)
    let incomplete = await refusals {
      try await plans.putPlan(
        .init(requestID: "c", caseID: id, expectedVersion: 3, measures: [.init(text: "核对")]), context: context)
    }
    #expect(incomplete == ["MEASURE_INCOMPLETE"])
    let planned = try await plans.putPlan(
      .init(
        requestID: "c", caseID: id, expectedVersion: 3,
        responsibles: [.init(personID: "centre-clerk", phone: "13812345678")],
        measures: [
          .init(
            text: "逐户核对漏水原因", ownerOrgID: "centre", dueTime: .init(Scenery.monday + .days(9)))
        ]), context: context)
    #expect(planned.caseRecord?.plan?.responsibles.first?.phone == "138****5678")
    #expect(planned.caseRecord?.plan?.measures.first?.text.contains("漏水") == false)
    _ = try await plans.inviteDepartment(
      .init(requestID: "d", caseID: id, expectedVersion: 4, orgID: "labour-bureau", ask: "请派员参加"), context: context)
    let bureau = bench.context(DisputeV1.PlanServiceMethods.answerInvitation, as: Scenery.bureauClerk)
    #expect(
      try await bench.cases.getCase(.init(key: .caseID(id)), context: bureau).caseRecord?.invitations.count == 1)
    _ = try await plans.answerInvitation(
      .init(requestID: "e", caseID: id, expectedVersion: 5, invitationNumber: 1, accept: true), context: bureau)
    let joint = try await bench.analysis.routeJoint(
      .init(requestID: "f", caseID: id, expectedVersion: 6, minutes: "联合办理"), context: context)
    #expect(joint.caseRecord?.state == .jointHandling)
    try expectFolded(bench, id)
    let clear = try await bench.cases.revealCase(
      .init(requestID: "g", caseID: id, purpose: "联系责任人"), context: context)
    #expect(clear.caseRecord?.plan?.responsibles.first?.phone == "13812345678")
    try bench.bench.database.readInline { reading in
      for line in try Journal.entries(ofAggregate: "case", id, in: reading) {
        let text = String(decoding: line.payload, as: UTF8.self)
        #expect(!text.contains("13812345678") && !text.contains("漏水"))
      }
    }
  }

  @Test func `M07 the county's rules name categories and rooms, in versions`() async throws {
    let bench = try await DisputeBench()
    let rules = IndustryRuleHandlers(dispute: bench.dispute)
    let context = bench.context(
      DisputeV1.IndustryRuleServiceMethods.putIndustryRules, as: Scenery.actor("admin", .countyAdmin, of: "county"))
    let wrong = await refusals {
      try await rules.putIndustryRules(
        .init(
          requestID: "1",
          rules: [
            .init(category: "劳动争议", roomOrgID: "centre"), .init(category: "劳动争议", roomOrgID: "labour-room"),
            .init(category: " "),
          ]), context: context)
    }
    #expect(wrong == ["NOT_AN_INDUSTRY_ROOM", "RULE_TWICE", "CATEGORY_MISSING"])
    let put = try await rules.putIndustryRules(
      .init(requestID: "2", rules: [.init(category: "邻里", roomOrgID: "labour-room")]), context: context)
    #expect(put.policyVersion == 1)
    let reported = try await bench.report()
    #expect(reported.handlingOrgID == "labour-room" && reported.flags == [.industry])
    #expect(reported.industryRoomOrgID == "labour-room" && reported.responsiblePersonID == "labour-clerk")
    _ = try await rules.putIndustryRules(.init(requestID: "3"), context: context)
    let listed = try await rules.listIndustryRules(.init(), context: context)
    #expect(listed.rules.isEmpty && listed.policyVersion == 2)
    try expectFolded(bench, reported.caseID)
  }

  @Test func `a mediation that rests goes on by itself after its day, once`() async throws {
    let bench = try await DisputeBench()
    let context = bench.context(DisputeV1.MediationServiceMethods.adjournMediation, as: Scenery.villageClerk)
    let id = try await bench.report(kind: .matter).caseID
    _ = try await bench.cases.acceptCase(
      .init(requestID: "a", caseID: id, expectedVersion: 1, responsiblePersonID: "village-clerk"), context: context)
    _ = try await bench.mediation.startMediation(
      .init(requestID: "b", caseID: id, expectedVersion: 2, noConflictDeclared: true), context: context)
    let until = Scenery.monday + .days(7)
    _ = try await bench.mediation.adjournMediation(
      .init(requestID: "c", caseID: id, expectedVersion: 3, reason: .partyAbsent, resumeTime: .init(until)),
      context: context)
    let timers = CaseTimers(dispute: bench.dispute)
    _ = try await timers.fire(at: until)
    #expect(try bench.foldedAndStored(id).stored?.state == .suspended)
    _ = try await timers.fire(at: until + .minutes(1))
    #expect(try bench.foldedAndStored(id).stored?.state == .mediating)
    try expectFolded(bench, id)
  }
}
