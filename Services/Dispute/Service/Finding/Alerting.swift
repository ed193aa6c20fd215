import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire
import WireTypes
import WorkClock

/// Raises early warnings, and takes what their keepers do with them, inside one transaction.
struct Alerting {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction
  private let world: Surroundings
  private let policy = AlertPolicy()

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction, _ world: Surroundings) {
    self.dispute = dispute
    self.transaction = transaction
    self.world = world
  }

  // MARK: - What a report counts for

  /// Counts a report where it was made, so that later ones can be compared with what is usual.
  func count(_ record: Case) throws {
    let community = world.grid?.path.first { $0.level == .community }?.organisation
    if let community {
      try dispute.alerts.setCommunity(community.text, of: record.caseID, in: transaction.tx)
    }
    let day = CivilDate(record.origin.reportTime)
    let category = record.origin.category
    guard let grid = record.origin.grid, !category.isEmpty else { return }
    try dispute.alerts.count("grid:\(grid.text)", category, on: day, in: transaction.tx)
    guard let community else { return }
    try dispute.alerts.count("community:\(community.text)", category, on: day, in: transaction.tx)
  }

  /// Looks whether a report is one too many. An import is history: it counts, and warns of nothing any more.
  func reported(_ record: Case) throws {
    guard record.origin.importSource.isEmpty else { return }
    let day = CivilDate(record.origin.reportTime)
    let category = record.origin.category
    let community = world.grid?.path.first { $0.level == .community }?.organisation
    if let grid = record.origin.grid, !category.isEmpty {
      // What is out of the ordinary in one grid is no second alert of its community.
      let isBurst = try warnOfBurst("grid:\(grid.text)", record, on: day) { since in
        try dispute.index.cases(
          at: "grid:\(grid.text)", since...record.origin.reportTime, limit: 1_000, in: transaction.tx
        ).filter { $0.category == category }.map(\.caseID).reversed()
      }
      if !isBurst, let community {
        _ = try warnOfBurst("community:\(community.text)", record, on: day) { since in
          try dispute.alerts.cases(ofCommunity: community.text, category, since: since, in: transaction.tx)
        }
      }
    }
    try warnOfRespondents(record)
    try warnOfWages(record, on: day)
  }

  private func warnOfBurst(
    _ place: String, _ record: Case, on day: CivilDate, _ cases: (Timestamp) throws -> [ID<Case>]
  ) throws -> Bool {
    let category = record.origin.category
    let first = day + (1 - policy.windowDays)
    let count = try dispute.alerts.reports(place, category, from: first, upTo: day + 1, in: transaction.tx)
    guard count >= policy.leastCount, let start = try dispute.alerts.historyStart(in: transaction.tx) else {
      return false
    }
    let expected = try policy.expected(on: day, historyStart: CivilDate(start)) { from, end in
      try dispute.alerts.reports(place, category, from: from, upTo: end, in: transaction.tx)
    }
    guard let expected, let figures = policy.burst(count: count, expected: expected) else { return false }
    try raise(.burst, about: place, category, record, try cases(first.instant()), figures)
    return true
  }

  /// The third case within a year that one organisation answers to. Natural persons are never counted.
  func warnOfRespondents(_ record: Case) throws {
    for party in record.parties where party.isOrganisation && party.role == .respondent {
      guard let key = try CaseIndexing(dispute, transaction.tx).key(of: party) else { continue }
      let since = transaction.now - .days(Int64(policy.respondentDays))
      let cases = try dispute.index.cases(against: key, since: since, in: transaction.tx)
      guard cases.count >= policy.respondentCases else { continue }
      try raise(
        .respondent, about: "org:\(Array(key.prefix(8)).hexadecimal)", "", record, cases,
        Alert.Figures(count: cases.count, threshold: policy.respondentCases, windowDays: policy.respondentDays))
    }
  }

  /// A labour case in the months before the Spring Festival; one warning a township and season.
  private func warnOfWages(_ record: Case, on day: CivilDate) throws {
    guard policy.isLabour(record.origin.category), let season = policy.wageSeasonStart(day) else { return }
    let subject = "township:\(record.origin.township.text)"
    let last = try dispute.alerts.latest(.wageSeason, about: subject, "", in: transaction.tx)
    if let last, last.state.isTerminal, last.raiseTime >= season.instant() { return }
    let cases = (last.map { $0.state.isTerminal ? [] : $0.cases } ?? []) + [record.caseID]
    try raise(.wageSeason, about: subject, "", record, cases, Alert.Figures(count: cases.count, threshold: 1))
  }

  // MARK: - What else warns

  /// A group case of which so many more are concerned than when it was reported or last warned of.
  func grown(_ record: Case, size: Int) throws {
    let subject = "case:\(record.caseID.text)"
    let last = try dispute.alerts.latest(.groupGrowth, about: subject, "", in: transaction.tx)
    let before = last?.figures.count ?? record.origin.partyCount
    guard size >= before + policy.groupGrowth else { return }
    try raise(
      .groupGrowth, about: subject, "", record, [record.caseID],
      Alert.Figures(count: size, threshold: before + policy.groupGrowth))
  }

  /// What was closed does not hold: the second time, somebody else should look.
  func reopened(_ record: Case, times: Int) throws {
    guard times >= policy.reopenings else { return }
    try raise(
      .reopened, about: "case:\(record.caseID.text)", "", record, [record.caseID],
      Alert.Figures(count: times, threshold: policy.reopenings))
  }

  /// A new alert, or one hit more of the one that has not ended yet.
  private func raise(
    _ rule: Alert.Rule, about subject: String, _ category: String, _ record: Case, _ cases: [ID<Case>],
    _ figures: Alert.Figures
  ) throws {
    let system = transaction.at(transaction.now, as: .system(county: dispute.county.text))
    let last = try dispute.alerts.latest(rule, about: subject, category, in: system.tx)
    if let last, !last.state.isTerminal {
      let absorbed = try last.taking(
        .absorb(cases, figures), by: system.actor, as: [.system], at: system.now)
      try save(absorbed, "alert.absorbed", system)
    } else {
      let alert = Alert(
        alertID: ID(UUIDv7.make(at: system.now)), rule: rule, township: record.origin.township, subject: subject,
        category: category, raiseTime: system.now, cases: cases, figures: figures,
        clock: world.policies.inForce(at: system.now).clock(.acknowledge, from: system.now))
      try save(alert, "alert.raised", system)
    }
  }

  /// Another policy or calendar: the clocks of what nobody has acknowledged go along. How many did.
  func rederive(_ change: (Clock) -> Clock) throws -> Int {
    var count = 0
    for id in try dispute.alerts.findOpen(in: transaction.tx) {
      guard var alert = try dispute.alerts.load(id, in: transaction.tx) else { continue }
      let clock = change(alert.clock)
      guard clock != alert.clock else {
        // Another calendar may have moved its rungs alone.
        try dispute.setTimer(of: .alert(id), clock, transaction)
        continue
      }
      alert.clock = clock
      try save(alert, "alert.clock_rederived", transaction)
      count += 1
    }
    return count
  }

  // MARK: - What the keepers do

  func take(
    _ alertID: String, _ expectedVersion: UInt64, _ command: (Sealer) throws -> Alert.Command, _ eventType: String
  ) throws -> DisputeV1.Alert {
    guard let alert = try dispute.alerts.load(ID(alertID), in: transaction.tx) else {
      throw Refused(.notFound, .alertNotFound)
    }
    let organisation = try dispute.directory.organisation(ID(transaction.actor.organisationID), in: transaction.tx)
    let parts = alert.parts(of: transaction.actor, organisation)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Expected.version(expectedVersion, of: alert.version)
    let changed = try alert.taking(
      try command(Sealer(transaction, ID(alertID))), by: transaction.actor, as: parts, at: transaction.now)
    try save(changed, eventType, transaction)
    return try view().wire(changed)
  }

  private func view() throws -> FindingView {
    .masked(world.calendar, at: transaction.now, transaction.sealedTexts, in: transaction.tx)
      .showing(try dispute.warnings(in: transaction.tx))
  }

  /// Its clock has warned; the alert stays as it is.
  func warn(of alert: Alert, _ rung: Case.FiredRung) throws {
    try write(alert, "clock.\(rung.rung.rawValue.lowercased())", warned: rung, transaction)
  }

  private func save(_ alert: Alert, _ eventType: String, _ transaction: CommandTransaction) throws {
    try dispute.alerts.save(alert, in: transaction.tx)
    try dispute.setTimer(of: .alert(alert.alertID), alert.clock, transaction)
    try write(alert, eventType, transaction)
  }

  private func write(
    _ alert: Alert, _ eventType: String, warned: Case.FiredRung? = nil, _ transaction: CommandTransaction
  ) throws {
    let event = DisputeV1.AlertEvent(
      alert: try FindingView.bare(world.calendar, at: transaction.now).wire(alert),
      dismissReason: DisputeV1.SealedRef(alert.dismissReason), floorDueTime: alert.clock.floorDue.wire,
      clockWarned: warned.map { DisputeV1.ClockWarned($0) })
    try transaction.record(
      eventType: eventType, aggregateType: "alert", aggregateID: alert.alertID.text, version: Int64(alert.version),
      correlationID: alert.alertID.text, payload: event.encoded())
  }
}

extension DisputeShell {
  /// The townships whose alerts, rounds or requests a caller may list; `nil`: all of the county.
  func listedTownship(_ areaCode: String, for actor: Actor, in reading: some Reading) throws -> AreaCode? {
    let asked = areaCode.isEmpty ? nil : AreaCode(areaCode)
    guard areaCode.isEmpty || asked.map({ $0.level <= .township }) ?? false else {
      throw Refused(.invalidArgument, .areaCodeWrong)
    }
    let township = asked.flatMap { $0.level == .township ? $0 : nil }
    if actor.role.servesCounty { return township }
    let own = try directory.organisation(ID(actor.organisationID), in: reading)?.township
    guard let own, asked.map({ own.isWithin($0) }) ?? true else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    return own
  }
}

extension Reason {
  static let alertNotFound = Reason("ALERT_NOT_FOUND", zh: "没有这条预警。", en: "There is no such alert.", field: "alert_id")
}
