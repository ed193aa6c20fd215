package import Kernel
package import WorkClock

/// A new version of the policy as somebody wants it: what differs from the version before.
package struct ClockPolicyDraft: Sendable {
  /// One duty's budget, as it was written.
  package struct Line: Sendable {
    package let clockKind: String
    /// MEDIATION only.
    package let level: Case.Level?
    /// RECEIPT only.
    package let isEmergency: Bool
    package let amount: Int
    package let unit: Budget.Unit?

    package init(clockKind: String, level: Case.Level?, isEmergency: Bool, amount: Int, unit: Budget.Unit?) {
      self.clockKind = clockKind
      self.level = level
      self.isEmergency = isEmergency
      self.amount = amount
      self.unit = unit
    }
  }

  /// When clocks warn, as it was written.
  package struct Warnings: Sendable {
    package let yellowPercent: Int
    package let marginAmount: Int
    package let marginUnit: Budget.Unit?

    package init(yellowPercent: Int, marginAmount: Int, marginUnit: Budget.Unit?) {
      self.yellowPercent = yellowPercent
      self.marginAmount = marginAmount
      self.marginUnit = marginUnit
    }
  }

  package var lines: [Line]
  package var warnings: Warnings?
  package var emergencyWarnings: Warnings?
  /// Zero: as before.
  package var followUpDays: Int
  /// Zero: as before.
  package var groupReporters: Int
  /// Zeros: as before.
  package var windows: RightWindows
  /// `nil`: at once.
  package var effectiveTime: Timestamp?
  package var appliesToOpen: Bool
  package var basis: String

  package init(
    lines: [Line] = [], warnings: Warnings? = nil, emergencyWarnings: Warnings? = nil, followUpDays: Int = 0,
    groupReporters: Int = 0, windows: RightWindows = .asBefore, effectiveTime: Timestamp? = nil,
    appliesToOpen: Bool = false, basis: String
  ) {
    self.lines = lines
    self.warnings = warnings
    self.emergencyWarnings = emergencyWarnings
    self.followUpDays = followUpDays
    self.groupReporters = groupReporters
    self.windows = windows
    self.effectiveTime = effectiveTime
    self.appliesToOpen = appliesToOpen
    self.basis = basis
  }
}

extension ClockPolicies {
  /// The version that `draft` makes of the newest one. Refuses with every reason at once.
  package func adding(_ draft: ClockPolicyDraft, at now: Timestamp) throws(Refused) -> ClockPolicy {
    let newest = versions[versions.count - 1]
    var faults: [Reason] = []
    var (budgets, mediation, emergencyReceipt) = (newest.budgets, newest.mediation, newest.emergencyReceipt)
    var named: Set<String> = []
    for (index, line) in draft.lines.enumerated() {
      let budget = Self.budget(line.amount, line.unit, "budgets[\(index)].budget", &faults)
      guard let kind = CaseClock(rawValue: line.clockKind) else {
        faults.append(.clockKindUnknown.at("budgets[\(index)].clock_kind"))
        continue
      }
      let isNew = named.insert("\(kind.rawValue) \(line.level?.rawValue ?? "") \(line.isEmergency)").inserted
      if !isNew { faults.append(.clockNamedTwice.at("budgets[\(index)]")) }
      switch (kind, line.level, line.isEmergency) {
      case (.mediation, let level?, false) where newest.mediation[level] != nil:
        mediation[level] = budget ?? mediation[level]
      case (.receipt, nil, true): emergencyReceipt = budget ?? emergencyReceipt
      case (.mediation, _, _), (_, .some, _), (_, _, true): faults.append(.levelNotTimed.at("budgets[\(index)]"))
      case (_, nil, false): budgets[kind] = budget ?? budgets[kind]
      }
    }
    let rungs = Self.rungs(draft.warnings, newest.rungs, "warnings", &faults)
    let emergencyRungs = Self.rungs(draft.emergencyWarnings, newest.emergencyRungs, "emergency_warnings", &faults)
    if !(0...3650).contains(draft.followUpDays) { faults.append(.followUpDaysInvalid) }
    if draft.groupReporters != 0, !(2...1000).contains(draft.groupReporters) { faults.append(.groupReportersInvalid) }
    let windows = draft.windows.filled(from: newest.windows)
    if !windows.allSatisfy({ (1...3650).contains($0) }) { faults.append(.windowDaysInvalid) }
    if draft.basis.allSatisfy(\.isWhitespace) { faults.append(.policyBasisMissing) }
    let effectiveTime = draft.effectiveTime ?? now
    if effectiveTime < max(now, newest.effectiveTime) { faults.append(.effectiveTimePast) }
    guard faults.isEmpty else { throw Refused(.invalidArgument, faults) }
    return ClockPolicy(
      code: newest.code, version: newest.version + 1, budgets: budgets, mediation: mediation,
      emergencyReceipt: emergencyReceipt,
      followUpDays: draft.followUpDays == 0 ? newest.followUpDays : draft.followUpDays,
      groupReporters: draft.groupReporters == 0 ? newest.groupReporters : draft.groupReporters, rungs: rungs,
      emergencyRungs: emergencyRungs, effectiveTime: effectiveTime, appliesToOpen: draft.appliesToOpen,
      windows: windows)
  }

  private static func budget(
    _ amount: Int, _ unit: Budget.Unit?, _ field: String, _ faults: inout [Reason]
  ) -> Budget? {
    if unit == nil { faults.append(.budgetUnitMissing.at(field + ".unit")) }
    do { return try Budget(amount, unit ?? .workingDay) } catch {
      faults += error.reasons.map { $0.at(field + ".amount") }
      return nil
    }
  }

  private static func rungs(
    _ warnings: ClockPolicyDraft.Warnings?, _ before: RungPolicy, _ field: String, _ faults: inout [Reason]
  ) -> RungPolicy {
    guard let warnings else { return before }
    if !(1...99).contains(warnings.yellowPercent) { faults.append(.yellowPercentInvalid.at(field + ".yellow_percent")) }
    let margin = budget(warnings.marginAmount, warnings.marginUnit, field + ".red_margin", &faults)
    return RungPolicy(yellowPercent: warnings.yellowPercent, redMargin: margin ?? before.redMargin)
  }
}

extension RightWindows {
  /// Nothing differs from the version before.
  package static let asBefore = RightWindows(reopening: 0, unmerging: 0, objection: 0, confirmation: 0)

  fileprivate func filled(from before: RightWindows) -> RightWindows {
    RightWindows(
      reopening: reopening == 0 ? before.reopening : reopening,
      unmerging: unmerging == 0 ? before.unmerging : unmerging,
      objection: objection == 0 ? before.objection : objection,
      confirmation: confirmation == 0 ? before.confirmation : confirmation)
  }

  fileprivate func allSatisfy(_ isRight: (Int) -> Bool) -> Bool {
    [reopening, unmerging, objection, confirmation].allSatisfy(isRight)
  }
}

extension Reason {
  static let windowDaysInvalid = Reason(
    "WINDOW_DAYS_INVALID", zh: "权利期限应在1至3650天之间。", en: "A right can be used for 1 to 3650 days.", field: "windows")
  static let budgetUnitMissing = Reason("BUDGET_UNIT_MISSING", zh: "缺少时限单位。", en: "Say what the budget counts.")
  static let clockKindUnknown = Reason("CLOCK_KIND_UNKNOWN", zh: "没有这种计时。", en: "There is no such clock.")
  static let levelNotTimed = Reason(
    "LEVEL_NOT_TIMED", zh: "只有调解按层级计时，只有签收区分紧急情形。",
    en: "Only mediation is timed by level, and only receipt tells emergencies apart.")
  static let clockNamedTwice = Reason("CLOCK_NAMED_TWICE", zh: "同一计时出现了两次。", en: "A clock is named twice.")
  static let yellowPercentInvalid = Reason(
    "YELLOW_PERCENT_INVALID", zh: "黄牌比例应在1至99之间。", en: "Yellow fires at 1 to 99 percent.")
  static let followUpDaysInvalid = Reason(
    "FOLLOW_UP_DAYS_INVALID", zh: "回访期限应在1至3650天之间。", en: "The follow-up is due after 1 to 3650 days.",
    field: "follow_up_day_count")
  static let groupReportersInvalid = Reason(
    "GROUP_REPORTERS_INVALID", zh: "群体性案件人数应在2至1000之间。", en: "GROUP is proposed from 2 to 1000 persons on.",
    field: "group_reporter_count")
  static let policyBasisMissing = Reason(
    "BASIS_MISSING", zh: "请注明依据的文件或决定。", en: "Name the document or decision that it rests on.", field: "basis")
  static let effectiveTimePast = Reason(
    "EFFECTIVE_TIME_PAST", zh: "生效时间不得早于现在，也不得早于上一版本。",
    en: "It takes effect neither in the past nor before the version that it follows.", field: "effective_time")
}
