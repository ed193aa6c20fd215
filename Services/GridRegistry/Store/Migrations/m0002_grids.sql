CREATE TABLE grids (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  grid_code TEXT NOT NULL,
  name TEXT NOT NULL,
  grid_type TEXT NOT NULL,
  org_id TEXT NOT NULL,
  area_code TEXT NOT NULL,
  township_code TEXT NOT NULL,
  household_count INTEGER NOT NULL,
  population_count INTEGER NOT NULL,
  natural_villages TEXT NOT NULL,
  subject_type TEXT,
  host_org_id TEXT,
  party_org_id TEXT,
  effective_from_date TEXT NOT NULL,
  size_exception_reason TEXT NOT NULL,
  mediation_path TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT grids_key PRIMARY KEY (county_code, grid_id)
) STRICT;
CREATE UNIQUE INDEX grids_by_code ON grids (county_code, grid_code);
CREATE INDEX grids_by_township ON grids (county_code, township_code, grid_id);
CREATE INDEX grids_by_type ON grids (county_code, grid_type, grid_id);
CREATE INDEX grids_by_township_and_type ON grids (county_code, township_code, grid_type, grid_id);
CREATE INDEX grids_by_org ON grids (county_code, org_id, grid_id);
CREATE INDEX grids_by_host ON grids (county_code, host_org_id, grid_id);
CREATE INDEX grids_counted ON grids (county_code, state, township_code, grid_type, household_count);

CREATE TABLE grid_units (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  area_code TEXT NOT NULL,
  household_count INTEGER NOT NULL,
  CONSTRAINT grid_units_key PRIMARY KEY (county_code, grid_id, position)
) STRICT;
CREATE INDEX grid_units_by_unit ON grid_units (county_code, unit_id, grid_id);

CREATE TABLE grid_findings (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  finding_code TEXT NOT NULL,
  text_zh TEXT NOT NULL,
  text_en TEXT NOT NULL,
  open_time INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  CONSTRAINT grid_findings_key PRIMARY KEY (county_code, grid_id, position)
) STRICT;
