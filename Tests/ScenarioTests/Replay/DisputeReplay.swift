import CommonContract
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire
import WireTypes
import WorkClock

/// Cases and what was found about them from dispute's own journal.
enum DisputeReplay: Replaying {
  static var identity: ServiceIdentity { .dispute }
  static var migrations: [Migration] { DisputeService.migrations }

  static let told: [String: Set<String>] = [
    "cases": [], "case_parties": [], "case_attempts": [], "case_escalations": [], "case_clocks": [], "case_links": [],
    "case_settlements": [], "case_closures": [], "case_numbers": [], "case_merges": [], "case_analyses": [],
    "case_responsibles": [], "case_measures": [], "case_invitations": [], "case_assists": [], "case_reopenings": [],
    "case_follow_ups": [], "case_rungs": [], "case_retention": [], "industry_rules": [], "industry_rule_versions": [],
    "alerts": [], "alert_cases": [], "screening_plans": [], "rounds": [], "visits": [], "unit_visits": [],
    "party_rights": [], "duty_rungs": [], "case_counts": [],
    // Whether open clocks still have to be taken over: they say themselves that they were.
    "clock_policies": ["waiting"],
  ]

  static let elsewhere = [
    "organisations": "grid-registry, by the relay", "persons": "grid-registry, by the relay",
    "grids": "grid-registry, by the relay", "calendar_years": "grid-registry, by the relay",
    "grid_members": "grid-registry, by the relay", "grid_screening": "grid-registry, by the relay",
    "grid_units": "grid-registry, by the relay",
    "duty_timers": "when to look at an alert or a request next: derived from its clock and the calendar",
    "case_timers": "when to look at a case next: derived from its clocks and the calendar",
    "case_documents": "index over the sealed texts", "case_terms": "index over the sealed texts",
    "case_postings": "index over the sealed texts", "case_index_state": "index over the sealed texts",
    "party_keys": "keyed hashes of the sealed names", "searches": "who searched: index over the journal",
    "report_days": "reports of a day, counted where the grid lay when they came",
  ]

  static func replay(_ lines: [JournalEntry], county: AreaCode, in tx: WriteTransaction) throws {
    var cases: [String: Case] = [:]
    for line in lines {
      switch line.draft.aggregateType {
      case DisputeShell.aggregateType: try replayCase(line, &cases, county, tx)
      case "alert":
        let event = try DisputeV1.AlertEvent(decoding: line.draft.payload)
        guard let alert = event.domain else { throw NotReplayed(line) }
        try AlertStore(county: county).save(alert, in: tx)
        try claim(event.clockWarned, of: .alert(alert.alertID), line, county, tx)
      case "screening_plan", "round", "visit": try replayScreening(line, county, tx)
      case "party_right":
        let event = try DisputeV1.PartyRightEvent(decoding: line.draft.payload)
        guard let right = event.domain else { throw NotReplayed(line) }
        try PartyRightStore(county: county).save(right, in: tx)
        try claim(event.clockWarned, of: .right(right.rightID), line, county, tx)
      case "retention":
        let what: RetainedData = line.eventType == "party_keys.destroyed" ? .keys : .identity
        try PartyRightStore(county: county).markDestroyed(what, of: ID(line.draft.aggregateID), in: tx)
      case "clock_policy":
        guard let put = try DisputeV1.ClockPolicyEvent(decoding: line.draft.payload).policy?.put else {
          throw NotReplayed(line)
        }
        try PolicyStore(county: county).save(put, in: tx)
      case "industry_rules":
        let put = try DisputeV1.IndustryRulesPut(decoding: line.draft.payload)
        let rules = put.rules.map { ($0.category, $0.roomOrgID.given(Organisation.self)) }
        try IndustryRuleStore(county: county).put(
          Dictionary(rules) { first, _ in first }, version: Int(put.policyVersion), at: line.draft.occurTime, in: tx)
      case "search": break
      default: throw NotReplayed(line)
      }
    }
    for record in cases.values {
      _ = try CaseStore(county: county).save(record, replacing: nil, in: tx)
      for rung in record.rungs { try TimerStore(county: county).claim(rung, of: record.caseID, in: tx) }
    }
  }

  /// A warning of a clock beside the cases.
  private static func claim(
    _ warned: DisputeV1.ClockWarned?, of duty: Duty, _ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction
  ) throws {
    guard let warned else { return }
    guard let rung = warned.domain(at: line.draft.occurTime) else { throw NotReplayed(line) }
    try DutyStore(county: county).claim(rung, of: duty, in: tx)
  }

  private static func replayCase(
    _ line: JournalEntry, _ cases: inout [String: Case], _ county: AreaCode, _ tx: WriteTransaction
  ) throws {
    guard let event = try DisputeV1.CaseEvent(decoding: line.draft.payload).domain(at: line.draft.occurTime) else {
      throw NotReplayed(line)
    }
    Case.apply(event, to: &cases[line.draft.aggregateID])
    guard let record = cases[line.draft.aggregateID] else { throw NotReplayed(line) }
    if case .reported = event.change {
      let year = record.origin.number.split(separator: "-").dropFirst(2).first.flatMap { Int($0) } ?? 0
      _ = try CaseStore(county: county).nextNumber(township: record.origin.township, year: year, in: tx)
    }
    let rights = PartyRightStore(county: county)
    if record.state.isTerminal {
      try rights.begin(record.caseID, at: event.time, in: tx)
    } else {
      try rights.end(record.caseID, in: tx)
    }
  }

  private static func replayScreening(_ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction) throws {
    let event = try DisputeV1.ScreeningEvent(decoding: line.draft.payload)
    let store = ScreeningStore(county: county)
    if let plan = event.plan { return try store.save(plan, in: tx) }
    if let round = event.round { return try store.save(round, in: tx) }
    if let visit = event.visit { return try store.save(visit, in: tx) }
    throw NotReplayed(line)
  }
}

extension DisputeV1.ClockPolicy {
  /// The version that the line tells of.
  fileprivate var put: PutPolicy? {
    var table: [CaseClock: Budget] = [:]
    var mediation: [Case.Level: Budget] = [:]
    var emergencyReceipt: Budget?
    for line in budgets {
      guard let kind = CaseClock(rawValue: line.clockKind), let budget = line.budget?.replayed else { return nil }
      if line.emergency {
        emergencyReceipt = budget
      } else if let level = Case.Level(wire: line.level) {
        mediation[level] = budget
      } else {
        table[kind] = budget
      }
    }
    guard let emergencyReceipt, let rungs = warnings?.replayed, let emergency = emergencyWarnings?.replayed,
      let effective = effectiveTime?.kernel, let putTime = putTime?.kernel
    else { return nil }
    return PutPolicy(
      policy: ClockPolicy(
        code: policyCode, version: Int(version), budgets: table, mediation: mediation,
        emergencyReceipt: emergencyReceipt, followUpDays: Int(followUpDayCount),
        groupReporters: Int(groupReporterCount), rungs: rungs,
        emergencyRungs: emergency, effectiveTime: effective, appliesToOpen: appliesToOpen,
        windows: windows.map {
          RightWindows(
            reopening: Int($0.reopenDayCount), unmerging: Int($0.unmergeDayCount), objection: Int($0.objectionDayCount),
            confirmation: Int($0.confirmationDayCount))
        } ?? RightWindows()), basis: basis,
      person: putPersonID, putTime: putTime)
  }
}

extension DisputeV1.WarningRule {
  fileprivate var replayed: RungPolicy? {
    redMargin?.replayed.map { RungPolicy(yellowPercent: Int(yellowPercent), redMargin: $0) }
  }
}

extension CommonV1.TimeBudget {
  fileprivate var replayed: Budget? { Budget.Unit(wire: unit).flatMap { try? Budget(Int(amount), $0) } }
}
