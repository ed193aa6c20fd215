package import DisputeDomain
package import Kernel
package import Persistence

/// Plans, rounds and visits, and the units that grid-registry has told of.
package struct ScreeningStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  // MARK: - Units

  /// What a grid is and what a round has to cover of it, in place of what was heard before.
  package func save(
    _ units: [GridUnit], gridType: String, of grid: ID<Grid>, in transaction: WriteTransaction
  ) throws {
    try transaction.run(ScreeningQueries.saveType, [.text(county.text), .id(grid), .text(gridType)])
    try transaction.run(ScreeningQueries.dropUnits, [.text(county.text), .id(grid)])
    for (index, unit) in units.enumerated() {
      try transaction.run(
        ScreeningQueries.saveUnit,
        [
          .text(county.text), .id(grid), .integer(index + 1), .text(unit.unitID), .text(unit.name),
          .integer(unit.householdCount),
        ])
    }
  }

  package func units(of grid: ID<Grid>, in reading: some Reading) throws -> [GridUnit] {
    try reading.all(ScreeningQueries.units, [.text(county.text), .id(grid)]) { row in
      GridUnit(unitID: row.text(0), name: row.text(1), householdCount: row.int(2))
    }
  }

  package func gridType(of grid: ID<Grid>, in reading: some Reading) throws -> String {
    try reading.first(ScreeningQueries.type, [.text(county.text), .id(grid)]) { $0.text(0) } ?? ""
  }

  /// The grids of a place by id, closed ones too.
  package func grids(in area: AreaCode, in reading: some Reading) throws -> [ID<Grid>] {
    let missing = 12 - area.prefix.count
    return try reading.all(
      ScreeningQueries.grids,
      [
        .text(county.text), .text(area.prefix + String(repeating: "0", count: missing)),
        .text(area.prefix + String(repeating: "9", count: missing)),
      ]
    ) { $0.id(0) }.sorted()
  }

  // MARK: - Plans

  /// The plan of a township that is in effect; `nil`: there is none.
  package func plan(of township: AreaCode, in reading: some Reading) throws -> ScreeningPlan? {
    try reading.first(ScreeningQueries.plan, [.text(county.text), .text(township.text)]) { row in
      let targets = Column.texts(row.text(2)).compactMap { line -> ScreeningPlan.Target? in
        let words = line.split(separator: " ")
        guard words.count == 2, let days = Int(words[1]) else { return nil }
        return ScreeningPlan.Target(gridType: String(words[0]), everyDays: days)
      }
      return ScreeningPlan(
        township: Column.area(row, 0), version: row.int(1), targets: targets, effectiveTime: row.time(3),
        author: row.id(4))
    }
  }

  package func save(_ plan: ScreeningPlan, in transaction: WriteTransaction) throws {
    try transaction.run(
      ScreeningQueries.savePlan,
      [
        .text(county.text), .text(plan.township.text), .integer(plan.version),
        .text(Column.texts(plan.targets.map { "\($0.gridType) \($0.everyDays)" })), .time(plan.effectiveTime),
        .id(plan.author),
      ])
  }

  // MARK: - Rounds

  package func round(_ id: ID<Round>, in reading: some Reading) throws -> Round? {
    try reading.first(ScreeningQueries.round, [.text(county.text), .id(id)]) { row in
      Round(
        roundID: row.id(0), version: row.int(1), state: row.named(2, or: .open), name: row.text(3),
        township: Column.area(row, 4), grids: Column.ids(row.text(5)), startDate: row.date(6), endDate: row.date(7),
        opener: row.id(8), openTime: row.time(9), closeTime: row.optionalTime(10), report: Column.sealed(row, 11),
        coverage: row.optionalBytes(13))
    }
  }

  package func rounds(
    of township: AreaCode?, below position: ListPosition, limit: Int, in reading: some Reading
  ) throws -> [Round] {
    let values: [Value] = [.text(county.text), .time(position.time), .text(position.id), .integer(limit)]
    let ids: [ID<Round>]
    if let township {
      ids = try reading.all(ScreeningQueries.roundsOfTownship, values + [.text(township.text)]) { $0.id(0) }
    } else {
      ids = try reading.all(ScreeningQueries.rounds, values) { $0.id(0) }
    }
    return try ids.compactMap { try round($0, in: reading) }
  }

  package func save(_ round: Round, in transaction: WriteTransaction) throws {
    try transaction.run(
      ScreeningQueries.saveRound,
      [
        .text(county.text), .id(round.roundID), .integer(round.version), .text(round.state.rawValue),
        .text(round.name), .text(round.township.text), .text(Column.ids(round.grids)), .date(round.startDate),
        .date(round.endDate), .id(round.opener), .time(round.openTime), .optionalTime(round.closeTime),
        .optionalText(round.report?.sealedID), .optionalBytes(round.report?.digest), .optionalBytes(round.coverage),
      ])
  }

  // MARK: - Visits

  package func save(_ visit: Visit, in transaction: WriteTransaction) throws {
    try transaction.run(
      ScreeningQueries.saveVisit,
      [
        .text(county.text), .id(visit.visitID), .id(visit.grid), .text(visit.lineOfWork), .time(visit.visitTime),
        .id(visit.visitor), .id(visit.visitorOrganisation), .text(Column.texts(visit.units)),
        .integer(visit.householdCount), .optionalID(visit.round), .optionalText(visit.findings?.sealedID),
        .optionalBytes(visit.findings?.digest), .text(Column.ids(visit.cases)),
      ])
    for unit in visit.units {
      try transaction.run(
        ScreeningQueries.saveUnitVisit,
        [.text(county.text), .id(visit.grid), .text(unit), .time(visit.visitTime), .id(visit.visitID)])
    }
  }

  package func visit(_ id: ID<Visit>, in reading: some Reading) throws -> Visit? {
    try reading.first(ScreeningQueries.visit, [.text(county.text), .id(id)], Self.visit)
  }

  /// The visits of a grid in a period, those of one round if it is named.
  package func visits(
    of grid: ID<Grid>, _ period: Range<Timestamp>, round: ID<Round>? = nil, in reading: some Reading
  ) throws -> [Visit] {
    let values: [Value] = [
      .text(county.text), .id(grid), .time(period.lowerBound), .time(period.upperBound),
    ]
    guard let round else { return try reading.all(ScreeningQueries.visits, values, Self.visit) }
    return try reading.all(ScreeningQueries.visitsOfRound, values + [.id(round)], Self.visit)
  }

  /// The last visit of a unit before `time`.
  package func lastVisit(
    of unit: String, _ grid: ID<Grid>, before time: Timestamp, in reading: some Reading
  ) throws -> Timestamp? {
    try reading.first(
      ScreeningQueries.lastVisit, [.text(county.text), .id(grid), .text(unit), .time(time)]
    ) { $0.time(0) }
  }

  private static func visit(_ row: borrowing Row) -> Visit {
    Visit(
      visitID: row.id(0), grid: row.id(1), lineOfWork: row.text(2), visitTime: row.time(3), visitor: row.id(4),
      visitorOrganisation: row.id(5), units: Column.texts(row.text(6)), householdCount: row.int(7),
      round: row.optionalID(8), findings: Column.sealed(row, 9), cases: Column.ids(row.text(11)))
  }

  // MARK: - Ledger

  /// The cases of a grid reported by `time`, newest first, below a position.
  package func cases(
    of grid: ID<Grid>, below position: CasePosition, limit: Int, in reading: some Reading
  ) throws -> [ID<Case>] {
    try reading.all(
      ScreeningQueries.cases,
      [
        .text(county.text), .id(grid), .time(position.reportTime), .id(position.caseID), .integer(limit),
      ]
    ) { $0.id(0) }
  }
}

/// The statements of screening.
enum ScreeningQueries {
  static let saveType = Statement(
    "grid_screening.save",
    """
    INSERT INTO grid_screening (county_code, grid_id, grid_type) VALUES ($1, $2, $3)
    ON CONFLICT (county_code, grid_id) DO UPDATE SET grid_type = excluded.grid_type
    """)
  static let type = Statement(
    "grid_screening.load", "SELECT grid_type FROM grid_screening WHERE county_code = $1 AND grid_id = $2")
  static let dropUnits = Statement(
    "grid_unit.drop", "DELETE FROM grid_units WHERE county_code = $1 AND grid_id = $2")
  static let saveUnit = Statement(
    "grid_unit.save",
    """
    INSERT INTO grid_units (county_code, grid_id, unit_number, unit_id, name, household_count)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)
  static let units = Statement(
    "grid_unit.list",
    """
    SELECT unit_id, name, household_count FROM grid_units WHERE county_code = $1 AND grid_id = $2 ORDER BY unit_number
    """)
  static let grids = Statement(
    "grid.of_area",
    """
    SELECT grid_id FROM grids WHERE county_code = $1 AND area_code >= $2 AND area_code <= $3 ORDER BY area_code, grid_id
    """)
  static let plan = Statement(
    "screening_plan.latest",
    """
    SELECT township_code, version, targets, effective_time, author_person_id FROM screening_plans
    WHERE county_code = $1 AND township_code = $2 ORDER BY version DESC LIMIT 1
    """)
  static let savePlan = Statement(
    "screening_plan.save",
    """
    INSERT INTO screening_plans (county_code, township_code, version, targets, effective_time, author_person_id)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)
  static let round = Statement(
    "round.load",
    """
    SELECT round_id, version, state, name, township_code, grid_ids, start_day, end_day, opener_person_id, open_time,
      close_time, report_id, report_digest, coverage
    FROM rounds WHERE county_code = $1 AND round_id = $2
    """)
  static let rounds = Statement(
    "round.list",
    """
    SELECT round_id FROM rounds WHERE county_code = $1 AND (open_time, round_id) < ($2, $3)
    ORDER BY open_time DESC, round_id DESC LIMIT $4
    """)
  static let roundsOfTownship = Statement(
    "round.list_by_township",
    """
    SELECT round_id FROM rounds WHERE county_code = $1 AND (open_time, round_id) < ($2, $3) AND township_code = $5
    ORDER BY open_time DESC, round_id DESC LIMIT $4
    """)
  static let saveRound = Statement(
    "round.save",
    """
    INSERT INTO rounds (
      county_code, round_id, version, state, name, township_code, grid_ids, start_day, end_day, opener_person_id,
      open_time, close_time, report_id, report_digest, coverage
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (county_code, round_id) DO UPDATE SET
      version = excluded.version, state = excluded.state, close_time = excluded.close_time,
      report_id = excluded.report_id, report_digest = excluded.report_digest, coverage = excluded.coverage
    """)
  static let visit = Statement(
    "visit.load",
    """
    SELECT visit_id, grid_id, line_of_work, visit_time, visitor_person_id, visitor_org_id, unit_ids, household_count,
      round_id, findings_id, findings_digest, case_ids
    FROM visits WHERE county_code = $1 AND visit_id = $2
    """)
  static let visits = Statement(
    "visit.of_grid",
    """
    SELECT visit_id, grid_id, line_of_work, visit_time, visitor_person_id, visitor_org_id, unit_ids, household_count,
      round_id, findings_id, findings_digest, case_ids
    FROM visits WHERE county_code = $1 AND grid_id = $2 AND visit_time >= $3 AND visit_time < $4
    ORDER BY visit_time, visit_id
    """)
  static let visitsOfRound = Statement(
    "visit.of_round",
    """
    SELECT visit_id, grid_id, line_of_work, visit_time, visitor_person_id, visitor_org_id, unit_ids, household_count,
      round_id, findings_id, findings_digest, case_ids
    FROM visits WHERE county_code = $1 AND round_id = $5 AND grid_id = $2 AND visit_time >= $3 AND visit_time < $4
    ORDER BY visit_time, visit_id
    """)
  static let saveVisit = Statement(
    "visit.save",
    """
    INSERT INTO visits (
      county_code, visit_id, grid_id, line_of_work, visit_time, visitor_person_id, visitor_org_id, unit_ids,
      household_count, round_id, findings_id, findings_digest, case_ids
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    """)
  static let saveUnitVisit = Statement(
    "unit_visit.save",
    """
    INSERT INTO unit_visits (county_code, grid_id, unit_id, visit_time, visit_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, grid_id, unit_id, visit_time, visit_id) DO NOTHING
    """)
  static let lastVisit = Statement(
    "unit_visit.last",
    """
    SELECT visit_time FROM unit_visits WHERE county_code = $1 AND grid_id = $2 AND unit_id = $3 AND visit_time < $4
    ORDER BY visit_time DESC LIMIT 1
    """)
  static let cases = Statement(
    "case.of_grid",
    """
    SELECT case_id FROM cases WHERE county_code = $1 AND grid_id = $2 AND (report_time, case_id) < ($3, $4)
    ORDER BY report_time DESC, case_id DESC LIMIT $5
    """)

  static let all = [
    saveType, type, dropUnits, saveUnit, units, grids, plan, savePlan, round, rounds, roundsOfTownship, saveRound,
    visit, visits, visitsOfRound, saveVisit, saveUnitVisit, lastVisit, cases,
  ]
}
