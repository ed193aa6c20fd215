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

/// A member's duties go to another person: what that means for the open cases (P07, M11, I1).
@Suite struct HandoverTests {
  private func handover(_ from: String, _ to: String) -> DisputeV1.Message.OneOfContent {
    .handover(.init(fromPersonID: from, toPersonID: to))
  }

  private func types(of id: String, _ bench: DisputeBench) throws -> [String] {
    try bench.bench.database.readInline { try Journal.entries(ofAggregate: "case", id, in: $0) }.map(\.eventType)
  }

  @Test func `P07 I1 a hand-over gives the open cases to the other person, once, and closed ones stay`() async throws {
    let bench = try await DisputeBench()
    let methods = DisputeV1.CaseServiceMethods.self
    let member = bench.context(methods.selfHandleCase, as: Scenery.member)
    var ids: [String] = []
    for index in 0..<3 {
      let id = try await bench.report(requestID: "r\(index)").caseID
      ids.append(id)
      if index < 2 {
        _ = try await bench.cases.selfHandleCase(
          .init(requestID: "s\(index)", caseID: id, expectedVersion: 1), context: member)
      }
    }
    _ = try await bench.mediation.recordAttempt(
      .init(requestID: "a", caseID: ids[0], expectedVersion: 2, result: .success), context: member)
    _ = try await bench.cases.settleCase(
      .init(requestID: "b", caseID: ids[0], expectedVersion: 3, agreement: .onSpot), context: member)
    _ = try await bench.cases.registerClose(
      .init(
        requestID: "c", caseID: ids[0], expectedVersion: 4,
        closure: .init(result: "SOLVED", authority: .mediation, partiesNotified: true)), context: member)

    _ = try await bench.deliver([handover("member", "successor")], from: "grid-registry")
    let people = try ids.map { try bench.foldedAndStored($0).stored?.responsiblePerson.text }
    #expect(people == ["member", "successor", "village-clerk"])
    #expect(try types(of: ids[1], bench).last == "case.assigned")
    let line = try bench.bench.database.readInline { try Journal.entries(ofAggregate: "case", ids[1], in: $0) }.last
    #expect(line?.draft.actor.role == .system)
    for id in ids {
      let (folded, stored) = try bench.foldedAndStored(id)
      #expect(folded == stored)
    }
    // Nothing is left to hand over.
    _ = try await bench.deliver(
      [handover("member", "successor"), handover("member", "")], from: "grid-registry", seq: 2)
    #expect(try types(of: ids[1], bench).filter { $0 == "case.assigned" }.count == 1)
    // The other person works on, the first one no more than any member of the grid.
    let successor = Scenery.actor("successor", .gridMember, of: "village")
    _ = try await bench.mediation.recordAttempt(
      .init(requestID: "d", caseID: ids[1], expectedVersion: 3, result: .success),
      context: bench.context(DisputeV1.MediationServiceMethods.recordAttempt, as: successor))
  }

  @Test func `M11 in joint handling the other person answers for the plan, which is settled when there is a telephone`()
    throws
  {
    var story = try CaseHandlingTests.joint()
    try story.take(.updateMeasure(1, .done, outcome: Scenery.text, evidence: []), by: Scenery.centreClerk)
    try story.take(.takeOver("deputy"), by: Scenery.system)
    #expect(story.record.responsiblePerson == "deputy")
    #expect(story.record.plan?.responsibles == [Case.Responsible(person: "deputy", phone: nil)])
    // What was done is still written down; only the end waits.
    try story.take(.updateMeasure(2, .done, outcome: Scenery.text, evidence: []), by: Scenery.bureauClerk)
    #expect(
      story.reasons(.settle(.init(agreement: .oral)), by: Scenery.centreClerk) == ["RESPONSIBLE_PHONE_MISSING"])
    let actions = story.record.allowedActions(
      as: [.lead], actor: Scenery.centreClerk, in: story.world, at: story.now)
    #expect(actions.first { $0.0 == .settle }?.1.map(\.code) == ["RESPONSIBLE_PHONE_MISSING"])
    story.world.persons["deputy"] = Person(personID: "deputy", organisation: "centre", roles: ["LEVEL_CLERK"])
    try story.take(.reassign("deputy", reason: Scenery.text, phone: Scenery.text), by: Scenery.centreClerk)
    try story.take(.settle(.init(agreement: .oral)), by: Scenery.centreClerk)
    #expect(story.record.state == .settled)
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `M11 before joint handling begins the plan goes over too, and needs the new telephone`() throws {
    var story = try Story(complexity: .complex)
    try story.goUp()
    try story.take(CaseHandlingTests.plan, by: Scenery.centreClerk)
    try story.take(.invite("labour-bureau", ask: Scenery.text, dueTime: nil), by: Scenery.centreClerk)
    try story.take(.answerInvitation(1, accepts: true, basis: nil), by: Scenery.bureauClerk)
    try story.take(.takeOver("deputy"), by: Scenery.system)
    #expect(story.record.plan?.responsibles == [Case.Responsible(person: "deputy", phone: nil)])
    #expect(
      story.reasons(.routeJoint(minutes: nil), by: Scenery.centreClerk) == ["RESPONSIBLE_PHONE_MISSING"])
    // A reassignment with a reason leaves the plan to whoever writes it.
    try story.take(.reassign("centre-clerk", reason: Scenery.text, phone: nil), by: Scenery.centreClerk)
    #expect(story.record.plan?.responsibles.map(\.person) == ["deputy"])
    #expect(Case.fold(story.events) == story.record)
  }

  @Test func `P07 who answers for a grid is heard: only they visit it and handle its cases`() async throws {
    let bench = try await DisputeBench()
    let screening = ScreeningHandlers(dispute: bench.dispute)
    func visit(_ person: String, _ requestID: String) async -> [String] {
      await refusals {
        try await screening.recordVisit(
          .init(requestID: requestID, gridID: "urban", householdCount: 3),
          context: bench.context(
            DisputeV1.ScreeningServiceMethods.recordVisit,
            as: Scenery.actor(person, .gridMember, of: "community")))
      }
    }
    let directory = bench.dispute.directory
    try await bench.bench.database.write { transaction in
      var grid = Scenery.urbanGrid
      grid = Grid(
        gridID: grid.gridID, code: grid.code, area: grid.area, organisation: grid.organisation, path: grid.path)
      try directory.save(grid, in: transaction)
    }
    // As long as nobody is known, whoever belongs to the grid's organisation may.
    #expect(await visit("anybody", "1") == [])
    let appointed = DisputeV1.Message.OneOfContent.gridMember(
      .init(memberID: "m1", personID: "anna", gridIDs: ["urban", "rural"]))
    _ = try await bench.deliver([appointed], from: "grid-registry")
    #expect(await visit("anybody", "2") == ["NOT_YOUR_GRID"])
    #expect(await visit("anna", "3") == [])
    let grid = try bench.bench.database.readInline { try directory.grid("rural", in: $0) }
    #expect(grid?.members == ["member", "anna"])
    let moved = DisputeV1.Message.OneOfContent.gridMember(.init(memberID: "m1", personID: "anna", gridIDs: ["rural"]))
    let second = DisputeV1.Message.OneOfContent.gridMember(.init(memberID: "m2", personID: "berta", gridIDs: ["urban"]))
    _ = try await bench.deliver([moved, second], from: "grid-registry", seq: 2)
    #expect(await visit("anna", "4") == ["NOT_YOUR_GRID"])
    #expect(await visit("berta", "5") == [])
    let gone = DisputeV1.Message.OneOfContent.gridMember(.init(memberID: "m2", personID: "berta"))
    _ = try await bench.deliver([gone], from: "grid-registry", seq: 4)
    #expect(await visit("anybody", "6") == [])
  }
}
