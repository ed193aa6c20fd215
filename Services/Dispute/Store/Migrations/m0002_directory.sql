CREATE TABLE organisations (
  county_code TEXT NOT NULL,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  org_kind TEXT NOT NULL,
  business_parent_org_id TEXT,
  daily_parent_org_id TEXT,
  township_code TEXT,
  closed INTEGER NOT NULL,
  PRIMARY KEY (county_code, org_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_by_township ON organisations (county_code, township_code, org_kind, org_id);

CREATE TABLE persons (
  county_code TEXT NOT NULL,
  person_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  roles TEXT NOT NULL,
  gone INTEGER NOT NULL,
  PRIMARY KEY (county_code, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_organisation ON persons (county_code, org_id, person_id);

CREATE TABLE grids (
  county_code TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  grid_code TEXT NOT NULL,
  area_code TEXT NOT NULL,
  org_id TEXT NOT NULL,
  member_person_ids TEXT NOT NULL,
  path TEXT NOT NULL,
  closed INTEGER NOT NULL,
  PRIMARY KEY (county_code, grid_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_years (
  county_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  office_periods TEXT NOT NULL,
  days TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (county_code, year)
) STRICT, WITHOUT ROWID;
