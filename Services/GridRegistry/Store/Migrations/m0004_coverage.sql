ALTER TABLE grids ADD COLUMN effective_to_date TEXT NOT NULL DEFAULT '';
ALTER TABLE grids ADD COLUMN plan_id TEXT;

-- A planned grid that was dropped gives its code back; every other code is used once, for ever.
DROP INDEX grids_by_code;
CREATE UNIQUE INDEX grids_by_code ON grids (county_code, grid_code) WHERE state <> 'RETIRED' OR effective_to_date <> '';
CREATE INDEX grids_by_code_ever ON grids (county_code, grid_code, grid_id);
CREATE INDEX grids_by_state ON grids (county_code, state, effective_to_date, grid_id);
CREATE INDEX grids_by_plan ON grids (county_code, plan_id, grid_id);

CREATE TABLE coverage_units (
  county_code TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  area_code TEXT NOT NULL,
  township_code TEXT NOT NULL,
  household_count INTEGER NOT NULL,
  latitude INTEGER,
  longitude INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT coverage_units_key PRIMARY KEY (county_code, unit_id)
) STRICT;
CREATE INDEX coverage_units_by_township ON coverage_units (county_code, township_code, unit_id, household_count);
CREATE INDEX coverage_units_by_area ON coverage_units (county_code, area_code, unit_id);
CREATE INDEX coverage_units_by_latitude ON coverage_units (county_code, latitude, longitude);

-- Days since 1970-01-01; -719162 (0001-01-01) is since ever, 2932896 (9999-12-31) is still.
CREATE TABLE unit_memberships (
  county_code TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  grid_id TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  to_day INTEGER NOT NULL,
  CONSTRAINT unit_memberships_key PRIMARY KEY (county_code, unit_id, position)
) STRICT;
CREATE INDEX unit_memberships_by_day ON unit_memberships (county_code, unit_id, from_day, to_day, grid_id);
CREATE INDEX unit_memberships_by_grid ON unit_memberships (county_code, grid_id, unit_id);

CREATE TABLE grid_lineage (
  county_code TEXT NOT NULL,
  predecessor_id TEXT NOT NULL,
  successor_id TEXT NOT NULL,
  change_kind TEXT NOT NULL,
  effective_date TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  CONSTRAINT grid_lineage_key PRIMARY KEY (county_code, predecessor_id, successor_id)
) STRICT;
CREATE INDEX grid_lineage_by_successor ON grid_lineage (county_code, successor_id, predecessor_id);

-- Units that came in with their grids, before units were kept for themselves.
INSERT INTO coverage_units (
  county_code, unit_id, kind, name, area_code, township_code, household_count, latitude, longitude, version
)
SELECT county_code, unit_id, min(kind), min(name), min(area_code), substr(min(area_code), 1, 9) || '000',
  max(household_count), NULL, NULL, 1
FROM grid_units GROUP BY county_code, unit_id;

INSERT INTO unit_memberships (county_code, unit_id, position, grid_id, from_day, to_day)
SELECT grid_units.county_code, grid_units.unit_id,
  row_number() OVER (PARTITION BY grid_units.county_code, grid_units.unit_id ORDER BY grid_units.grid_id) - 1,
  grid_units.grid_id,
  CASE WHEN grids.effective_from_date = '' THEN -719162
    ELSE CAST(julianday(grids.effective_from_date) - 2440587.5 AS INTEGER) END,
  2932896
FROM grid_units
JOIN grids ON grids.county_code = grid_units.county_code AND grids.grid_id = grid_units.grid_id;
