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
import Wire
import WireTypes
import WorkClock

/// New versions of the clocks' policy and new calendars, and what they do to clocks that run (D§2.0.4, rules 3, 8, 11 to 13).
@Suite struct ClockPolicyTests {
  typealias Methods = DisputeV1.ClockPolicyServiceMethods

  private let administrator = Scenery.actor("admin", .countyAdmin, of: "county")

  private func time(_ text: String) -> Timestamp { Scenery.instant(text + "+08:00") }

  private func put(
    _ bench: DisputeBench, days: Int32, version: UInt64, open: Bool = false, effective: Timestamp? = nil
  ) async throws -> DisputeV1.ClockPolicy {
    try await ClockPolicyHandlers(dispute: bench.dispute).putClockPolicy(
      .init(
        requestID: "put-\(version)", expectedVersion: version,
        budgets: [.init(clockKind: "ACCEPT", budget: .init(amount: days, unit: .workingDay))],
        effectiveTime: effective.map { GoogleProtobuf.Timestamp($0) }, appliesToOpen: open, basis: "县办发〔2020〕3号"),
      context: bench.context(Methods.putClockPolicy, as: administrator)
    ).policy ?? .init()
  }

  /// A tick of every timer of the service.
  private func tick(_ bench: DisputeBench, at now: Timestamp) async throws {
    bench.bench.clock.now = now
    _ = try await PolicyTimers(dispute: bench.dispute).fire(at: now)
    _ = try await CaseTimers(dispute: bench.dispute).fire(at: now)
  }

  private func accept(_ caseID: String, _ bench: DisputeBench) async throws -> CommonV1.Clock {
    let record = try await bench.cases.getCase(
      .init(key: .caseID(caseID)),
      context: bench.context(DisputeV1.CaseServiceMethods.getCase, as: Scenery.villageClerk)
    ).caseRecord
    return try #require(record?.clocks.first { $0.clockKind == "ACCEPT" })
  }

  private func lines(of caseID: String, _ bench: DisputeBench) throws -> [JournalEntry] {
    try bench.bench.database.readInline { try Journal.entries(ofAggregate: "case", caseID, in: $0) }
  }

  private func changes(_ line: JournalEntry?) throws -> [DisputeV1.ClockChange] {
    try line.map { try DisputeV1.CaseEvent(decoding: $0.payload).clockChanges.filter { $0.clockKind == "ACCEPT" } }
      ?? []
  }

  private func expectReplay(_ caseID: String, _ bench: DisputeBench) throws {
    let (folded, stored) = try bench.foldedAndStored(caseID)
    #expect(folded != nil)
    #expect(folded == stored)
  }

  @Test func `E15: a longer policy for open clocks lifts the breach and repeats no warning`() async throws {
    let bench = try await DisputeBench()
    _ = try await put(bench, days: 5, version: 1)
    let id = try await bench.report().caseID
    try await tick(bench, at: time("2020-03-09T09:00:01"))
    #expect(try await accept(id, bench).firedRungs == ["YELLOW", "RED"])
    bench.bench.clock.now = time("2020-03-10T14:00:00")
    _ = try await put(bench, days: 10, version: 2, open: true)
    try await tick(bench, at: time("2020-03-10T14:00:01"))
    let changed = try await accept(id, bench)
    #expect(changed.dueTime?.kernel == time("2020-03-16T09:00:00") && changed.onTime && changed.policyVersion == 3)
    #expect(changed.consumedDuration?.kernel == .minutes(51 * 60 + 30) + .seconds(1))
    #expect(changed.firedRungs == ["YELLOW", "RED"] && changed.nextRungTime?.kernel == time("2020-03-19T09:00:00"))
    try await tick(bench, at: time("2020-03-19T09:00:01"))
    #expect(
      try lines(of: id, bench).map(\.eventType) == [
        "case.reported", "clock.yellow", "clock.red", "case.clocks_rederived", "clock.red3",
      ])
    try expectReplay(id, bench)
  }

  @Test func `E16: a shorter policy for open clocks is due when it takes effect, and warns of everything once`()
    async throws
  {
    let bench = try await DisputeBench()
    _ = try await put(bench, days: 15, version: 1)
    let id = try await bench.report().caseID
    let effective = time("2020-03-12T10:00:00")
    _ = try await put(bench, days: 5, version: 2, open: true, effective: effective)
    try await tick(bench, at: effective)
    #expect(try await accept(id, bench).dueTime?.kernel == time("2020-03-23T09:00:00"))
    #expect(try await PolicyTimers(dispute: bench.dispute).next() == effective)
    try await tick(bench, at: effective + .instant)
    let changed = try await accept(id, bench)
    #expect(changed.dueTime?.kernel == effective && changed.firedRungs == ["YELLOW", "RED"])
    #expect(changed.nextRungTime?.kernel == time("2020-03-17T10:00:00"))
    let rederived = try #require(try lines(of: id, bench).first { $0.eventType == "case.clocks_rederived" })
    let change = try #require(try changes(rederived).first)
    #expect(change.change == .rebudgeted && change.oldDueTime?.kernel == time("2020-03-23T09:00:00"))
    #expect(change.dueTime?.kernel == effective && change.budget?.amount == 5)
    try await tick(bench, at: effective + .minutes(1))
    #expect(try lines(of: id, bench).map(\.eventType).suffix(2) == ["clock.yellow", "clock.red"])
    try expectReplay(id, bench)
  }

  @Test func `a policy that does not apply to open clocks leaves them, and holds for those that start later`()
    async throws
  {
    let bench = try await DisputeBench()
    let first = try await bench.report(requestID: "1").caseID
    _ = try await put(bench, days: 4, version: 1, effective: time("2020-03-02T12:00:00"))
    let early = try await bench.report(requestID: "2").caseID
    try await tick(bench, at: time("2020-03-02T14:00:00"))
    let late = try await bench.report(requestID: "3").caseID
    #expect(try await accept(first, bench).budget?.amount == 1)
    #expect(try await accept(early, bench).budget?.amount == 1)
    #expect(try await accept(late, bench).budget?.amount == 4)
    #expect(try await accept(late, bench).policyVersion == 2)
    let handlers = ClockPolicyHandlers(dispute: bench.dispute)
    let read = bench.context(Methods.getClockPolicy, as: Scenery.member)
    let before = try await handlers.getClockPolicy(
      .init(asOfTime: .init(time("2020-03-02T11:59:59"))), context: read)
    #expect(before.policy?.version == 1)
    #expect(try await handlers.getClockPolicy(.init(), context: read).policy?.basis == "县办发〔2020〕3号")
    #expect(try await handlers.listClockPolicies(.init(), context: read).policies.map(\.version) == [1, 2])
    #expect(
      await refusals { try await handlers.getClockPolicy(.init(version: 9), context: read) } == [
        "POLICY_VERSION_UNKNOWN"
      ])
    // Another process reads the same out of the rows.
    let stored = try bench.bench.database.readInline { try bench.dispute.policyStore.list(in: $0) }
    let known = try bench.bench.database.readInline { try bench.dispute.policies.policies(in: $0) }
    #expect(stored.map(\.policy) == Array(known.versions.dropFirst()))
    #expect(known.versions[1].mediation == ClockPolicy.first.mediation)
  }

  @Test func `from how many persons on GROUP is proposed is the policy's`() async throws {
    let bench = try await DisputeBench()
    let handlers = ClockPolicyHandlers(dispute: bench.dispute)
    let context = bench.context(Methods.putClockPolicy, as: administrator)
    func proposed(_ count: Int32) async throws -> [DisputeV1.Case.Flag] {
      try await bench.cases.reportCase(
        .init(
          requestID: "r\(count)-\(bench.bench.clock.now)", kind: .dispute, category: "邻里", gridID: "rural",
          title: "门前道路", partyCount: count),
        context: bench.context(DisputeV1.CaseServiceMethods.reportCase, as: Scenery.member)
      ).caseRecord?.proposedFlags ?? []
    }
    #expect(try await proposed(4).isEmpty)
    #expect(try await proposed(5) == [.group])
    for count in [1, 1_001] as [Int32] {
      let wrong = await refusals {
        try await handlers.putClockPolicy(
          .init(requestID: "w\(count)", expectedVersion: 1, basis: "x", groupReporterCount: count), context: context)
      }
      #expect(wrong == ["GROUP_REPORTERS_INVALID"])
    }
    let answer = try await handlers.putClockPolicy(
      .init(requestID: "put", expectedVersion: 1, basis: "县办发〔2020〕3号", groupReporterCount: 3), context: context)
    #expect(answer.policy?.groupReporterCount == 3)
    bench.bench.clock.advance(by: .minutes(1))
    #expect(try await proposed(2).isEmpty)
    #expect(try await proposed(3) == [.group])
    // What is not named stays, in the next version and in the rows.
    _ = try await put(bench, days: 4, version: 2)
    let stored = try bench.bench.database.readInline { try bench.dispute.policyStore.list(in: $0) }
    #expect(stored.map(\.policy.groupReporters) == [3, 3])
  }

  @Test func `a version that was put before a duty was timed gives it the first version's time`() async throws {
    let bench = try await DisputeBench()
    _ = try await put(bench, days: 4, version: 1)
    try await bench.bench.database.write { transaction in
      _ = try transaction.run(
        Statement("test.forget", "UPDATE clock_policies SET budgets = 'ACCEPT - 4 WORKING_DAY' WHERE version = $1"),
        [.integer(2)])
    }
    let stored = try bench.bench.database.readInline { try bench.dispute.policyStore.list(in: $0) }
    #expect(stored.first?.policy.budgets[.accept] == .workingDays(4))
    #expect(stored.first?.policy.budgets[.answer] == .workingDays(15))
  }

  @Test func `E22: a wrong policy is refused with every reason, and nothing is put`() async throws {
    let bench = try await DisputeBench()
    let handlers = ClockPolicyHandlers(dispute: bench.dispute)
    let context = bench.context(Methods.putClockPolicy, as: administrator)
    let wrong = DisputeV1.PutClockPolicyRequest(
      requestID: "1", expectedVersion: 1,
      budgets: [
        .init(clockKind: "ACCEPT", budget: .init(amount: 0, unit: .workingDay)), .init(clockKind: "LUNCH"),
        .init(clockKind: "ANALYSIS", level: .village, budget: .init(amount: 1, unit: .workingDay)),
        .init(clockKind: "ACCEPT", budget: .init(amount: 2, unit: .workingDay)),
        .init(clockKind: "ANSWER", budget: .init(amount: .max, unit: .calendarDay)),
      ],
      warnings: .init(yellowPercent: 100, redMargin: .init(amount: 3, unit: .workingDay)), followUpDayCount: -1,
      effectiveTime: .init(time("2020-03-01T00:00:00")), windows: .init(unmergeDayCount: 4000))
    #expect(
      await refusals { try await handlers.putClockPolicy(wrong, context: context) } == [
        "BUDGET_NOT_POSITIVE", "BUDGET_UNIT_MISSING", "BUDGET_NOT_POSITIVE", "CLOCK_KIND_UNKNOWN", "LEVEL_NOT_TIMED",
        "CLOCK_NAMED_TWICE", "BUDGET_TOO_LONG", "YELLOW_PERCENT_INVALID", "FOLLOW_UP_DAYS_INVALID",
        "WINDOW_DAYS_INVALID", "BASIS_MISSING", "EFFECTIVE_TIME_PAST",
      ])
    let stale = DisputeV1.PutClockPolicyRequest(requestID: "2", expectedVersion: 7, basis: "x")
    #expect(await refusals { try await handlers.putClockPolicy(stale, context: context) } == ["VERSION_CONFLICT"])
    let blind = DisputeV1.PutClockPolicyRequest(requestID: "3", basis: "x")
    #expect(
      await refusals { try await handlers.putClockPolicy(blind, context: context) } == ["EXPECTED_VERSION_MISSING"])
    #expect(try bench.bench.database.readInline { try bench.dispute.policyStore.list(in: $0) }.isEmpty)
  }

  @Test
  func `E24 a window is as long as the policy says that was in force when it opened, or a later one for open ones`()
    throws
  {
    func policy(_ version: Int, reopening: Int, from day: String, open: Bool) -> ClockPolicy {
      let first = ClockPolicy.first
      return ClockPolicy(
        code: first.code, version: version, budgets: first.budgets, mediation: first.mediation,
        emergencyReceipt: first.emergencyReceipt, followUpDays: first.followUpDays,
        effectiveTime: time("\(day)T00:00:00"), appliesToOpen: open,
        windows: RightWindows(reopening: reopening, unmerging: 10, objection: 5, confirmation: 20))
    }
    func reasons(_ policies: [ClockPolicy], on day: String) throws -> [String] {
      var story = try Story(at: time("2020-02-28T09:00:00"))
      try story.closeAtGrid(at: time("2020-03-01T10:00:00"))
      story.world.policies = ClockPolicies(policies)
      story.now = time("\(day)T09:00:00")
      return story.reasons(.reopen(.party, reason: Scenery.text), by: Scenery.hotline)
    }
    let early = policy(2, reopening: 30, from: "2020-02-01", open: false)
    #expect(try reasons([early], on: "2020-03-31") == [] && reasons([early], on: "2020-04-01") == ["WINDOW_CLOSED"])
    let later = policy(2, reopening: 30, from: "2020-03-15", open: false)
    #expect(try reasons([later], on: "2020-05-30") == [] && reasons([later], on: "2020-05-31") == ["WINDOW_CLOSED"])
    let open = policy(2, reopening: 30, from: "2020-04-10", open: true)
    #expect(try reasons([open], on: "2020-04-09") == [] && reasons([open], on: "2020-04-10") == ["WINDOW_CLOSED"])
    let windows = ClockPolicies([early]).windows(since: Scenery.monday, at: Scenery.monday)
    #expect(windows == RightWindows(reopening: 30, unmerging: 10, objection: 5, confirmation: 20))
  }

  @Test func `the windows are put with the policy, and what is not named stays`() async throws {
    let bench = try await DisputeBench()
    let handlers = ClockPolicyHandlers(dispute: bench.dispute)
    let context = bench.context(Methods.putClockPolicy, as: administrator)
    _ = try await handlers.putClockPolicy(
      .init(
        requestID: "1", expectedVersion: 1, basis: "县办发〔2020〕3号",
        windows: .init(reopenDayCount: 60, unmergeDayCount: 10)), context: context)
    let second = try await handlers.putClockPolicy(
      .init(requestID: "2", expectedVersion: 2, basis: "县办发〔2020〕4号", windows: .init(objectionDayCount: 15)),
      context: context
    ).policy
    let expected = DisputeV1.RightWindows(
      reopenDayCount: 60, unmergeDayCount: 10, objectionDayCount: 15, confirmationDayCount: 30)
    #expect(second?.windows == expected)
    let stored = try bench.bench.database.readInline { try bench.dispute.policyStore.list(in: $0) }
    #expect(
      stored.map(\.policy.windows) == [
        RightWindows(reopening: 60, unmerging: 10), RightWindows(reopening: 60, unmerging: 10, objection: 15),
      ])
    let read = bench.context(Methods.listClockPolicies, as: Scenery.member)
    #expect(
      try await handlers.listClockPolicies(.init(), context: read).policies.map { $0.windows?.reopenDayCount }
        == [90, 60, 60])
  }

  // MARK: - Calendars

  private func hear(
    _ bench: DisputeBench, _ year: Int32, rest: [String], work: [String], seq: Int64, at now: Timestamp
  ) async throws {
    let days =
      rest.map { DisputeV1.CalendarDay(date: "\(year)-\($0)", working: false) }
      + work.map { DisputeV1.CalendarDay(date: "\(year)-\($0)", working: true) }
    let answer = try await bench.deliver(
      [.calendar(.init(year: year, confirmed: true, days: days))], from: "grid-registry", seq: seq, at: now)
    #expect(answer.refusal == nil)
  }

  private static let firstNotice = (24...30).map { "01-\($0)" }
  private static let amended = (24...31).map { "01-\($0)" } + ["02-01", "02-02"]

  @Test func `E20: an amended notice moves a running clock later, and both values are written down`() async throws {
    let bench = try await DisputeBench()
    let start = time("2020-01-23T10:00:00")
    bench.bench.clock.now = start
    try await hear(bench, 2020, rest: Self.firstNotice, work: ["02-01"], seq: 1, at: start)
    _ = try await put(bench, days: 2, version: 1)
    let id = try await bench.report().caseID
    #expect(try await accept(id, bench).dueTime?.kernel == time("2020-02-01T10:00:00"))
    try await hear(bench, 2020, rest: Self.amended, work: [], seq: 2, at: time("2020-01-27T09:00:00"))
    let moved = try await accept(id, bench)
    #expect(moved.dueTime?.kernel == time("2020-02-04T10:00:00") && !moved.provisional)
    let change = try #require(try changes(try lines(of: id, bench).last).first)
    #expect(change.change == .moved && change.oldDueTime?.kernel == time("2020-02-01T10:00:00"))
    #expect(change.dueTime?.kernel == time("2020-02-04T10:00:00"))
    // The timer went along: nothing warns at the old instant.
    try await tick(bench, at: time("2020-02-01T10:00:01"))
    #expect(try await !accept(id, bench).firedRungs.contains("RED"))
    try await tick(bench, at: time("2020-02-04T10:00:01"))
    #expect(try await accept(id, bench).firedRungs == ["YELLOW", "RED"])
    try expectReplay(id, bench)
  }

  @Test func `E21: beyond the horizon a due time is provisional; the notice makes it certain and never earlier`()
    async throws
  {
    let bench = try await DisputeBench()
    let start = time("2021-02-05T10:00:00")
    bench.bench.clock.now = start
    let short = try await bench.report(requestID: "1").caseID
    _ = try await put(bench, days: 5, version: 1)
    let long = try await bench.report(requestID: "2").caseID
    #expect(try await accept(long, bench).dueTime?.kernel == time("2021-02-12T10:00:00"))
    for id in [short, long] { #expect(try await accept(id, bench).provisional) }
    try await hear(
      bench, 2021, rest: (11...17).map { "02-\($0)" }, work: ["02-07", "02-20"], seq: 1, at: time("2021-02-06T09:00:00")
    )
    let (kept, moved) = (try await accept(short, bench), try await accept(long, bench))
    #expect(kept.dueTime?.kernel == time("2021-02-08T10:00:00") && !kept.provisional)
    #expect(moved.dueTime?.kernel == time("2021-02-18T10:00:00") && !moved.provisional)
    let changes = try changes(try lines(of: short, bench).last)
    #expect(changes.map(\.change) == [.moved, .promised])
    #expect(changes.first?.dueTime?.kernel == time("2021-02-07T10:00:00"))
    #expect(changes.map { $0.oldDueTime?.kernel } == [time("2021-02-08T10:00:00"), nil])
    #expect(changes.last?.dueTime?.kernel == time("2021-02-08T10:00:00"))
    for id in [short, long] { try expectReplay(id, bench) }
  }
}
