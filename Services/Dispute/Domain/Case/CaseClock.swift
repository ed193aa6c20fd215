package import Kernel
package import WorkClock

/// What is timed in a case and beside it. The raw value is the name in payloads and contracts.
package enum CaseClock: String, Hashable, Sendable, CaseIterable {
  /// Report to closing, paused while an agency or a call has it; decides whether the case was on time.
  case whole = "CASE"
  case accept = "ACCEPT"
  case selfHandle = "SELF_HANDLE"
  case mediation = "MEDIATION"
  /// One month for all levels together.
  case peoplesMediation = "PEOPLES_MEDIATION"
  case escalate = "ESCALATE"
  case handUp = "HAND_UP"
  case receipt = "RECEIPT"
  /// Of an emergency: until it has gone to the township.
  case informTownship = "INFORM_TOWNSHIP"
  case analysis = "ANALYSIS"
  case registerClose = "REGISTER_CLOSE"
  /// From the first word of joint handling until it begins or the analysis takes another way.
  case jointPlan = "JOINT_PLAN"
  case joint = "JOINT_HANDLING"
  /// After the closing, until the parties have been asked whether it holds.
  case followUp = "FOLLOW_UP"
  /// An early warning, until somebody takes notice of it.
  case acknowledge = "ACKNOWLEDGE"
  /// A party's request about the own data, until it is decided.
  case answer = "ANSWER"
}

/// How much time each duty has: policy `DI-CLOCK-1`, versioned; a clock keeps the version it was started under (D§2.2.4).
package struct ClockPolicy: Hashable, Sendable {
  package let code: String
  package let version: Int
  package let budgets: [CaseClock: Budget]
  /// Mediation differs by level.
  package let mediation: [Case.Level: Budget]
  /// Receipt of an emergency.
  package let emergencyReceipt: Budget
  /// After closing, when the parties are asked whether it holds.
  package let followUpDays: Int
  /// From so many reporters or persons on, GROUP is proposed.
  package let groupReporters: Int
  /// When clocks warn.
  package let rungs: RungPolicy
  /// When clocks of elapsed minutes warn: emergencies.
  package let emergencyRungs: RungPolicy
  /// It holds for clocks that start from then on.
  package let effectiveTime: Timestamp
  /// It takes over the clocks that run then, too (rule 12).
  package let appliesToOpen: Bool
  /// How long a right can be used.
  package let windows: RightWindows

  package init(
    code: String, version: Int, budgets: [CaseClock: Budget], mediation: [Case.Level: Budget], emergencyReceipt: Budget,
    followUpDays: Int, groupReporters: Int = 5, rungs: RungPolicy = .standard, emergencyRungs: RungPolicy = .emergency,
    effectiveTime: Timestamp = Timestamp(microseconds: .min), appliesToOpen: Bool = false,
    windows: RightWindows = RightWindows()
  ) {
    self.code = code
    self.version = version
    self.budgets = budgets
    self.mediation = mediation
    self.emergencyReceipt = emergencyReceipt
    self.followUpDays = followUpDays
    self.groupReporters = groupReporters
    self.rungs = rungs
    self.emergencyRungs = emergencyRungs
    self.effectiveTime = effectiveTime
    self.appliesToOpen = appliesToOpen
    self.windows = windows
  }

  /// When `clock` warns.
  package func rungs(of clock: Clock) -> RungPolicy { clock.isEmergency ? emergencyRungs : rungs }

  /// What `clock` has on a case at `level`. `nil`: this policy does not time it.
  package func budget(_ clock: CaseClock, at level: Case.Level, isEmergency: Bool) -> Budget? {
    switch clock {
    case .mediation: mediation[level]
    case .receipt where isEmergency: emergencyReceipt
    default: budgets[clock]
    }
  }

  /// The clock of a duty beside the cases, from `time` on.
  package func clock(_ duty: CaseClock, from time: Timestamp) -> Clock {
    Clock(
      kind: duty.rawValue, policyCode: code, policyVersion: version,
      budget: budgets[duty] ?? ClockPolicy.first.budgets[duty] ?? .workingDays(1), startTime: time)
  }

  /// The first version, compiled in. Basis: 人民调解工作若干规定 art. 33 for the month; the others are the county's own defaults.
  package static let first = ClockPolicy(
    code: "DI-CLOCK", version: 1,
    budgets: [
      .whole: .calendarDays(30), .accept: .workingDays(1), .selfHandle: .workingDays(3),
      .peoplesMediation: .calendarDays(30), .escalate: .workingDays(1), .handUp: .workingDays(1),
      .receipt: .workingDays(1), .informTownship: .calendarMinutes(30), .analysis: .workingDays(3),
      .registerClose: .workingDays(2),
      .jointPlan: .workingDays(5), .joint: .workingDays(30), .followUp: .calendarDays(30),
      .acknowledge: .workingDays(1), .answer: .workingDays(15),
    ],
    mediation: [
      .village: .workingDays(7), .community: .workingDays(7), .industry: .workingDays(15), .township: .workingDays(15),
    ],
    emergencyReceipt: .calendarMinutes(30), followUpDays: 30)
}

/// Time limits on a right (D§2.1.2, "Duty and right"), in days; afterwards the act is refused.
package struct RightWindows: Hashable, Sendable {
  /// From the closing to the last reopening by a party or a follow-up.
  package var reopening: Int
  /// From the merge to the last unmerging.
  package var unmerging: Int
  /// From the rejection to the last objection.
  package var objection: Int
  /// From the settlement to the last application for judicial confirmation.
  package var confirmation: Int

  package init(reopening: Int = 90, unmerging: Int = 30, objection: Int = 30, confirmation: Int = 30) {
    self.reopening = reopening
    self.unmerging = unmerging
    self.objection = objection
    self.confirmation = confirmation
  }
}

/// Every version of the policy, oldest first; never empty.
package struct ClockPolicies: Hashable, Sendable {
  package let versions: [ClockPolicy]

  /// `others` are those that came after the first.
  package init(_ others: [ClockPolicy] = []) {
    versions = [ClockPolicy.first] + others.sorted { $0.version < $1.version }
  }

  /// The one that a clock starts under at `now`: the newest that has taken effect.
  package func inForce(at now: Timestamp) -> ClockPolicy {
    versions.last { $0.effectiveTime <= now } ?? .first
  }

  /// How long the rights can be used that began at `start`: as the version says that was in force then, or a later one that applies to what
  /// is open.
  package func windows(since start: Timestamp, at now: Timestamp) -> RightWindows {
    versions.last { $0.effectiveTime <= start || $0.appliesToOpen && $0.effectiveTime <= now }?.windows
      ?? ClockPolicy.first.windows
  }

  /// The version that gave `clock` its budget; the first, for one that is not known any more.
  package func policy(of clock: Clock) -> ClockPolicy {
    versions.first { $0.version == clock.policyVersion } ?? .first
  }
}

extension Clock {
  /// It counts nights and holidays too, and its warnings do not wait for office hours.
  package var isEmergency: Bool { budget.unit == .calendarMinute }
}

extension Case {
  /// What another work calendar does to the running clocks: each is derived anew, and none becomes due earlier than it was
  /// (D§2.0.4, rules 8 and 13). Both values are written down. `nil`: nothing changes.
  package func rederived(from old: WorkCalendar, to new: WorkCalendar, at now: Timestamp) -> Event? {
    let now = max(now, changeTime)
    let changes = clocks.filter { !$0.isStopped }.flatMap { clock -> [ClockChange] in
      var kept = clock
      kept.keepPromise(from: old, to: new)
      let (before, after) = (clock.limit(in: old), clock.limit(in: new))
      let moves = before != after || clock.isProvisional(in: old) != clock.isProvisional(in: new)
      let moved = ClockChange.moved(kind: clock.kind, round: clock.round, from: before, to: after, at: now)
      guard let due = kept.floorDue, due != clock.floorDue else { return moves ? [moved] : [] }
      return [moved, .promised(kind: clock.kind, round: clock.round, due: due, at: now)]
    }
    return changes.isEmpty ? nil : Event(.clocksRederived, clocks: changes, time: now)
  }

  /// What a new version of the policy does to the running clocks, if it applies to them: another budget, everything consumed and
  /// suspended kept, due no earlier than it takes effect (rules 3 and 12). `nil`: nothing changes.
  package func rebudgeted(under policy: ClockPolicy, in calendar: WorkCalendar, at now: Timestamp) -> Event? {
    let now = max(now, changeTime)
    let changes = clocks.compactMap { clock -> ClockChange? in
      guard !clock.isStopped, clock.policyVersion < policy.version, let kind = CaseClock(rawValue: clock.kind),
        let budget = policy.budget(kind, at: level, isEmergency: isEmergency)
      else { return nil }
      let changed = clock.under(policy.code, policy.version, budget, from: policy.effectiveTime)
      return .rebudgeted(
        changed, from: clock.limit(in: calendar), to: changed.limit(in: calendar), effective: policy.effectiveTime,
        at: now)
    }
    return changes.isEmpty ? nil : Event(.clocksRederived, clocks: changes, time: now)
  }
}

extension Clock {
  /// Of a duty beside the cases, as a new version of the policy that applies to open clocks leaves it (rule 12).
  package func rebudgeted(under policy: ClockPolicy) -> Clock {
    guard !isStopped, policyVersion < policy.version,
      let budget = CaseClock(rawValue: kind).flatMap({ policy.budgets[$0] })
    else { return self }
    return under(policy.code, policy.version, budget, from: policy.effectiveTime)
  }

  /// As another calendar leaves it: due no earlier than it was (rule 13).
  package func promised(from old: WorkCalendar, to new: WorkCalendar) -> Clock {
    var kept = self
    kept.keepPromise(from: old, to: new)
    return kept
  }

  /// The same clock, counted from `start`.
  func counting(from start: Timestamp) -> Clock {
    Clock(
      kind: kind, round: round, policyCode: policyCode, policyVersion: policyVersion, budget: budget, startTime: start,
      stopTime: stopTime, suspensions: suspensions, floorDue: floorDue)
  }

  /// The same clock under another version of the policy; a stopped one stays as it was.
  func under(_ code: String, _ version: Int, _ budget: Budget, from effectiveTime: Timestamp) -> Clock {
    var changed = self
    try? changed.change(policyCode: code, policyVersion: version, budget: budget, from: effectiveTime)
    return changed
  }

  /// The same clock, due no earlier than `due`.
  func promising(_ due: Timestamp) -> Clock {
    Clock(
      kind: kind, round: round, policyCode: policyCode, policyVersion: policyVersion, budget: budget,
      startTime: startTime, stopTime: stopTime, suspensions: suspensions, floorDue: due)
  }
}
