import Access
import CommonContract
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Foundation
import Journal
import Kernel
import Persistence
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

@Suite struct PartyRightTests {
  typealias Methods = DisputeV1.PartyRightServiceMethods
  let bench: DisputeBench
  var rights: PartyRightHandlers { PartyRightHandlers(dispute: bench.dispute) }
  static let officer = Scenery.actor("dpo", .dataProtectionOfficer, of: "county")

  init() async throws { bench = try await DisputeBench() }

  @Test func `a party sees the own data within 15 working days, and the reading is journaled`() async throws {
    let id = try await bench.report().caseID
    let open = try await request(id, .access)
    #expect(open.state == .open && open.clocks.first?.budget?.amount == 15)
    #expect(open.clocks.first?.dueTime?.kernel == Scenery.monday + .days(21))
    #expect(open.requestText == "＊＊＊（6字）")
    let same = await refusals { try await grant(open, as: Self.officer, person: "centre-clerk") }
    #expect(same == ["SAME_PERSON"])
    let granted = try await grant(open)
    #expect(granted.right?.state == .granted && granted.party?.name == "张三丰" && granted.party?.phone == "13812345678")
    #expect(granted.right?.clocks.first?.onTime == true)
    try bench.bench.database.readInline { reading in
      let lines = try Journal.entries(correlation: id, in: reading)
      #expect(
        lines.map(\.eventType).suffix(3) == ["party_right.requested", "party_right.granted", "personal_fields.read"])
    }
    try expectReplayed()
  }

  @Test func `a request that nobody decides warns: yellow, red, and three working days later again`() async throws {
    let id = try await bench.report().caseID
    let open = try await request(id, .access)
    let timers = DutyTimers(dispute: bench.dispute)
    let (yellow, due) = (Scenery.monday + .days(16), Scenery.monday + .days(21))
    #expect(open.clocks.first?.nextRungTime?.kernel == yellow)
    #expect(try await timers.next() == yellow)
    #expect(try await timers.fire(at: due + .instant) == 2)
    #expect(try await timers.fire(at: due + .instant) == 0)
    #expect(try await timers.next() == due + .days(3))
    bench.bench.clock.now = due + .days(1)
    let granted = try await grant(open)
    #expect(granted.right?.clocks.first?.firedRungs == ["YELLOW", "RED"])
    #expect(granted.right?.clocks.first?.onTime == false)
    #expect(try await timers.fire(at: due + .days(30)) == 0)
    try bench.bench.database.readInline { reading in
      let lines = try Journal.entries(ofAggregate: "party_right", open.rightID, in: reading)
      #expect(
        lines.map(\.eventType) == ["party_right.requested", "clock.yellow", "clock.red", "party_right.granted"])
      #expect(lines.map(\.aggregateVersion) == [1, 1, 1, 2])
      #expect(try DisputeV1.PartyRightEvent(decoding: lines[1].payload).clockWarned?.clockKind == "ANSWER")
    }
    try expectReplayed()
  }

  @Test func `the time to answer is the policy's, and a policy for open clocks takes open requests over`() async throws
  {
    let id = try await bench.report().caseID
    let first = try await request(id, .access)
    let policies = ClockPolicyHandlers(dispute: bench.dispute)
    let context = bench.context(
      DisputeV1.ClockPolicyServiceMethods.putClockPolicy, as: Scenery.actor("admin", .countyAdmin, of: "county"))
    _ = try await policies.putClockPolicy(
      .init(
        requestID: "put", expectedVersion: 1,
        budgets: [.init(clockKind: "ANSWER", budget: .init(amount: 10, unit: .workingDay))], appliesToOpen: true,
        basis: "县办发〔2020〕3号"), context: context)
    bench.bench.clock.advance(by: .minutes(1))
    _ = try await PolicyTimers(dispute: bench.dispute).fire(at: bench.bench.clock.now)
    let second = try await request(id, .deletion, requestID: "second")
    #expect(second.clocks.first?.budget?.amount == 10 && second.clocks.first?.policyVersion == 2)
    let granted = try await grant(first)
    #expect(granted.right?.clocks.first?.budget?.amount == 10)
    #expect(granted.right?.clocks.first?.dueTime?.kernel == Scenery.monday + .days(14))
    try bench.bench.database.readInline { reading in
      let lines = try Journal.entries(ofAggregate: "party_right", first.rightID, in: reading)
      #expect(
        lines.map(\.eventType) == ["party_right.requested", "party_right.clock_rederived", "party_right.granted"])
    }
    try expectReplayed()
  }

  @Test func `what is wrong is put right in the case, and what stood there is destroyed`() async throws {
    let id = try await bench.report().caseID
    let open = try await request(id, .correction, name: "张三峰")
    #expect(open.correctedName == "张＊＊")
    _ = try await grant(open)
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored && stored?.version == 2)
    let clear = try await bench.cases.revealCase(
      .init(requestID: "r", caseID: id, purpose: "核对"),
      context: bench.context(DisputeV1.CaseServiceMethods.revealCase, as: Scenery.villageClerk))
    #expect(clear.caseRecord?.parties.first?.name == "张三峰" && clear.caseRecord?.parties.first?.phone == "13812345678")
    // A later report of the corrected person is recognised.
    let again = try await bench.cases.reportCase(
      .init(
        requestID: "again", kind: .dispute, category: "邻里", gridID: "rural", title: "张三家屋檐水流入李四家",
        parties: [.init(role: .applicant, name: "张三峰", phone: "13812345678")]),
      context: bench.context(DisputeV1.CaseServiceMethods.reportCase, as: Scenery.member))
    #expect(again.duplicates.first?.partyPart == 1)
    try expectReplayed()
  }

  @Test func `nothing is deleted of what is handled; afterwards name, telephone and key are gone`() async throws {
    let id = try await bench.report().caseID
    let open = try await request(id, .deletion)
    #expect(await refusals { try await grant(open) } == ["CASE_NOT_ENDED"])
    try await withdraw(id)
    _ = try await grant(open)
    let clear = try await bench.cases.revealCase(
      .init(requestID: "r", caseID: id, purpose: "核对"),
      context: bench.context(DisputeV1.CaseServiceMethods.revealCase, as: Scenery.villageClerk))
    #expect(clear.caseRecord?.parties.first?.name == "" && clear.caseRecord?.parties.first?.phone == "")
    #expect(clear.caseRecord?.title == "张三家屋檐水流入李四家")
    #expect(try keys(id).isEmpty)
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored)
    let verified = try await Journal(bench.bench.shell.cryptography).verify(in: bench.bench.database)
    #expect(verified.firstBrokenSeq == nil)
    try expectReplayed()
  }

  @Test func `what is missing is said at once; the same is not asked twice; strangers may not`() async throws {
    let id = try await bench.report().caseID
    let clerk = bench.context(Methods.requestPartyRight, as: Scenery.centreClerk)
    #expect(
      await refusals {
        try await rights.requestPartyRight(
          .init(requestID: "1", caseID: id, partyID: "P1"), context: clerk)
      } == ["RIGHT_KIND_MISSING", "IDENTITY_NOT_CHECKED"])
    #expect(
      await refusals {
        try await rights.requestPartyRight(
          .init(requestID: "1", caseID: id, partyID: "P1", kind: .correction, identityCheck: "ID_CARD"), context: clerk)
      } == ["CORRECTION_MISSING"])
    #expect(
      await refusals {
        try await rights.requestPartyRight(.init(requestID: "1", caseID: id, partyID: "P9"), context: clerk)
      } == ["PARTY_NOT_FOUND"])
    #expect(
      await refusals {
        try await rights.requestPartyRight(.init(requestID: "1", caseID: "none", partyID: "P1"), context: clerk)
      } == ["CASE_NOT_FOUND"])
    #expect(
      await refusals {
        try await rights.requestPartyRight(
          .init(requestID: "1", caseID: id, partyID: "P1"),
          context: bench.context(Methods.requestPartyRight, as: Scenery.stranger))
      } == ["JURISDICTION_MISMATCH"])
    let open = try await request(id, .access)
    #expect(await refusals { try await request(id, .access, requestID: "twice") } == ["RIGHT_ALREADY_OPEN"])
    let without = await refusals {
      try await rights.refusePartyRight(
        .init(requestID: "no", rightID: open.rightID, expectedVersion: 1),
        context: bench.context(Methods.refusePartyRight, as: Scenery.leader))
    }
    #expect(without == ["REASON_MISSING"])
    let refused = try await rights.refusePartyRight(
      .init(requestID: "no", rightID: open.rightID, expectedVersion: 1, refusalReason: "无法核实身份"),
      context: bench.context(Methods.refusePartyRight, as: Scenery.leader))
    #expect(refused.right?.state == .refused && refused.right?.deciderPersonID == "leader")
    let second = try await request(id, .access, requestID: "second")
    let withdrawn = try await rights.withdrawPartyRight(
      .init(requestID: "w", rightID: second.rightID, expectedVersion: 1), context: clerk)
    #expect(withdrawn.right?.state == .withdrawn)
    #expect(await refusals { try await grant(second, version: 2) } == ["ILLEGAL_TRANSITION"])
    let list = try await rights.listPartyRights(
      .init(), context: bench.context(Methods.listPartyRights, as: Scenery.leader))
    #expect(Set(list.rights.map(\.state)) == [.withdrawn, .refused])
    try expectReplayed()
  }

  @Test func `keys go 90 days and identities 3 years after the end, at the instant, once, and neither before`()
    async throws
  {
    let id = try await bench.report().caseID
    try await withdraw(id)
    let end = bench.bench.clock.now
    let timer = RetentionTimer(dispute: bench.dispute)
    #expect(try await timer.next() == end + .days(90))
    #expect(try await timer.fire(at: end + .days(90)) == 0)
    #expect(try keys(id).count == 1)
    #expect(try await timer.fire(at: end + .days(90) + .instant) == 1)
    #expect(try keys(id).isEmpty)
    #expect(try await timer.fire(at: end + .days(91)) == 0)
    let due = Scenery.instant("2023-03-02T09:00:00+08:00") + (end - Scenery.monday)
    #expect(try await timer.next() == due)
    #expect(try await timer.fire(at: due) == 0)
    #expect(try await name(of: id) == "张三丰")
    #expect(try await timer.fire(at: due + .instant) == 1)
    #expect(try await name(of: id) == "")
    #expect(try await timer.next() == nil)
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored)
  }

  @Test func `a case that is handled again keeps its parties, and the sweep by hand is the same`() async throws {
    let id = try await bench.report().caseID
    #expect(try await RetentionTimer(dispute: bench.dispute).next() == nil)
    try await withdraw(id)
    let dispute = bench.dispute
    try await dispute.shell.apply(as: Scenery.system) { try dispute.rights.end(ID(id), in: $0.tx) }
    #expect(try await RetentionTimer(dispute: dispute).next() == nil)
    try await dispute.shell.apply(as: Scenery.system) { try dispute.rights.begin(ID(id), at: $0.now, in: $0.tx) }
    bench.bench.clock.advance(by: .days(1_200))
    let swept = try await rights.sweepRetention(
      .init(requestID: "sweep", purpose: "季度检查"), context: bench.context(Methods.sweepRetention, as: Self.officer))
    #expect(swept.keysDestroyedCount == 1 && swept.identitiesDestroyedCount == 1)
  }

  @Test func `29 February ends on 1 March three years later`() throws {
    let end = Scenery.instant("2020-02-29T10:00:00+08:00")
    #expect(Retention.identityDueTime(after: end) == Scenery.instant("2023-03-01T10:00:00+08:00"))
  }

  @Test func `no clear name, telephone or narrative lies in the database's files`() async throws {
    let id = try await bench.report().caseID
    let search = SearchHandlers(dispute: bench.dispute)
    _ = try await search.searchCases(
      .init(text: "屋檐水流入"),
      context: bench.context(DisputeV1.SearchServiceMethods.searchCases, as: Scenery.member))
    let open = try await request(id, .correction, name: "欧阳铁柱", phone: "13700001234")
    _ = try await grant(open)
    _ = try await ScreeningHandlers(dispute: bench.dispute).recordVisit(
      .init(requestID: "v", gridID: "rural", householdCount: 1, findings: "赵六与钱七争执"),
      context: bench.context(DisputeV1.ScreeningServiceMethods.recordVisit, as: Scenery.member))
    try await withdraw(id)
    let files = ["test.sqlite", "test.sqlite-wal"].map { bench.bench.folder.file($0) }
    var content = Data()
    for file in files { content += (try? Data(contentsOf: URL(fileURLWithPath: file))) ?? Data() }
    // The way of looking finds what does lie there in clear.
    #expect(content.range(of: Data("DJ-379922001-2020-000001".utf8)) != nil)
    for text in [
      "张三", "李四", "13812345678", "多次协商未果", "屋檐", "欧阳铁柱", "13700001234", "赵六", "争执", "请让我看看", "不再要求",
    ] {
      #expect(content.range(of: Data(text.utf8)) == nil, "\(text)")
    }
  }

  // MARK: - Helpers

  private func request(
    _ caseID: String, _ kind: DisputeV1.PartyRight.Kind, name: String = "", phone: String = "", requestID: String = "q"
  ) async throws -> DisputeV1.PartyRight {
    let response = try await rights.requestPartyRight(
      .init(
        requestID: requestID, caseID: caseID, partyID: "P1", kind: kind, requestText: "请让我看看吧",
        identityCheck: "ID_CARD",
        correctedName: name, correctedPhone: phone),
      context: bench.context(Methods.requestPartyRight, as: Scenery.centreClerk))
    return try #require(response.right)
  }

  private func grant(
    _ right: DisputeV1.PartyRight, as actor: Actor = PartyRightTests.officer, person: String = "dpo",
    version: UInt64 = 1
  ) async throws -> DisputeV1.GrantPartyRightResponse {
    var actor = actor
    actor.personID = person
    return try await rights.grantPartyRight(
      .init(requestID: "grant-\(right.rightID)-\(version)", rightID: right.rightID, expectedVersion: version),
      context: bench.context(Methods.grantPartyRight, as: actor))
  }

  private func withdraw(_ caseID: String) async throws {
    let context = bench.context(DisputeV1.CaseServiceMethods.withdrawCase, as: Scenery.centreClerk)
    let read = try await bench.cases.getCase(.init(key: .caseID(caseID)), context: context)
    _ = try await bench.cases.withdrawCase(
      .init(
        requestID: "withdraw", caseID: caseID, expectedVersion: read.caseRecord?.version ?? 0, withdrawReason: "不再要求处理"),
      context: context)
  }

  private func keys(_ caseID: String) throws -> Set<[UInt8]> {
    try bench.bench.database.readInline { try bench.dispute.index.partyKeys(of: ID(caseID), in: $0) }
  }

  private func name(of caseID: String) async throws -> String? {
    try await bench.cases.revealCase(
      .init(requestID: UUIDv7.make(at: Scenery.monday), caseID: caseID, purpose: "核对"),
      context: bench.context(DisputeV1.CaseServiceMethods.revealCase, as: Scenery.villageClerk)
    ).caseRecord?.parties.first?.name
  }

  /// The journal's last line of every request is the stored one.
  private func expectReplayed() throws {
    try bench.bench.database.readInline { reading in
      var folded: [String: PartyRight] = [:]
      for line in try Journal.entries(after: 0, limit: 1_000, in: reading).entries
      where line.aggregateType == "party_right" {
        folded[line.aggregateID] = try DisputeV1.PartyRightEvent(decoding: line.payload).domain
      }
      #expect(!folded.isEmpty)
      for (id, right) in folded { #expect(try bench.dispute.rights.load(ID(id), in: reading) == right) }
    }
  }
}
