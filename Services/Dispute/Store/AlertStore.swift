package import DisputeDomain
package import Kernel
package import Persistence

/// Where a list of alerts, rounds or requests goes on: below this time and id.
package struct ListPosition: Hashable, Sendable {
  package let time: Timestamp
  package let id: String

  package init(time: Timestamp, id: String) {
    self.time = time
    self.id = id
  }

  package static let top = ListPosition(time: Timestamp(microseconds: .max), id: "\u{10ffff}")
}

/// Early warnings, and the counts that they are made of.
package struct AlertStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  // MARK: - Counts

  /// One more report of a category at a place on a day.
  package func count(
    _ place: String, _ category: String, on day: CivilDate, in transaction: WriteTransaction
  ) throws {
    try transaction.run(AlertQueries.count, [.text(county.text), .text(place), .text(category), .date(day)])
  }

  /// Reports of a category at a place from one day up to, not including, another.
  package func reports(
    _ place: String, _ category: String, from start: CivilDate, upTo end: CivilDate, in reading: some Reading
  ) throws -> Int {
    let values: [Value] = [.text(county.text), .text(place), .text(category), .date(start), .date(end)]
    return try reading.first(AlertQueries.reports, values) { $0.int(0) } ?? 0
  }

  /// When the first case of the county was reported.
  package func historyStart(in reading: some Reading) throws -> Timestamp? {
    try reading.first(AlertQueries.historyStart, [.text(county.text)]) { $0.time(0) }
  }

  package func setCommunity(_ community: String, of caseID: ID<Case>, in transaction: WriteTransaction) throws {
    try transaction.run(AlertQueries.setCommunity, [.text(county.text), .id(caseID), .text(community)])
  }

  /// The cases of a category reported at a community since `time`, oldest first.
  package func cases(
    ofCommunity community: String, _ category: String, since time: Timestamp, in reading: some Reading
  ) throws -> [ID<Case>] {
    try reading.all(
      AlertQueries.ofCommunity, [.text(county.text), .text(community), .time(time), .text(category)]
    ) { $0.id(0) }
  }

  // MARK: - Alerts

  package func load(_ id: ID<Alert>, in reading: some Reading) throws -> Alert? {
    guard var alert = try reading.first(AlertQueries.load, [.text(county.text), .id(id)], Self.alert) else {
      return nil
    }
    alert.cases = try reading.all(AlertQueries.cases, [.text(county.text), .id(id)]) { $0.id(0) }
    return alert
  }

  /// The latest one of a rule about a subject and category.
  package func latest(
    _ rule: Alert.Rule, about subject: String, _ category: String, in reading: some Reading
  ) throws -> Alert? {
    let values: [Value] = [.text(county.text), .text(subject), .text(rule.rawValue), .text(category)]
    let id: ID<Alert>? = try reading.first(AlertQueries.latest, values) { $0.id(0) }
    return try id.flatMap { try load($0, in: reading) }
  }

  /// When a case was first warned of.
  package func warnTime(of caseID: ID<Case>, in reading: some Reading) throws -> Timestamp? {
    try reading.first(AlertQueries.warnTime, [.text(county.text), .id(caseID)]) { $0.time(0) }
  }

  package func list(
    township: AreaCode?, state: Alert.State?, below position: ListPosition, limit: Int, in reading: some Reading
  ) throws -> [Alert] {
    var values: [Value] = [.text(county.text), .time(position.time), .text(position.id), .integer(limit)]
    let statement: Statement
    switch (township, state) {
    case (let township?, let state?):
      (statement, values) = (AlertQueries.listByBoth, values + [.text(township.text), .text(state.rawValue)])
    case (let township?, nil): (statement, values) = (AlertQueries.listByTownship, values + [.text(township.text)])
    case (nil, let state?): (statement, values) = (AlertQueries.listByState, values + [.text(state.rawValue)])
    case (nil, nil): statement = AlertQueries.list
    }
    let ids: [ID<Alert>] = try reading.all(statement, values) { $0.id(0) }
    return try ids.compactMap { try load($0, in: reading) }
  }

  /// Those that nobody has acknowledged, the earliest first.
  package func findOpen(in reading: some Reading) throws -> [ID<Alert>] {
    try reading.all(AlertQueries.open, [.text(county.text)]) { $0.id(0) }
  }

  package func save(_ alert: Alert, in transaction: WriteTransaction) throws {
    let figures = alert.figures
    try transaction.run(
      AlertQueries.save,
      [
        .text(county.text), .id(alert.alertID), .integer(alert.version), .text(alert.rule.rawValue),
        .text(alert.state.rawValue), .text(alert.township.text), .text(alert.subject), .text(alert.category),
        .time(alert.raiseTime), .integer(figures.count), .integer(figures.threshold), .integer(figures.windowDays),
        .integer(figures.expectedMillionths), .integer(figures.probabilityBillionths), .integer(figures.monthCount),
        .bool(figures.isSameMonth), .optionalID(alert.acknowledger), .optionalTime(alert.acknowledgeTime),
        .text(alert.actionRef), .optionalText(alert.dismissReason?.sealedID),
        .optionalBytes(alert.dismissReason?.digest), .optionalTime(alert.endTime),
      ] + Column.values(of: alert.clock))
    for (index, caseID) in alert.cases.enumerated() {
      try transaction.run(
        AlertQueries.saveCase,
        [.text(county.text), .id(alert.alertID), .integer(index + 1), .id(caseID), .time(alert.raiseTime)])
    }
  }

  private static func alert(_ row: borrowing Row) -> Alert {
    Alert(
      alertID: row.id(0), version: row.int(1), rule: row.named(2, or: .burst), state: row.named(3, or: .open),
      township: Column.area(row, 4), subject: row.text(5), category: row.text(6), raiseTime: row.time(7), cases: [],
      figures: Alert.Figures(
        count: row.int(8), threshold: row.int(9), windowDays: row.int(10), expectedMillionths: row.int(11),
        probabilityBillionths: row.int(12), monthCount: row.int(13), isSameMonth: row.bool(14)),
      clock: Column.clock(row, 21, .acknowledge, from: row.time(7), to: row.optionalTime(16)),
      acknowledger: row.optionalID(15), acknowledgeTime: row.optionalTime(16), actionRef: row.text(17),
      dismissReason: Column.sealed(row, 18), endTime: row.optionalTime(20))
  }
}

/// The statements of alerts.
enum AlertQueries {
  static let count = Statement(
    "report_day.count",
    """
    INSERT INTO report_days (county_code, place, category, day, reports) VALUES ($1, $2, $3, $4, 1)
    ON CONFLICT (county_code, place, category, day) DO UPDATE SET reports = reports + 1
    """)
  static let reports = Statement(
    "report_day.sum",
    """
    SELECT coalesce(sum(reports), 0) FROM report_days
    WHERE county_code = $1 AND place = $2 AND category = $3 AND day >= $4 AND day < $5
    """)
  static let historyStart = Statement(
    "report_day.history_start",
    "SELECT report_time FROM cases WHERE county_code = $1 ORDER BY report_time, case_id LIMIT 1")
  static let setCommunity = Statement(
    "case_index.set_community", "UPDATE case_documents SET community = $3 WHERE county_code = $1 AND case_id = $2")
  static let ofCommunity = Statement(
    "case_index.of_community",
    """
    SELECT case_id FROM case_documents
    WHERE county_code = $1 AND community = $2 AND report_time >= $3 AND category = $4 ORDER BY report_time, document
    """)
  static let load = Statement(
    "alert.load",
    """
    SELECT alert_id, version, rule, state, township_code, subject, category, raise_time, hit_count, threshold,
      window_days, expected_millionths, probability_billionths, month_count, same_month, acknowledger_person_id,
      acknowledge_time, action_ref, dismiss_reason_id, dismiss_reason_digest, end_time, policy_version, budget,
      floor_due_time
    FROM alerts WHERE county_code = $1 AND alert_id = $2
    """)
  static let cases = Statement(
    "alert_case.list",
    "SELECT case_id FROM alert_cases WHERE county_code = $1 AND alert_id = $2 ORDER BY case_number")
  static let latest = Statement(
    "alert.latest",
    """
    SELECT alert_id FROM alerts WHERE county_code = $1 AND subject = $2 AND rule = $3 AND category = $4
    ORDER BY raise_time DESC, alert_id DESC LIMIT 1
    """)
  static let warnTime = Statement(
    "alert_case.warn_time",
    "SELECT raise_time FROM alert_cases WHERE county_code = $1 AND case_id = $2 ORDER BY raise_time LIMIT 1")
  static let list = Statement(
    "alert.list",
    """
    SELECT alert_id FROM alerts WHERE county_code = $1 AND (raise_time, alert_id) < ($2, $3)
    ORDER BY raise_time DESC, alert_id DESC LIMIT $4
    """)
  static let listByState = Statement(
    "alert.list_by_state",
    """
    SELECT alert_id FROM alerts WHERE county_code = $1 AND (raise_time, alert_id) < ($2, $3) AND state = $5
    ORDER BY raise_time DESC, alert_id DESC LIMIT $4
    """)
  static let listByTownship = Statement(
    "alert.list_by_township",
    """
    SELECT alert_id FROM alerts WHERE county_code = $1 AND (raise_time, alert_id) < ($2, $3) AND township_code = $5
    ORDER BY raise_time DESC, alert_id DESC LIMIT $4
    """)
  static let listByBoth = Statement(
    "alert.list_by_township_and_state",
    """
    SELECT alert_id FROM alerts
    WHERE county_code = $1 AND (raise_time, alert_id) < ($2, $3) AND township_code = $5 AND state = $6
    ORDER BY raise_time DESC, alert_id DESC LIMIT $4
    """)
  static let save = Statement(
    "alert.save",
    """
    INSERT INTO alerts (
      county_code, alert_id, version, rule, state, township_code, subject, category, raise_time, hit_count, threshold,
      window_days, expected_millionths, probability_billionths, month_count, same_month, acknowledger_person_id,
      acknowledge_time, action_ref, dismiss_reason_id, dismiss_reason_digest, end_time, policy_version, budget,
      floor_due_time
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25
    )
    ON CONFLICT (county_code, alert_id) DO UPDATE SET
      version = excluded.version, state = excluded.state, hit_count = excluded.hit_count,
      threshold = excluded.threshold, window_days = excluded.window_days,
      expected_millionths = excluded.expected_millionths, probability_billionths = excluded.probability_billionths,
      month_count = excluded.month_count, same_month = excluded.same_month,
      acknowledger_person_id = excluded.acknowledger_person_id, acknowledge_time = excluded.acknowledge_time,
      action_ref = excluded.action_ref, dismiss_reason_id = excluded.dismiss_reason_id,
      dismiss_reason_digest = excluded.dismiss_reason_digest, end_time = excluded.end_time,
      policy_version = excluded.policy_version, budget = excluded.budget, floor_due_time = excluded.floor_due_time
    """)
  static let open = Statement(
    "alert.open",
    "SELECT alert_id FROM alerts WHERE county_code = $1 AND state = 'OPEN' ORDER BY raise_time, alert_id")
  static let saveCase = Statement(
    "alert_case.save",
    """
    INSERT INTO alert_cases (county_code, alert_id, case_number, case_id, raise_time) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, alert_id, case_number) DO NOTHING
    """)

  static let all = [
    count, reports, historyStart, setCommunity, ofCommunity, load, cases, latest, warnTime, list, listByState,
    listByTownship, listByBoth, save, saveCase, open,
  ]
}
