package import DisputeDomain
package import Kernel
package import Persistence
import WorkClock

/// A version of the policy with where it comes from.
package struct PutPolicy: Hashable, Sendable {
  package let policy: ClockPolicy
  package let basis: String
  package let person: String
  package let putTime: Timestamp

  package init(policy: ClockPolicy, basis: String, person: String, putTime: Timestamp) {
    self.policy = policy
    self.basis = basis
    self.person = person
    self.putTime = putTime
  }
}

/// The versions of the clocks' policy that came after the compiled-in one.
package struct PolicyStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The newest version; 1 while nobody has put another.
  package func newest(in reading: some Reading) throws -> Int {
    try reading.first(PolicyQueries.newest, [.text(county.text)]) { $0.int(0) } ?? ClockPolicy.first.version
  }

  package func list(in reading: some Reading) throws -> [PutPolicy] {
    try reading.all(PolicyQueries.list, [.text(county.text)], Self.policy)
  }

  package func save(_ put: PutPolicy, in transaction: WriteTransaction) throws {
    let policy = put.policy
    try transaction.run(
      PolicyQueries.save,
      [
        .text(county.text), .integer(policy.version), .text(policy.code), .text(Self.budgets(policy)),
        .integer(policy.rungs.yellowPercent), .text(Column.budget(policy.rungs.redMargin)),
        .integer(policy.emergencyRungs.yellowPercent), .text(Column.budget(policy.emergencyRungs.redMargin)),
        .integer(policy.followUpDays), .time(policy.effectiveTime), .bool(policy.appliesToOpen), .text(put.basis),
        .text(put.person), .time(put.putTime), .bool(policy.appliesToOpen), .integer(policy.groupReporters),
        .integer(policy.windows.reopening), .integer(policy.windows.unmerging), .integer(policy.windows.objection),
        .integer(policy.windows.confirmation),
      ])
  }

  /// The next version that has open clocks to take over, and when.
  package func waiting(in reading: some Reading) throws -> (version: Int, time: Timestamp)? {
    try reading.first(PolicyQueries.waiting, [.text(county.text)]) { ($0.int(0), $0.time(1)) }
  }

  /// Its open clocks have been taken over.
  package func applied(version: Int, in transaction: WriteTransaction) throws {
    try transaction.run(PolicyQueries.applied, [.text(county.text), .integer(version)])
  }

  // MARK: - Rows

  /// `CLOCK LEVEL AMOUNT UNIT` a line; `-` without a level, `EMERGENCY` for an emergency's receipt.
  private static func budgets(_ policy: ClockPolicy) -> String {
    var lines = policy.budgets.map { "\($0.key.rawValue) - \(Column.budget($0.value))" }
    lines += policy.mediation.map { "\(CaseClock.mediation.rawValue) \($0.key.rawValue) \(Column.budget($0.value))" }
    lines.append("\(CaseClock.receipt.rawValue) EMERGENCY \(Column.budget(policy.emergencyReceipt))")
    return Column.texts(lines.sorted())
  }

  private static func policy(_ row: borrowing Row) -> PutPolicy {
    // A version that was put before a duty was timed says nothing of it.
    var budgets = ClockPolicy.first.budgets
    var mediation: [Case.Level: Budget] = [:]
    var emergencyReceipt: Budget?
    for line in Column.texts(row.text(2)) {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let kind = CaseClock(rawValue: String(words[0])), let budget = Column.budget(words[2])
      else {
        row.reject(2)
        continue
      }
      switch (String(words[1]), Case.Level(rawValue: String(words[1]))) {
      case ("EMERGENCY", _): emergencyReceipt = budget
      case (_, let level?): mediation[level] = budget
      default: budgets[kind] = budget
      }
    }
    let margins = [row.text(4), row.text(6)].map { Column.budget($0) }
    if margins.contains(nil) { row.reject(4) }
    return PutPolicy(
      policy: ClockPolicy(
        code: row.text(1), version: row.int(0), budgets: budgets, mediation: mediation,
        emergencyReceipt: emergencyReceipt ?? ClockPolicy.first.emergencyReceipt, followUpDays: row.int(7),
        groupReporters: row.int(13),
        rungs: RungPolicy(yellowPercent: row.int(3), redMargin: margins[0] ?? RungPolicy.standard.redMargin),
        emergencyRungs: RungPolicy(yellowPercent: row.int(5), redMargin: margins[1] ?? RungPolicy.emergency.redMargin),
        effectiveTime: row.time(8), appliesToOpen: row.bool(9),
        windows: RightWindows(
          reopening: row.int(14), unmerging: row.int(15), objection: row.int(16), confirmation: row.int(17))),
      basis: row.text(10), person: row.text(11), putTime: row.time(12))
  }
}

/// The statements of the policy.
enum PolicyQueries {
  static let newest = Statement(
    "clock_policy.newest", "SELECT version FROM clock_policies WHERE county_code = $1 ORDER BY version DESC LIMIT 1")
  static let list = Statement(
    "clock_policy.list",
    """
    SELECT version, policy_code, budgets, yellow_percent, red_margin, emergency_yellow_percent, emergency_red_margin,
      follow_up_days, effective_time, applies_to_open, basis, put_person_id, put_time, group_reporters, reopen_days,
      unmerge_days, objection_days, confirmation_days
    FROM clock_policies WHERE county_code = $1 ORDER BY version
    """)
  static let save = Statement(
    "clock_policy.save",
    """
    INSERT INTO clock_policies (
      county_code, version, policy_code, budgets, yellow_percent, red_margin, emergency_yellow_percent,
      emergency_red_margin, follow_up_days, effective_time, applies_to_open, basis, put_person_id, put_time, waiting,
      group_reporters, reopen_days, unmerge_days, objection_days, confirmation_days
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    """)
  static let waiting = Statement(
    "clock_policy.waiting",
    """
    SELECT version, effective_time FROM clock_policies WHERE county_code = $1 AND waiting = 1
    ORDER BY effective_time, version LIMIT 1
    """)
  static let applied = Statement(
    "clock_policy.applied", "UPDATE clock_policies SET waiting = 0 WHERE county_code = $1 AND version = $2")

  static let all = [newest, list, save, waiting, applied]
}
