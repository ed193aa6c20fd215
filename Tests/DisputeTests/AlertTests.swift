import Access
import CommonContract
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

@Suite struct AlertTests {
  // MARK: - The rule

  @Test(arguments: [(3, 0.2, 0.00115, false), (4, 0.5, 0.00175, false), (6, 1, 0.00059, true)])
  func `S08 bursts: the check values`(count: Int, mean: Double, probability: Double, isBurst: Bool) {
    #expect(abs(Poisson.probability(ofAtLeast: count, mean: mean) - probability) < 0.000_005)
    let figures = AlertPolicy().burst(count: count, expected: (mean, 12, false))
    #expect((figures != nil) == isBurst)
    if isBurst { #expect(figures?.expectedMillionths == Int(mean * 1e6)) }
  }

  @Test func `chances add up, for small and large means`() {
    for mean in [0.01, 0.2, 1, 7.5, 40, 800, 3_000] {
      let exactly = (0..<40).map {
        Poisson.probability(ofAtLeast: $0, mean: mean) - Poisson.probability(ofAtLeast: $0 + 1, mean: mean)
      }
      #expect(exactly.allSatisfy { $0 >= -1e-12 })
      for count in 1..<40 where exactly[count - 1] > 1e-6 {
        #expect(abs(exactly[count] / exactly[count - 1] - mean / Double(count)) < 1e-6, "\(count) of \(mean)")
      }
    }
    #expect(Poisson.probability(ofAtLeast: 0, mean: 3) == 1)
    #expect(Poisson.probability(ofAtLeast: 900, mean: 800) < 0.001)
    #expect(abs(Poisson.probability(ofAtLeast: 800, mean: 800) - 0.5047) < 0.001)
  }

  @Test func `a mean below 0.2 and fewer than three reports are never a burst`() {
    #expect(AlertPolicy().burst(count: 30, expected: (0.19, 12, false)) == nil)
    #expect(AlertPolicy().burst(count: 2, expected: (0.2, 12, false)) == nil)
    #expect(AlertPolicy().burst(count: 30, expected: (0.2, 12, false)) != nil)
  }

  @Test func `what is usual: the same month of earlier years, else the last 3 to 12 months, else nothing`() throws {
    func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
    // 2 a month in 2019, 5 a month in 2020.
    func reports(_ from: CivilDate, _ end: CivilDate) -> Int {
      var (count, month) = (0, Month(from))
      while month < Month(end) {
        count += month.number / 12 == 2019 ? 2 : 5
        month = month + 1
      }
      return count
    }
    func expected(_ on: String, since start: String) throws -> (mean: Double, monthCount: Int, isSameMonth: Bool)? {
      AlertPolicy().expected(on: try day(on), historyStart: try day(start), reports: reports)
    }
    let sameMonth = try #require(try expected("2021-06-15", since: "2019-01-01"))
    #expect(sameMonth.isSameMonth && sameMonth.monthCount == 2)
    #expect(abs(sameMonth.mean - 3.5 * 14 / 30) < 1e-9)
    let february = try #require(try expected("2020-02-10", since: "2019-02-05"))
    #expect(february.isSameMonth && abs(february.mean - 2.0 * 14 / 29) < 1e-9)
    let lastMonths = try #require(try expected("2020-02-10", since: "2019-03-01"))
    #expect(!lastMonths.isSameMonth && lastMonths.monthCount == 11)
    #expect(abs(lastMonths.mean - (20.0 + 5) / 11 * 14 / 29) < 1e-9)
    #expect(try expected("2019-06-10", since: "2019-03-31")?.monthCount == 3)
    #expect(try expected("2019-06-10", since: "2019-04-01") == nil)
  }

  @Test func `the season of wage arrears begins in December and ends with February`() throws {
    let policy = AlertPolicy()
    func season(_ text: String) throws -> String? {
      policy.wageSeasonStart(try #require(CivilDate(text))).map { "\($0)" }
    }
    #expect(try season("2020-12-01") == "2020-12-01")
    #expect(try season("2021-02-28") == "2020-12-01")
    #expect(try season("2021-03-01") == nil)
    #expect(policy.isLabour("劳动争议") && policy.isLabour("拖欠工资") && !policy.isLabour("邻里"))
  }

  // MARK: - The machine

  @Test func `every state, action and part`() {
    let alert = Self.sample
    let keeper = Scenery.leader
    func states(_ state: Alert.State) -> [String] {
      var alert = alert
      alert.state = state
      let commands: [(Alert.Command, Set<Alert.Part>)] = [
        (.absorb([], alert.figures), [.system]), (.acknowledge, [.keeper]), (.act(ref: "round"), [.keeper]),
        (.dismiss(reason: Scenery.text), [.keeper]), (.acknowledge, [.system]), (.absorb([], alert.figures), [.keeper]),
      ]
      return commands.map { command, parts in
        (try? alert.taking(command, by: keeper, as: parts, at: Scenery.monday).state.rawValue) ?? "-"
      }
    }
    #expect(states(.open) == ["OPEN", "ACKNOWLEDGED", "-", "-", "-", "-"])
    #expect(states(.acknowledged) == ["ACKNOWLEDGED", "-", "ACTED", "DISMISSED", "-", "-"])
    #expect(states(.acted) == ["-", "-", "-", "-", "-", "-"])
    #expect(states(.dismissed) == ["-", "-", "-", "-", "-", "-"])
  }

  @Test func `a keeper is of the township or the county's grid centre`() {
    let alert = Self.sample
    #expect(alert.parts(of: Scenery.centreClerk, Scenery.centre) == [.keeper])
    #expect(alert.parts(of: Scenery.stranger, Scenery.elsewhere).isEmpty)
    #expect(alert.parts(of: Scenery.member, Scenery.village).isEmpty)
    #expect(alert.parts(of: Scenery.actor("g", .gridCentre, of: "county"), nil) == [.keeper])
  }

  @Test func `one working day to acknowledge, by the work calendar`() {
    // Monday 2020-03-02 09:00.
    #expect(Self.sample.clock.dueTime(in: .unannounced) == Scenery.monday + .days(1))
  }

  // MARK: - The service

  @Test func `the time to acknowledge is the policy's, and a policy for open clocks takes open alerts over`()
    async throws
  {
    let bench = try await DisputeBench()
    try await history(bench, monthly: 1)
    for number in 0..<4 { try await report(bench, "b\(number)") }
    let first = try #require(try await list(bench).first?.clocks.first)
    #expect(first.policyVersion == 1 && first.budget?.amount == 1)
    let clerk = Scenery.actor("admin", .countyAdmin, of: "county")
    let policies = ClockPolicyHandlers(dispute: bench.dispute)
    func put(_ days: Int32, version: UInt64, open: Bool) async throws {
      _ = try await policies.putClockPolicy(
        .init(
          requestID: "put-\(version)", expectedVersion: version,
          budgets: [.init(clockKind: "ACKNOWLEDGE", budget: .init(amount: days, unit: .workingDay))],
          appliesToOpen: open, basis: "县办发〔2020〕3号"),
        context: bench.context(DisputeV1.ClockPolicyServiceMethods.putClockPolicy, as: clerk))
      bench.bench.clock.advance(by: .minutes(1))
      _ = try await PolicyTimers(dispute: bench.dispute).fire(at: bench.bench.clock.now)
    }
    try await put(2, version: 1, open: false)
    #expect(try await list(bench).first?.clocks.first?.policyVersion == 1)
    try await put(3, version: 2, open: true)
    let alert = try #require(try await list(bench).first)
    let taken = try #require(alert.clocks.first)
    #expect(taken.policyVersion == 3 && taken.budget?.amount == 3 && alert.version == 1)
    #expect(taken.startTime == first.startTime)
    // It warns as the new version says.
    #expect(try await DutyTimers(dispute: bench.dispute).next() == taken.nextRungTime?.kernel)
    #expect(try #require(taken.nextRungTime?.kernel) > #require(first.nextRungTime?.kernel))
    #expect(try taken.dueTime?.kernel == #require(first.dueTime?.kernel) + .days(2))
    // Another calendar moves nothing that was promised to an earlier time.
    let year = DisputeV1.CalendarHeard(
      year: 2020, confirmed: true,
      days: [.init(date: "2020-03-07", working: true), .init(date: "2020-03-08", working: true)])
    _ = try await bench.deliver([.calendar(year)], from: "grid-registry", at: bench.bench.clock.now)
    #expect(try await list(bench).first?.clocks.first?.dueTime == taken.dueTime)
    let acknowledged = try await AlertHandlers(dispute: bench.dispute).acknowledgeAlert(
      .init(requestID: "ack", alertID: alert.alertID, expectedVersion: 1),
      context: bench.context(DisputeV1.AlertServiceMethods.acknowledgeAlert, as: Scenery.leader))
    #expect(acknowledged.alert?.clocks.first?.stopTime?.kernel == bench.bench.clock.now)
    try await expectReplayed(bench)
  }

  @Test func `S08 an alert that nobody acknowledges warns, each rung once and in order, and stays as it is`()
    async throws
  {
    let bench = try await DisputeBench()
    try await history(bench, monthly: 1)
    for number in 0..<4 { try await report(bench, "b\(number)") }
    let timers = DutyTimers(dispute: bench.dispute)
    let clock = try #require(try await list(bench).first?.clocks.first)
    let (yellow, due) = (try #require(clock.nextRungTime?.kernel), try #require(clock.dueTime?.kernel))
    #expect(clock.firedRungs.isEmpty && yellow < due)
    #expect(try await timers.next() == yellow)
    #expect(try await timers.count(before: due) == 1)
    #expect(try await timers.fire(at: yellow) == 0)
    #expect(try await timers.fire(at: yellow + .instant) == 1)
    #expect(try await timers.fire(at: due) == 0)
    let alert = try #require(try await list(bench).first)
    #expect(alert.version == 1 && alert.clocks.first?.firedRungs == ["YELLOW"])
    #expect(alert.clocks.first?.nextRungTime?.kernel == due)
    // Many ticks after a night of silence claim the others once.
    let late = due + .days(30)
    let fired = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 { group.addTask { try await timers.fire(at: late) } }
      return try await group.reduce(0, +)
    }
    #expect(fired == 2)
    #expect(try await timers.next() == nil)
    let lines = try await bench.bench.database.read {
      try Journal.entries(ofAggregate: "alert", alert.alertID, in: $0)
    }
    #expect(lines.map(\.eventType) == ["alert.raised", "clock.yellow", "clock.red", "clock.red3"])
    #expect(lines.allSatisfy { $0.aggregateVersion == 1 })
    let warned = try lines.compactMap { try DisputeV1.AlertEvent(decoding: $0.payload).clockWarned }
    #expect(warned.map(\.rung) == [.yellow, .red, .red3] && warned.allSatisfy { $0.clockKind == "ACKNOWLEDGE" })
    #expect(warned.prefix(2).map { $0.rungTime?.kernel } == [yellow, due])
    #expect(lines.suffix(2).allSatisfy { $0.occurTime == late })
    try await expectReplayed(bench)
  }

  @Test func `S08 an alert that was acknowledged in time warns of nothing, one that was late of what had passed`()
    async throws
  {
    for isLate in [false, true] {
      let bench = try await DisputeBench()
      try await history(bench, monthly: 1)
      for number in 0..<4 { try await report(bench, "b\(number)") }
      let alert = try #require(try await list(bench).first)
      let due = try #require(alert.clocks.first?.dueTime?.kernel)
      bench.bench.clock.now = isLate ? due + .minutes(1) : try #require(alert.clocks.first?.nextRungTime?.kernel)
      _ = try await AlertHandlers(dispute: bench.dispute).acknowledgeAlert(
        .init(requestID: "ack", alertID: alert.alertID, expectedVersion: 1),
        context: bench.context(DisputeV1.AlertServiceMethods.acknowledgeAlert, as: Scenery.leader))
      #expect(try await DutyTimers(dispute: bench.dispute).fire(at: due + .days(30)) == (isLate ? 2 : 0))
      #expect(try await DutyTimers(dispute: bench.dispute).next() == nil)
      let shown = try #require(try await list(bench).first?.clocks.first)
      #expect(shown.firedRungs == (isLate ? ["YELLOW", "RED"] : []) && shown.nextRungTime == nil)
      try await expectReplayed(bench)
    }
  }

  @Test func `S08 a burst is raised once, absorbs further hits, is acknowledged and acted on`() async throws {
    let bench = try await DisputeBench()
    try await history(bench, monthly: 1)
    for number in 0..<4 { try await report(bench, "b\(number)") }
    let alerts = try await list(bench)
    let burst = try #require(alerts.first)
    #expect(alerts.count == 1 && burst.rule == .burst && burst.state == .open)
    #expect(burst.subject == "grid:rural" && burst.category == "邻里")
    // 12 months with 1 report each: μ = 14/31; P(X ≥ 4) = 0.0012, P(X ≥ 5) = 0.00011: the fifth of the window raises it.
    #expect(burst.figures?.count == 5 && burst.caseIDs.count == 5)
    #expect(abs((burst.figures?.expectedMean ?? 0) - 14.0 / 31) < 0.001)
    try await report(bench, "b9")
    let absorbed = try #require(try await list(bench).first)
    #expect(absorbed.alertID == burst.alertID && absorbed.figures?.count == 6 && absorbed.caseIDs.count == 6)
    #expect(absorbed.version == 2)
    let handlers = AlertHandlers(dispute: bench.dispute)
    let context = bench.context(DisputeV1.AlertServiceMethods.actOnAlert, as: Scenery.leader)
    let early = await refusals {
      try await handlers.actOnAlert(
        .init(requestID: "early", alertID: burst.alertID, expectedVersion: 2, actionRef: "round-1"), context: context)
    }
    #expect(early == ["ILLEGAL_TRANSITION"])
    let stale = await refusals {
      try await handlers.acknowledgeAlert(
        .init(requestID: "stale", alertID: burst.alertID, expectedVersion: 1), context: context)
    }
    #expect(stale == ["VERSION_CONFLICT"])
    bench.bench.clock.advance(by: .days(2))
    let acknowledged = try await handlers.acknowledgeAlert(
      .init(requestID: "ack", alertID: burst.alertID, expectedVersion: 2), context: context)
    #expect(acknowledged.alert?.state == .acknowledged && acknowledged.alert?.acknowledgerPersonID == "leader")
    #expect(acknowledged.alert?.clocks.first?.onTime == false)
    let without = await refusals {
      try await handlers.actOnAlert(
        .init(requestID: "act", alertID: burst.alertID, expectedVersion: 3), context: context)
    }
    #expect(without == ["ACTION_MISSING"])
    let acted = try await handlers.actOnAlert(
      .init(requestID: "act", alertID: burst.alertID, expectedVersion: 3, actionRef: "round-1"), context: context)
    #expect(acted.alert?.state == .acted && acted.alert?.actionRef == "round-1")
    try await expectReplayed(bench)
  }

  @Test func `a dismissal needs its reason, which lies sealed, and strangers neither see nor touch an alert`()
    async throws
  {
    let bench = try await DisputeBench()
    try await history(bench, monthly: 1)
    for number in 0..<4 { try await report(bench, "b\(number)") }
    let burst = try #require(try await list(bench).first)
    let handlers = AlertHandlers(dispute: bench.dispute)
    let stranger = bench.context(DisputeV1.AlertServiceMethods.acknowledgeAlert, as: Scenery.stranger)
    let refused = await refusals {
      try await handlers.acknowledgeAlert(
        .init(requestID: "s", alertID: burst.alertID, expectedVersion: 1), context: stranger)
    }
    #expect(refused == ["JURISDICTION_MISMATCH"])
    #expect(try await handlers.listAlerts(.init(), context: stranger).alerts.isEmpty)
    let unknown = await refusals {
      try await handlers.acknowledgeAlert(.init(requestID: "u", alertID: "none", expectedVersion: 1), context: stranger)
    }
    #expect(unknown == ["ALERT_NOT_FOUND"])
    let context = bench.context(DisputeV1.AlertServiceMethods.dismissAlert, as: Scenery.centreClerk)
    _ = try await handlers.acknowledgeAlert(
      .init(requestID: "a", alertID: burst.alertID, expectedVersion: 1), context: context)
    let without = await refusals {
      try await handlers.dismissAlert(
        .init(requestID: "d", alertID: burst.alertID, expectedVersion: 2), context: context)
    }
    #expect(without == ["REASON_MISSING"])
    let dismissed = try await handlers.dismissAlert(
      .init(requestID: "d", alertID: burst.alertID, expectedVersion: 2, dismissReason: "同一家人重复反映"),
      context: context)
    #expect(dismissed.alert?.state == .dismissed && dismissed.alert?.dismissReason == "＊＊＊（8字）")
    // It has ended: the next hit is a new alert.
    try await report(bench, "later")
    let all = try await list(bench)
    #expect(all.map(\.state).contains(.open) && all.count == 2)
    try await expectReplayed(bench)
  }

  @Test func `the third case against the same organisation warns; natural persons are never counted`() async throws {
    let bench = try await DisputeBench()
    for number in 0..<3 {
      try await report(
        bench, "p\(number)", category: "物业\(number)",
        parties: [.init(role: .respondent, name: "李四", phone: "13900000001")])
    }
    #expect(try await list(bench).isEmpty)
    for number in 0..<3 {
      try await report(
        bench, "o\(number)", category: "物业\(number)",
        parties: [
          .init(role: .respondent, name: "沭安文昌物业公司", phone: "0539-\(number)", organisation: true)
        ])
      #expect(try await list(bench).count == (number == 2 ? 1 : 0))
    }
    let alert = try #require(try await list(bench).first)
    #expect(alert.rule == .respondent && alert.figures?.count == 3 && alert.caseIDs.count == 3)
    #expect(alert.subject.hasPrefix("org:") && !alert.subject.contains("物业"))
    try await expectReplayed(bench)
  }

  @Test func `labour cases before the Spring Festival warn once a township and season`() async throws {
    let bench = try await DisputeBench()
    bench.bench.clock.now = Scenery.instant("2020-12-20T09:00:00+08:00")
    try await report(bench, "w1", category: "劳动争议")
    try await report(bench, "w2", category: "拖欠工资")
    let alert = try #require(try await list(bench).first)
    #expect(alert.rule == .wageSeason && alert.caseIDs.count == 2 && alert.subject == "township:379922001000")
    let handlers = AlertHandlers(dispute: bench.dispute)
    let context = bench.context(DisputeV1.AlertServiceMethods.actOnAlert, as: Scenery.leader)
    _ = try await handlers.acknowledgeAlert(
      .init(requestID: "a", alertID: alert.alertID, expectedVersion: 2), context: context)
    _ = try await handlers.actOnAlert(
      .init(requestID: "b", alertID: alert.alertID, expectedVersion: 3, actionRef: "meeting"), context: context)
    try await report(bench, "w3", category: "劳动争议")
    #expect(try await list(bench).count == 1)
    bench.bench.clock.now = Scenery.instant("2021-12-02T09:00:00+08:00")
    try await report(bench, "w4", category: "劳动争议")
    #expect(try await list(bench).count == 2)
  }

  @Test func `a case reopened twice and a group that has grown warn`() async throws {
    let bench = try await DisputeBench()
    let id = try await bench.report(flags: [.group]).caseID
    let dispute = bench.dispute
    func alerting(_ body: @escaping @Sendable (Alerting, Case) throws -> Void) async throws {
      try await dispute.shell.apply(as: Scenery.system) { transaction in
        guard let record = try dispute.cases.load(ID(id), in: transaction.tx) else { return }
        try body(Alerting(dispute, transaction, Surroundings()), record)
      }
    }
    try await alerting { try $0.reopened($1, times: 1) }
    try await alerting { try $0.grown($1, size: 5) }
    #expect(try await list(bench).isEmpty)
    try await alerting { try $0.reopened($1, times: 2) }
    try await alerting { try $0.grown($1, size: 6) }
    try await alerting { try $0.grown($1, size: 10) }
    #expect(Set(try await list(bench).map(\.rule)) == [.reopened, .groupGrowth])
    try await alerting { try $0.grown($1, size: 11) }
    let growth = try #require(try await list(bench).first { $0.rule == .groupGrowth })
    #expect(growth.figures?.count == 11 && growth.version == 2)
    try await expectReplayed(bench)
  }

  // MARK: - Helpers

  static let sample = Alert(
    alertID: "alert", rule: .burst, township: Scenery.township, subject: "grid:rural", category: "邻里",
    raiseTime: Scenery.monday, cases: ["a"], figures: .init(count: 6, threshold: 3),
    clock: ClockPolicy.first.clock(.acknowledge, from: Scenery.monday))

  /// A year of reports at the rural grid, `monthly` a month, the last in the month before the bench's.
  private func history(_ bench: DisputeBench, monthly: Int) async throws {
    let now = bench.bench.clock.now
    for month in 0..<12 {
      let time = (Month(CivilDate(now)) - 12 + month).firstDay.instant(minute: 600)
      bench.bench.clock.now = time
      for number in 0..<monthly { try await report(bench, "h\(month)-\(number)") }
    }
    bench.bench.clock.now = now + .days(8)
    // March 2019 lies a year back: without it the last months are what is usual.
    try await report(bench, "first of the window")
  }

  private func report(
    _ bench: DisputeBench, _ requestID: String, category: String = "邻里", parties: [DisputeV1.PartyDraft] = []
  ) async throws {
    _ = try await bench.cases.reportCase(
      .init(
        requestID: requestID, kind: .dispute, category: category, gridID: "rural", title: "屋檐水\(requestID)",
        parties: parties), context: bench.context(DisputeV1.CaseServiceMethods.reportCase, as: Scenery.member))
  }

  private func list(_ bench: DisputeBench) async throws -> [DisputeV1.Alert] {
    try await AlertHandlers(dispute: bench.dispute).listAlerts(
      .init(), context: bench.context(DisputeV1.AlertServiceMethods.listAlerts, as: Scenery.leader)
    ).alerts
  }

  /// The journal's last line of every alert is the stored alert.
  private func expectReplayed(_ bench: DisputeBench) async throws {
    let store = bench.dispute.alerts
    try bench.bench.database.readInline { reading in
      var folded: [String: Alert] = [:]
      for line in try Journal.entries(after: 0, limit: 1_000, in: reading).entries where line.aggregateType == "alert" {
        folded[line.aggregateID] = try DisputeV1.AlertEvent(decoding: line.payload).domain
      }
      #expect(!folded.isEmpty)
      for (id, alert) in folded { #expect(try store.load(ID(id), in: reading) == alert) }
    }
  }
}
