import Persistence

/// The SQL of grids.
enum GridQueries {
  static let load = Statement(
    "grid.load",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND grid_id = $2
    """)
  static let find = Statement(
    "grid.find",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND grid_code = $2
    ORDER BY (state = 'RETIRED' AND effective_to_date = ''), grid_id LIMIT 1
    """)
  static let list = Statement(
    "grid.list",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND grid_id > $2
    ORDER BY grid_id LIMIT $3
    """)
  static let listOfType = Statement(
    "grid.list_of_type",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND grid_type = $2 AND grid_id > $3
    ORDER BY grid_id LIMIT $4
    """)
  static let listOfTownship = Statement(
    "grid.list_of_township",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND township_code = $2 AND grid_id > $3
    ORDER BY grid_id LIMIT $4
    """)
  static let listOfTownshipAndType = Statement(
    "grid.list_of_township_and_type",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND township_code = $2 AND grid_type = $3 AND grid_id > $4
    ORDER BY grid_id LIMIT $5
    """)
  static let count = Statement(
    "grid.count",
    """
    SELECT township_code, grid_type, count(*), coalesce(sum(household_count), 0)
    FROM grids WHERE county_code = $1 AND state = 'ACTIVE'
    GROUP BY township_code, grid_type ORDER BY township_code, grid_type
    """)
  static let owner = Statement(
    "grid.owner",
    """
    SELECT grids.grid_code FROM grid_units
    JOIN grids ON grids.county_code = grid_units.county_code AND grids.grid_id = grid_units.grid_id
    WHERE grid_units.county_code = $1 AND grid_units.unit_id = $2 AND grid_units.grid_id <> $3 AND grids.state = 'ACTIVE'
    ORDER BY grids.grid_code LIMIT 1
    """)
  static let ofOrganisation = Statement(
    "grid.of_organisation",
    "SELECT grid_id FROM grids WHERE county_code = $1 AND org_id = $2 AND state = 'ACTIVE' LIMIT 1")
  static let ofHost = Statement(
    "grid.of_host",
    "SELECT grid_id FROM grids WHERE county_code = $1 AND host_org_id = $2 AND state = 'ACTIVE' LIMIT 1")
  static let save = Statement(
    "grid.save",
    """
    INSERT INTO grids (
      county_code, grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count,
      population_count, natural_villages, subject_type, host_org_id, party_org_id, effective_from_date,
      size_exception_reason, mediation_path, state, version, effective_to_date, plan_id
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    ON CONFLICT (county_code, grid_id) DO UPDATE SET
      name = excluded.name, grid_type = excluded.grid_type, org_id = excluded.org_id, area_code = excluded.area_code,
      township_code = excluded.township_code, household_count = excluded.household_count,
      population_count = excluded.population_count, natural_villages = excluded.natural_villages,
      subject_type = excluded.subject_type, host_org_id = excluded.host_org_id, party_org_id = excluded.party_org_id,
      effective_from_date = excluded.effective_from_date, size_exception_reason = excluded.size_exception_reason,
      mediation_path = excluded.mediation_path, state = excluded.state, version = excluded.version,
      effective_to_date = excluded.effective_to_date, plan_id = excluded.plan_id
    """)
  static let savePath = Statement(
    "grid.save_path",
    "UPDATE grids SET mediation_path = $3, version = $4 WHERE county_code = $1 AND grid_id = $2")
  static let units = Statement(
    "grid.units",
    """
    SELECT unit_id, kind, name, area_code, household_count
    FROM grid_units WHERE county_code = $1 AND grid_id = $2 ORDER BY position
    """)
  static let clearUnits = Statement(
    "grid.clear_units", "DELETE FROM grid_units WHERE county_code = $1 AND grid_id = $2")
  static let saveUnit = Statement(
    "grid.save_unit",
    """
    INSERT INTO grid_units (county_code, grid_id, position, unit_id, kind, name, area_code, household_count)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    """)
  static let findings = Statement(
    "grid.findings",
    """
    SELECT finding_code, text_zh, text_en, open_time, metadata
    FROM grid_findings WHERE county_code = $1 AND grid_id = $2 ORDER BY position
    """)
  static let clearFindings = Statement(
    "grid.clear_findings", "DELETE FROM grid_findings WHERE county_code = $1 AND grid_id = $2")
  static let saveFinding = Statement(
    "grid.save_finding",
    """
    INSERT INTO grid_findings (county_code, grid_id, position, finding_code, text_zh, text_en, open_time, metadata)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    """)

  static let listChanged = Statement(
    "grid.list_changed",
    """
    SELECT grid_id FROM grids WHERE county_code = $1 AND state = 'CHANGED' AND effective_to_date < $2
    ORDER BY effective_to_date, grid_id LIMIT $3
    """)
  static let countChanged = Statement(
    "grid.count_changed",
    "SELECT count(*) FROM grids WHERE county_code = $1 AND state = 'CHANGED' AND effective_to_date < $2")
  static let firstChanged = Statement(
    "grid.first_changed",
    """
    SELECT effective_to_date FROM grids WHERE county_code = $1 AND state = 'CHANGED'
    ORDER BY effective_to_date, grid_id LIMIT 1
    """)
  static let ofPlan = Statement(
    "grid.of_plan",
    """
    SELECT grid_id, grid_code, name, grid_type, org_id, area_code, township_code, household_count, population_count,
      natural_villages, subject_type, host_org_id, party_org_id, effective_from_date, size_exception_reason,
      mediation_path, state, version, effective_to_date, plan_id
    FROM grids WHERE county_code = $1 AND plan_id = $2
    ORDER BY grid_id
    """)
  static let countAsOf = Statement(
    "grid.count_as_of",
    """
    SELECT township_code, grid_type, count(*), coalesce(sum(household_count), 0)
    FROM grids WHERE county_code = $1 AND effective_from_date <= $2 AND (state = 'ACTIVE' OR effective_to_date > $2)
    GROUP BY township_code, grid_type ORDER BY township_code, grid_type
    """)
  static let spans = Statement(
    "grid.spans",
    """
    SELECT township_code, effective_from_date, effective_to_date, count(*)
    FROM grids WHERE county_code = $1 AND (state = 'ACTIVE' OR effective_to_date <> '')
    GROUP BY township_code, effective_from_date, effective_to_date
    """)
  static let lastCode = Statement(
    "grid.last_code",
    "SELECT max(grid_code) FROM grids WHERE county_code = $1 AND grid_code >= $2 AND grid_code <= $3")
  static let predecessors = Statement(
    "grid.predecessors",
    """
    SELECT predecessor_id, successor_id, change_kind, effective_date, plan_id
    FROM grid_lineage WHERE county_code = $1 AND successor_id = $2 ORDER BY predecessor_id
    """)
  static let successors = Statement(
    "grid.successors",
    """
    SELECT predecessor_id, successor_id, change_kind, effective_date, plan_id
    FROM grid_lineage WHERE county_code = $1 AND predecessor_id = $2 ORDER BY successor_id
    """)
  static let saveLink = Statement(
    "grid.save_link",
    """
    INSERT INTO grid_lineage (county_code, predecessor_id, successor_id, change_kind, effective_date, plan_id)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, predecessor_id, successor_id) DO NOTHING
    """)

  static let all = [
    load, find, list, listOfType, listOfTownship, listOfTownshipAndType, listChanged, countChanged, firstChanged,
    ofPlan, count,
    countAsOf, spans,
    lastCode, owner, ofOrganisation, ofHost, save, savePath, units, clearUnits, saveUnit, findings, clearFindings,
    saveFinding, predecessors, successors, saveLink,
  ]
}
