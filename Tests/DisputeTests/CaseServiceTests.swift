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
import Wire
import WireTypes

@Suite struct CaseServiceTests {
  typealias Methods = DisputeV1.CaseServiceMethods

  @Test func `A2 from report to closing, and the journal tells the same`() async throws {
    let bench = try await DisputeBench()
    let reported = try await bench.report()
    #expect(reported.number == "DJ-379922001-2020-000001")
    #expect(reported.responsiblePersonID == "village-clerk")
    #expect(reported.state == .reported)
    let context = bench.context(Methods.settleCase, as: Scenery.member)
    let id = reported.caseID
    _ = try await bench.cases.selfHandleCase(.init(requestID: "2", caseID: id, expectedVersion: 1), context: context)
    _ = try await bench.mediation.recordAttempt(
      .init(requestID: "3", caseID: id, expectedVersion: 2, result: .success, record: "双方同意改管道"), context: context)
    _ = try await bench.cases.settleCase(
      .init(requestID: "4", caseID: id, expectedVersion: 3, agreement: .onSpot, settlementText: "本周内改好"),
      context: context)
    let incomplete = await refusals {
      try await bench.cases.registerClose(.init(requestID: "5", caseID: id, expectedVersion: 4), context: context)
    }
    #expect(incomplete == ["CLOSURE_INCOMPLETE"])
    let closed = try await bench.cases.registerClose(
      .init(
        requestID: "5", caseID: id, expectedVersion: 4,
        closure: .init(result: "SOLVED", authority: .mediation, partiesNotified: true)), context: context)
    #expect(closed.caseRecord?.state == .closed)
    #expect(closed.caseRecord?.closure?.resolvingLevel == .grid)
    #expect(closed.caseRecord?.closure?.onTime == true)
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded != nil)
    #expect(folded == stored)
    let timeline = try await bench.cases.listTimeline(.init(caseID: id), context: context)
    #expect(
      timeline.entries.map(\.eventType) == [
        "case.reported", "case.self_handled", "attempt.recorded", "case.settled", "case.closed",
      ])
    #expect(timeline.entries.last?.state == .closed)
  }

  @Test func `names, telephones and free text are masked, never in the journal, and revealed for a purpose`()
    async throws
  {
    let bench = try await DisputeBench()
    let reported = try await bench.report()
    #expect(reported.parties.first?.name == "张＊＊")
    #expect(reported.parties.first?.phone == "138****5678")
    #expect(!reported.title.contains("张三") && !reported.narrative.contains("138"))
    try bench.bench.database.readInline { reading in
      for line in try Journal.entries(ofAggregate: "case", reported.caseID, in: reading) {
        let text = String(decoding: line.payload, as: UTF8.self)
        #expect(!text.contains("张三") && !text.contains("13812345678"))
      }
    }
    let context = bench.context(Methods.revealCase, as: Scenery.villageClerk)
    let without = await refusals {
      try await bench.cases.revealCase(.init(requestID: "r", caseID: reported.caseID), context: context)
    }
    #expect(without == ["PURPOSE_MISSING"])
    let clear = try await bench.cases.revealCase(
      .init(requestID: "r", caseID: reported.caseID, purpose: "联系当事人"), context: context)
    #expect(clear.caseRecord?.parties.first?.name == "张三丰")
    #expect(clear.caseRecord?.title == "张三家屋檐水流入李四家")
    let timeline = try await bench.cases.listTimeline(.init(caseID: reported.caseID), context: context)
    #expect(timeline.entries.last?.eventType == "personal_fields.read")
    let (folded, stored) = try bench.foldedAndStored(reported.caseID)
    #expect(folded == stored)
  }

  @Test func `the same request gets the same answer, another version is a conflict`() async throws {
    let bench = try await DisputeBench()
    let first = try await bench.report()
    #expect(try await bench.report() == first)
    let context = bench.context(Methods.acceptCase, as: Scenery.villageClerk)
    func accept(_ version: UInt64) async -> [String] {
      await refusals {
        try await bench.cases.acceptCase(
          .init(
            requestID: "v\(version)", caseID: first.caseID, expectedVersion: version,
            responsiblePersonID: "village-clerk"), context: context)
      }
    }
    #expect(await accept(0) == ["EXPECTED_VERSION_MISSING"])
    #expect(await accept(9) == ["VERSION_CONFLICT"])
    #expect(await accept(1) == [])
    #expect(await accept(2) == ["ILLEGAL_TRANSITION"])
  }

  @Test func `another township neither reads, lists nor acts`() async throws {
    let bench = try await DisputeBench()
    let id = try await bench.report().caseID
    let context = bench.context(Methods.getCase, as: Scenery.stranger)
    #expect(
      await refusals { try await bench.cases.getCase(.init(key: .caseID(id)), context: context) }
        == ["JURISDICTION_MISMATCH"])
    #expect(
      await refusals {
        try await bench.cases.acceptCase(
          .init(requestID: "a", caseID: id, expectedVersion: 1, responsiblePersonID: "stranger"), context: context)
      } == ["JURISDICTION_MISMATCH"])
    #expect(
      await refusals { try await bench.cases.listCases(.init(areaCode: "379922001000"), context: context) }
        == ["JURISDICTION_MISMATCH"])
    #expect(try await bench.cases.listCases(.init(), context: context).cases.isEmpty)
    let mine = bench.context(Methods.listCases, as: Scenery.centreClerk)
    let listed = try await bench.cases.listCases(.init(), context: mine).cases
    #expect(listed.map(\.caseID) == [id])
    #expect(listed.first?.parties == [])
    #expect(listed.first?.dueTime != nil)
  }

  @Test func `cases are counted by state, level, township and organisation, in the own township only`() async throws {
    let bench = try await DisputeBench()
    _ = try await bench.report(requestID: "1")
    let id = try await bench.report(grid: "urban", requestID: "2").caseID
    let context = bench.context(Methods.countCases, as: Scenery.centreClerk)
    _ = try await bench.cases.classifyCase(
      .init(requestID: "c", caseID: id, expectedVersion: 1, category: "物业"), context: context)
    func counts(_ grouping: DisputeV1.CountCasesRequest.GroupBy, _ area: String = "") async throws -> [String: Int64] {
      let answer = try await bench.cases.countCases(.init(areaCode: area, groupBy: grouping), context: context)
      #expect(answer.totalCount == 2)
      return Dictionary(answer.counts.map { ($0.key, $0.caseCount) }) { first, _ in first }
    }
    #expect(try await counts(.state) == ["REPORTED": 2])
    #expect(try await counts(.level) == ["VILLAGE": 1, "COMMUNITY": 1])
    #expect(try await counts(.township, "379922001000") == ["379922001000": 2])
    #expect(try await counts(.organisation) == ["village-room": 1, "community-room": 1])
    #expect(
      await refusals { try await bench.cases.countCases(.init(), context: context) } == ["GROUP_BY_MISSING"])
    #expect(
      await refusals {
        try await bench.cases.countCases(.init(areaCode: "379922002000", groupBy: .state), context: context)
      } == ["JURISDICTION_MISMATCH"])
  }

  @Test func `a report says everything that is wrong with it`() async throws {
    let bench = try await DisputeBench()
    let context = bench.context(Methods.reportCase, as: Scenery.member)
    let reasons = await refusals {
      try await bench.cases.reportCase(.init(requestID: "r", gridID: "unknown"), context: context)
    }
    #expect(reasons == ["KIND_MISSING", "TITLE_MISSING", "GRID_NOT_HEARD"])
    let nowhere = await refusals {
      try await bench.cases.reportCase(.init(requestID: "r", kind: .matter, title: "路灯"), context: context)
    }
    #expect(nowhere == ["TOWNSHIP_NOT_HEARD"])
  }

  @Test func `a hotline report that is not located belongs to the township's centre`() async throws {
    let bench = try await DisputeBench()
    let reported = try await bench.report(kind: .matter, grid: "", township: "street", by: Scenery.hotline)
    #expect(reported.level == .township)
    #expect(reported.handlingOrgID == "centre")
    #expect(reported.townshipOrgID == "street")
    #expect(reported.discovery == .hotline)
    let actions = try await bench.cases.listAllowedActions(
      .init(caseID: reported.caseID), context: bench.context(Methods.listAllowedActions, as: Scenery.centreClerk))
    #expect(
      Set(actions.actions.map(\.action)) == [
        "accept", "urgent raise", "withdraw", "reject", "merge", "locate", "classify", "set flags", "reassign",
      ])
  }

  @Test func `what the industry found itself begins in the industry's room`() async throws {
    let bench = try await DisputeBench()
    let room = Organisation(organisationID: "industry-room", name: "物业调委会", kind: .industryRoom, township: nil)
    let grid = Grid(
      gridID: "park", code: "379922001001D001", area: Scenery.urbanGrid.area, organisation: "community",
      path: [
        PathStep(.industry, "industry-room"), PathStep(.community, "community-room"), PathStep(.township, "centre"),
      ])
    let directory = bench.dispute.directory
    try await bench.bench.database.write { transaction in
      try directory.save(room, in: transaction)
      try directory.save(grid, in: transaction)
    }
    let clerk = Scenery.actor("industry-clerk", .levelClerk, of: "industry-room")
    let reported = try await bench.report(grid: "park", by: clerk)
    #expect(reported.level == .industry && reported.handlingOrgID == "industry-room")
    #expect(reported.flags == [.industry] && reported.discovery == .industry)
    let context = bench.context(Methods.listCases, as: clerk)
    #expect(try await bench.cases.listCases(.init(orgID: "industry-room"), context: context).cases.count == 1)
    #expect(
      await refusals { try await bench.cases.listCases(.init(), context: context) } == ["JURISDICTION_MISMATCH"])
  }

  @Test func `every RPC says who may call it, and only the gateway speaks to the inbox`() {
    let methods =
      Methods.all + DisputeV1.ClockPolicyServiceMethods.all + DisputeV1.MediationServiceMethods.all
      + DisputeV1.EscalationServiceMethods.all
      + DisputeV1.AnalysisServiceMethods.all + DisputeV1.PlanServiceMethods.all + DisputeV1.MergeServiceMethods.all
      + DisputeV1.IndustryRuleServiceMethods.all + DisputeV1.ImportServiceMethods.all
      + DisputeV1.InboxServiceMethods.all
      + DisputeV1.DuplicateServiceMethods.all + DisputeV1.SearchServiceMethods.all
      + DisputeV1.AlertServiceMethods.all + DisputeV1.ScreeningServiceMethods.all
      + DisputeV1.PartyRightServiceMethods.all
    #expect(Set(DisputeV1.accessRules.keys) == Set(methods.map(\.path)))
    #expect(DisputeV1.accessRules.values.allSatisfy { $0.everyRole || !$0.roles.isEmpty })
    for method in DisputeV1.InboxServiceMethods.all {
      #expect(DisputeV1.accessRules[method.path]?.roles == [.system])
    }
  }

  @Test func `the contract spells every name as the domain does`() {
    func same<Named: ContractNamed & RawRepresentable<String>, Value: Wire.Enumeration>(
      _: Named.Type, _: Value.Type
    ) {
      for name in Named.allCases {
        let value = name.wire(Value.self)
        #expect(value.protoName.hasSuffix("_" + name.rawValue))
        #expect(Named(wire: value) == name)
      }
      #expect(Value.allCases.count == Named.allCases.count + 1)
    }
    same(Case.Kind.self, DisputeV1.Case.Kind.self)
    same(Case.Complexity.self, DisputeV1.Case.Complexity.self)
    same(Case.Flag.self, DisputeV1.Case.Flag.self)
    same(Case.Discovery.self, DisputeV1.Case.Discovery.self)
    same(Case.Level.self, DisputeV1.Case.Level.self)
    same(Case.State.self, DisputeV1.Case.State.self)
    same(Case.Stage.self, DisputeV1.Case.Stage.self)
    same(Case.Party.Role.self, DisputeV1.Party.Role.self)
    same(Case.Attempt.Result.self, DisputeV1.Attempt.Result.self)
    same(Case.Escalation.State.self, DisputeV1.Escalation.State.self)
    same(Case.Determination.Verdict.self, DisputeV1.DeterminationRef.Verdict.self)
    same(Case.Link.Subject.self, DisputeV1.Link.Subject.self)
    same(Case.Link.State.self, DisputeV1.Link.State.self)
    same(Case.Settlement.Agreement.self, DisputeV1.Settlement.AgreementKind.self)
    same(Case.Closure.Satisfaction.self, DisputeV1.Closure.Satisfaction.self)
    same(Case.Closure.Authority.self, DisputeV1.Closure.Authority.self)
    same(Case.Adjournment.Reason.self, DisputeV1.Adjournment.Reason.self)
    same(Case.Rejection.Ground.self, DisputeV1.Rejection.Ground.self)
    same(Case.Analysis.Route.self, DisputeV1.Analysis.Route.self)
    same(Case.Measure.State.self, DisputeV1.Measure.State.self)
    same(Case.Invitation.State.self, DisputeV1.Invitation.State.self)
    same(Case.Reopening.Source.self, DisputeV1.Reopening.Source.self)
    same(Case.Settlement.Confirmation.self, DisputeV1.Settlement.Confirmation.self)
  }
}
