CREATE TABLE grid_screening (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  grid_type TEXT NOT NULL,
  PRIMARY KEY (county_code, grid_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE grid_units (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  unit_number INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  name TEXT NOT NULL,
  household_count INTEGER NOT NULL,
  PRIMARY KEY (county_code, grid_id, unit_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX grid_by_area ON grids (county_code, area_code, grid_id);
CREATE INDEX case_by_grid ON cases (county_code, grid_id, report_time, case_id) WHERE grid_id IS NOT NULL;

CREATE TABLE screening_plans (
  county_code TEXT NOT NULL,
  township_code TEXT NOT NULL,
  version INTEGER NOT NULL,
  targets TEXT NOT NULL,
  effective_time INTEGER NOT NULL,
  author_person_id TEXT NOT NULL,
  PRIMARY KEY (county_code, township_code, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE rounds (
  county_code TEXT NOT NULL,
  round_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  township_code TEXT NOT NULL,
  grid_ids TEXT NOT NULL,
  start_day INTEGER NOT NULL,
  end_day INTEGER NOT NULL,
  opener_person_id TEXT NOT NULL,
  open_time INTEGER NOT NULL,
  close_time INTEGER,
  report_id TEXT,
  report_digest BLOB,
  coverage BLOB,
  PRIMARY KEY (county_code, round_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX round_by_time ON rounds (county_code, open_time, round_id);
CREATE INDEX round_by_township ON rounds (county_code, township_code, open_time, round_id);

CREATE TABLE visits (
  county_code TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  line_of_work TEXT NOT NULL,
  visit_time INTEGER NOT NULL,
  visitor_person_id TEXT NOT NULL,
  visitor_org_id TEXT NOT NULL,
  unit_ids TEXT NOT NULL,
  household_count INTEGER NOT NULL,
  round_id TEXT,
  findings_id TEXT,
  findings_digest BLOB,
  case_ids TEXT NOT NULL,
  PRIMARY KEY (county_code, visit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_grid ON visits (county_code, grid_id, visit_time, visit_id);
CREATE INDEX visit_by_round ON visits (county_code, round_id, grid_id, visit_time) WHERE round_id IS NOT NULL;

CREATE TABLE unit_visits (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  visit_time INTEGER NOT NULL,
  visit_id TEXT NOT NULL,
  PRIMARY KEY (county_code, grid_id, unit_id, visit_time, visit_id)
) STRICT, WITHOUT ROWID;
