package import GridRegistryDomain
package import Kernel
package import Persistence

/// Division plans as rows, with what their last check found.
package struct DivisionPlanStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: DivisionPlan.ID, in reading: some Reading) throws -> DivisionPlan? {
    guard
      var plan = try reading.first(DivisionPlanQueries.load, [.text(county.text), .id(id)], DivisionPlanRows.plan)
    else { return nil }
    guard plan.check != nil else { return plan }
    let findings = try reading.all(DivisionPlanQueries.findings, [.text(county.text), .id(id)]) { row in
      (
        part: row.text(0),
        finding: DivisionPlan.Check.Finding(
          Reason(row.text(1), zh: row.text(2), en: row.text(3), metadata: TextColumn.pairs(row.text(4))),
          isExcused: row.bool(5))
      )
    }
    for (part, path) in Self.parts {
      plan.check?[keyPath: path] = findings.filter { $0.part == part }.map(\.finding)
    }
    return plan
  }

  /// At most `limit` plans before a moment and id, newest first, of one township and one state where given; without findings.
  package func list(
    township: AreaCode?, state: DivisionPlan.State?, before mark: (time: Timestamp, id: String), limit: Int,
    in reading: some Reading
  ) throws -> [DivisionPlan] {
    let page: [Value] = [.time(mark.time), .text(mark.id), .integer(limit)]
    let (statement, filters): (Statement, [Value]) =
      switch (township, state) {
      case (nil, nil): (DivisionPlanQueries.list, [])
      case (nil, let state?): (DivisionPlanQueries.listOfState, [.text(state.rawValue)])
      case (let township?, nil): (DivisionPlanQueries.listOfTownship, [.text(township.text)])
      case (let township?, let state?):
        (DivisionPlanQueries.listOfTownshipAndState, [.text(township.text), .text(state.rawValue)])
      }
    return try reading.all(statement, [.text(county.text)] + filters + page, DivisionPlanRows.plan).map { plan in
      var plan = plan
      plan.check = nil
      return plan
    }
  }

  /// The township's plans that may still come into effect, newest first; without findings.
  package func listOpen(township: AreaCode, in reading: some Reading) throws -> [DivisionPlan] {
    try [.draft, .submitted, .approved, .blocked].flatMap { state in
      try list(
        township: township, state: state, before: (Timestamp(microseconds: .max), ""), limit: Self.mostOpen, in: reading
      )
    }
  }

  /// More plans than a township has under way.
  private static let mostOpen = 200

  /// Approved plans whose day has come, in the order in which they take effect.
  package func listDue(on day: CivilDate, limit: Int, in reading: some Reading) throws -> [DivisionPlan.ID] {
    try reading.all(
      DivisionPlanQueries.listDue, [.text(county.text), .text(day.description), .integer(limit)]
    ) { $0.id(0) }
  }

  /// How many these are.
  package func countDue(on day: CivilDate, in reading: some Reading) throws -> Int {
    try reading.first(DivisionPlanQueries.countDue, [.text(county.text), .text(day.description)]) { $0.int(0) } ?? 0
  }

  /// The first day after `day` on which an approved plan takes effect.
  package func nextDay(after day: CivilDate, in reading: some Reading) throws -> CivilDate? {
    try reading.first(
      DivisionPlanQueries.nextDay, [.text(county.text), .text(day.description)]
    ) { CivilDate($0.text(0)) } ?? nil
  }

  package func save(_ plan: DivisionPlan, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .id(plan.id)]
    try transaction.run(DivisionPlanQueries.save, key + DivisionPlanRows.values(of: plan))
    try transaction.run(DivisionPlanQueries.clearFindings, key)
    guard let check = plan.check else { return }
    var position = 0
    for (part, path) in Self.parts {
      for finding in check[keyPath: path] {
        try transaction.run(
          DivisionPlanQueries.saveFinding,
          key + [
            .integer(position), .text(part), .text(finding.reason.code), .text(finding.reason.chinese),
            .text(finding.reason.english), .text(TextColumn.encode(finding.reason.metadata)), .bool(finding.isExcused),
          ])
        position += 1
      }
    }
  }

  private static var parts: [(String, WritableKeyPath<DivisionPlan.Check, [DivisionPlan.Check.Finding]>)] {
    [
      ("GAP", \.gaps), ("OVERLAP", \.overlaps), ("SIZE", \.sizeBreaches), ("MEMBER", \.orphanMembers),
      ("FAULT", \.faults),
    ]
  }

  static let statements = DivisionPlanQueries.all
}

/// The SQL of division plans.
enum DivisionPlanQueries {
  static let load = Statement(
    "plan.load",
    """
    SELECT plan_id, title, township_code, effective_date, content, county_wide, state, author_person_id, author_org_id,
      submitter_person_id, decider_person_id, decision_reason, check_time, create_time, submit_time, decide_time,
      effect_time, version
    FROM division_plans WHERE county_code = $1 AND plan_id = $2
    """)
  static let list = Statement(
    "plan.list",
    """
    SELECT plan_id, title, township_code, effective_date, content, county_wide, state, author_person_id, author_org_id,
      submitter_person_id, decider_person_id, decision_reason, check_time, create_time, submit_time, decide_time,
      effect_time, version
    FROM division_plans WHERE county_code = $1 AND (create_time, plan_id) < ($2, $3)
    ORDER BY create_time DESC, plan_id DESC LIMIT $4
    """)
  static let listOfState = Statement(
    "plan.list_of_state",
    """
    SELECT plan_id, title, township_code, effective_date, content, county_wide, state, author_person_id, author_org_id,
      submitter_person_id, decider_person_id, decision_reason, check_time, create_time, submit_time, decide_time,
      effect_time, version
    FROM division_plans WHERE county_code = $1 AND state = $2 AND (create_time, plan_id) < ($3, $4)
    ORDER BY create_time DESC, plan_id DESC LIMIT $5
    """)
  static let listOfTownship = Statement(
    "plan.list_of_township",
    """
    SELECT plan_id, title, township_code, effective_date, content, county_wide, state, author_person_id, author_org_id,
      submitter_person_id, decider_person_id, decision_reason, check_time, create_time, submit_time, decide_time,
      effect_time, version
    FROM division_plans WHERE county_code = $1 AND township_code = $2 AND (create_time, plan_id) < ($3, $4)
    ORDER BY create_time DESC, plan_id DESC LIMIT $5
    """)
  static let listOfTownshipAndState = Statement(
    "plan.list_of_township_and_state",
    """
    SELECT plan_id, title, township_code, effective_date, content, county_wide, state, author_person_id, author_org_id,
      submitter_person_id, decider_person_id, decision_reason, check_time, create_time, submit_time, decide_time,
      effect_time, version
    FROM division_plans WHERE county_code = $1 AND township_code = $2 AND state = $3
      AND (create_time, plan_id) < ($4, $5)
    ORDER BY create_time DESC, plan_id DESC LIMIT $6
    """)
  static let listDue = Statement(
    "plan.list_due",
    """
    SELECT plan_id FROM division_plans WHERE county_code = $1 AND state = 'APPROVED' AND effective_date <= $2
    ORDER BY effective_date, decide_time, plan_id LIMIT $3
    """)
  static let countDue = Statement(
    "plan.count_due",
    "SELECT count(*) FROM division_plans WHERE county_code = $1 AND state = 'APPROVED' AND effective_date <= $2")
  static let nextDay = Statement(
    "plan.next_day",
    """
    SELECT effective_date FROM division_plans WHERE county_code = $1 AND state = 'APPROVED' AND effective_date > $2
    ORDER BY effective_date LIMIT 1
    """)
  static let save = Statement(
    "plan.save",
    """
    INSERT INTO division_plans (
      county_code, plan_id, title, township_code, effective_date, content, county_wide, state, author_person_id,
      author_org_id, submitter_person_id, decider_person_id, decision_reason, check_time, create_time, submit_time,
      decide_time, effect_time, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    ON CONFLICT (county_code, plan_id) DO UPDATE SET
      title = excluded.title, effective_date = excluded.effective_date, content = excluded.content,
      state = excluded.state, submitter_person_id = excluded.submitter_person_id,
      decider_person_id = excluded.decider_person_id, decision_reason = excluded.decision_reason,
      check_time = excluded.check_time, submit_time = excluded.submit_time, decide_time = excluded.decide_time,
      effect_time = excluded.effect_time, version = excluded.version
    """)
  static let findings = Statement(
    "plan.findings",
    """
    SELECT part, finding_code, text_zh, text_en, metadata, excused
    FROM plan_findings WHERE county_code = $1 AND plan_id = $2 ORDER BY position
    """)
  static let clearFindings = Statement(
    "plan.clear_findings", "DELETE FROM plan_findings WHERE county_code = $1 AND plan_id = $2")
  static let saveFinding = Statement(
    "plan.save_finding",
    """
    INSERT INTO plan_findings (
      county_code, plan_id, position, part, finding_code, text_zh, text_en, metadata, excused
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)

  static let all = [
    load, list, listOfState, listOfTownship, listOfTownshipAndState, listDue, countDue, nextDay, save, findings,
    clearFindings,
    saveFinding,
  ]
}
