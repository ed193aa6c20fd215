import Access
import CommonContract
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
import WorkClock

/// The clocks' warnings: each once in its round, over crashes too (D§2.0.4, rules 4, 6, 9; D§2.2.4).
@Suite struct CaseRungTests {
  private func warnings(of caseID: String, _ bench: DisputeBench) throws -> [JournalEntry] {
    try bench.bench.database.readInline { reading in
      try Journal.entries(ofAggregate: "case", caseID, in: reading).filter { $0.eventType.hasPrefix("clock.") }
    }
  }

  private func rung(_ line: JournalEntry) throws -> DisputeV1.ClockWarned? {
    if case .clockWarned(let warned) = try DisputeV1.CaseEvent(decoding: line.payload).event { warned } else { nil }
  }

  private func time(_ text: String) -> Timestamp { Scenery.instant("2020-" + text + "+08:00") }

  @Test func `E1, E23: a rung fires at the first tick after its instant, once, and the case stays as it is`()
    async throws
  {
    let bench = try await DisputeBench()
    let reported = try await bench.report()
    let timers = CaseTimers(dispute: bench.dispute)
    #expect(try await timers.next() == time("03-02T16:54:00"))
    #expect(try await timers.fire(at: time("03-02T16:54:00")) == 0)
    #expect(try await timers.fire(at: time("03-02T16:54:00") + .instant) == 1)
    #expect(try await timers.fire(at: time("03-02T23:00:00")) == 0)
    let warned = try #require(try warnings(of: reported.caseID, bench).first)
    #expect(warned.eventType == "clock.yellow" && warned.aggregateVersion == 1)
    #expect(try rung(warned)?.rungTime?.kernel == time("03-02T16:54:00"))
    bench.bench.clock.now = time("03-02T17:00:00")
    let seen = try await bench.cases.getCase(
      .init(key: .caseID(reported.caseID)),
      context: bench.context(DisputeV1.CaseServiceMethods.getCase, as: Scenery.villageClerk)
    ).caseRecord
    let accept = try #require(seen?.clocks.first { $0.clockKind == "ACCEPT" })
    #expect(seen?.version == 1 && accept.firedRungs == ["YELLOW"])
    #expect(accept.nextRungTime?.kernel == time("03-03T09:00:00"))
    let (folded, stored) = try bench.foldedAndStored(reported.caseID)
    #expect(folded == stored && stored?.rungs.count == 1)
  }

  @Test func `E23: what was missed fires late, in order, and is told in office hours`() async throws {
    let bench = try await DisputeBench()
    let reported = try await bench.report()
    let timers = CaseTimers(dispute: bench.dispute)
    #expect(try await timers.fire(at: time("03-08T03:00:00")) == 3)
    #expect(try await timers.fire(at: time("03-08T03:00:01")) == 0)
    let lines = try warnings(of: reported.caseID, bench)
    #expect(lines.map(\.eventType) == ["clock.yellow", "clock.red", "clock.red3"])
    #expect(lines.allSatisfy { $0.occurTime == time("03-08T03:00:00") })
    let rungs = try lines.compactMap { try rung($0) }
    #expect(rungs.map { $0.rungTime?.kernel } == ["03-02T16:54:00", "03-03T09:00:00", "03-06T09:00:00"].map(time))
    #expect(rungs.allSatisfy { $0.noticeTime?.kernel == time("03-09T08:30:00") && $0.clockKind == "ACCEPT" })
    // The clock of the whole case warns next.
    #expect(try await timers.next() == time("03-26T09:00:00"))
  }

  @Test func `many ticks at once claim every rung once`() async throws {
    let bench = try await DisputeBench()
    let first = try await bench.report(requestID: "1")
    let second = try await bench.report(requestID: "2")
    let fired = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask { try await CaseTimers(dispute: bench.dispute).fire(at: time("03-08T03:00:00")) }
      }
      return try await group.reduce(0, +)
    }
    #expect(fired == 6)
    for id in [first.caseID, second.caseID] { #expect(try warnings(of: id, bench).count == 3) }
    let verification = try await Journal(.testing).verify(in: bench.bench.database)
    #expect(verification.firstBrokenSeq == nil)
  }

  @Test func `a rung whose transaction failed is not lost, and a claimed one cannot be claimed again`() async throws {
    let bench = try await DisputeBench()
    let reported = try await bench.report()
    struct Crash: Error {}
    let (dispute, at) = (bench.dispute, time("03-03T08:00:00"))
    await #expect(throws: Crash.self) {
      try await dispute.shell.apply(as: Scenery.system, at: at) { transaction in
        try fireOnce(dispute, ID(reported.caseID), transaction)
        throw Crash()
      }
    }
    #expect(try warnings(of: reported.caseID, bench).isEmpty)
    #expect(try await CaseTimers(dispute: dispute).fire(at: at) == 1)
    await #expect(throws: (any Error).self) {
      try await dispute.shell.apply(as: Scenery.system, at: at) { transaction in
        guard let rung = try dispute.cases.load(ID(reported.caseID), in: transaction.tx)?.rungs.first else { return }
        try dispute.timers.claim(rung, of: ID(reported.caseID), in: transaction.tx)
      }
    }
    #expect(try warnings(of: reported.caseID, bench).count == 1)
  }

  /// What a tick does, in somebody else's transaction.
  private func fireOnce(_ dispute: DisputeShell, _ id: ID<Case>, _ transaction: CommandTransaction) throws {
    guard let record = try dispute.cases.load(id, in: transaction.tx) else { return }
    let world = try dispute.surroundings(of: record, actor: Scenery.system, in: transaction.tx)
    for event in record.dueRungs(in: world.calendar, world.policies, at: transaction.now) {
      guard case .rungFired(let rung) = event.change else { continue }
      try dispute.timers.claim(rung, of: id, in: transaction.tx)
      try dispute.write(event, of: record, world, transaction)
    }
  }

  @Test func `an act at once after the due time still warns of what was passed, one in time warns of nothing`()
    async throws
  {
    for (moment, expected) in [("03-03T09:00:01", ["clock.yellow", "clock.red"]), ("03-02T10:00:00", [])] {
      let bench = try await DisputeBench()
      let reported = try await bench.report()
      bench.bench.clock.now = time(moment)
      _ = try await bench.cases.selfHandleCase(
        .init(requestID: "2", caseID: reported.caseID, expectedVersion: 1),
        context: bench.context(DisputeV1.CaseServiceMethods.selfHandleCase, as: Scenery.member))
      _ = try await CaseTimers(dispute: bench.dispute).fire(at: time(moment) + .minutes(1))
      let lines = try warnings(of: reported.caseID, bench)
      #expect(lines.map(\.eventType) == expected)
      #expect(try lines.compactMap { try rung($0)?.clockKind }.allSatisfy { $0 == "ACCEPT" })
    }
  }

  @Test func `E9: an emergency is received within thirty minutes, and its warnings do not wait for office hours`()
    async throws
  {
    let bench = try await DisputeBench()
    bench.bench.clock.now = time("10-02T02:10:00")
    let reported = try await bench.report(flags: [.emergency])
    let raised = try await bench.escalation.raiseCase(
      .init(requestID: "2", caseID: reported.caseID, expectedVersion: 1, raiseReason: "斗殴"),
      context: bench.context(DisputeV1.EscalationServiceMethods.raiseCase, as: Scenery.member))
    #expect(raised.caseRecord?.state == .escalating)
    // The township was told at once.
    let told = try #require(raised.caseRecord?.clocks.first { $0.clockKind == "INFORM_TOWNSHIP" })
    #expect(told.stopTime != nil && told.onTime && told.budget?.amount == 30 && told.budget?.unit == .calendarMinute)
    _ = try await CaseTimers(dispute: bench.dispute).fire(at: time("10-02T04:40:01"))
    let rungs = try warnings(of: reported.caseID, bench).compactMap { try rung($0) }.filter {
      $0.clockKind == "RECEIPT"
    }
    #expect(rungs.map { $0.rungTime?.kernel } == ["10-02T02:31:00", "10-02T02:40:00", "10-02T04:40:00"].map(time))
    #expect(rungs.allSatisfy { $0.noticeTime?.kernel == time("10-02T04:40:01") })
  }

  @Test func `an emergency that nobody tells the township of warns in the night`() async throws {
    let bench = try await DisputeBench()
    bench.bench.clock.now = time("10-02T02:10:00")
    let reported = try await bench.report(flags: [.emergency])
    _ = try await CaseTimers(dispute: bench.dispute).fire(at: time("10-02T02:40:01"))
    let rungs = try warnings(of: reported.caseID, bench).compactMap { try rung($0) }
    #expect(rungs.map(\.clockKind) == ["INFORM_TOWNSHIP", "INFORM_TOWNSHIP"])
    #expect(rungs.map { $0.rungTime?.kernel } == ["10-02T02:31:00", "10-02T02:40:00"].map(time))
    #expect(rungs.allSatisfy { $0.noticeTime?.kernel == time("10-02T02:40:01") })
    let ordinary = try await bench.report(requestID: "2")
    #expect(!ordinary.clocks.contains { $0.clockKind == "INFORM_TOWNSHIP" })
  }

  @Test func `a rested mediation goes on by itself, and nothing of the rest counts`() async throws {
    let bench = try await DisputeBench()
    typealias Methods = DisputeV1.MediationServiceMethods
    let reported = try await bench.report()
    let id = reported.caseID
    let clerk = bench.context(Methods.startMediation, as: Scenery.villageClerk)
    _ = try await bench.cases.acceptCase(
      .init(requestID: "2", caseID: id, expectedVersion: 1, responsiblePersonID: "village-clerk"), context: clerk)
    _ = try await bench.mediation.startMediation(
      .init(
        requestID: "3", caseID: id, expectedVersion: 2, noConflictDeclared: true, rightsTold: true,
        consentingPartyIDs: ["P1"]), context: clerk)
    bench.bench.clock.now = time("03-03T09:00:00")
    let rested = try await bench.mediation.adjournMediation(
      .init(
        requestID: "4", caseID: id, expectedVersion: 3, reason: .partyAbsent,
        resumeTime: .init(time("03-05T09:00:00"))), context: clerk)
    #expect(rested.caseRecord?.state == .suspended && rested.caseRecord?.dueTime == nil)
    let timers = CaseTimers(dispute: bench.dispute)
    #expect(try await timers.next() == time("03-05T09:00:00"))
    #expect(try await timers.fire(at: time("03-05T09:00:00")) == 0)
    bench.bench.clock.now = time("03-05T09:00:00") + .instant
    #expect(try await timers.fire(at: bench.bench.clock.now) == 1)
    let record = try #require(try bench.foldedAndStored(id).stored)
    #expect(record.state == .mediating && record.adjournment == nil)
    // Seven working days from 2 March 09:00, and two of rest.
    let mediation = try #require(record.runningClock(.mediation))
    let due = try #require(mediation.dueTime(in: .unannounced))
    #expect(due >= time("03-13T09:00:00") && due < time("03-13T09:00:01"))
    let (folded, stored) = try bench.foldedAndStored(id)
    #expect(folded == stored)
  }

  @Test func `a database of before the warnings looks at every running clock once`() async throws {
    let folder = TemporaryFolder()
    let path = folder.file("old.sqlite")
    let later = Set(DisputeMigrations.all.map(\.name).filter { $0 > "m0004" })
    let old = DisputeService.migrations.filter { !later.contains($0.name) }
    let before = try Database.open(path: path, migrations: old)
    let insert = Statement(
      "test.clock",
      """
      INSERT INTO case_clocks (county_code, case_id, clock_number, clock_kind, round, policy_code, policy_version,
        budget_amount, budget_unit, start_time, stop_time, suspensions)
      VALUES ($1, $2, $3, 'ACCEPT', 1, 'DI-CLOCK', 1, 1, 'WORKING_DAY', 0, $4, '')
      """)
    try await before.write { transaction in
      for (number, id) in [("1", "running"), ("2", "stopped")] {
        let stop: Value = id == "stopped" ? .integer(1) : .null
        try transaction.run(insert, [.text(Scenery.county.text), .text(id), .integer(Int(number) ?? 0), stop])
      }
    }
    before.close()
    let database = try Database.open(path: path, migrations: DisputeService.migrations)
    defer { database.close() }
    let timers = TimerStore(county: Scenery.county)
    let due = try database.readInline { try timers.due(before: Scenery.monday, limit: 10, in: $0) }
    #expect(due.map(\.text) == ["running"])
  }
}
