CREATE TABLE lines_of_work (
  county_code TEXT NOT NULL,
  line_code TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT lines_of_work_key PRIMARY KEY (county_code, line_code)
) STRICT;

CREATE TABLE liaisons (
  county_code TEXT NOT NULL,
  liaison_id TEXT NOT NULL,
  line_code TEXT NOT NULL,
  grid_id TEXT,
  org_id TEXT,
  township_code TEXT,
  person_id TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  to_date INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT liaisons_key PRIMARY KEY (county_code, liaison_id)
) STRICT;
CREATE INDEX liaisons_by_township ON liaisons (county_code, township_code, liaison_id);
CREATE INDEX liaisons_by_grid ON liaisons (county_code, grid_id, line_code, liaison_id);
CREATE INDEX liaisons_by_org ON liaisons (county_code, org_id, line_code, liaison_id);

CREATE TABLE agency_rights (
  county_code TEXT NOT NULL,
  agency_id TEXT NOT NULL,
  valid_from_date INTEGER NOT NULL,
  valid_to_date INTEGER,
  directive_scopes TEXT NOT NULL,
  evaluation_weight INTEGER NOT NULL,
  personnel_scopes TEXT NOT NULL,
  policy_ref TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT agency_rights_key PRIMARY KEY (county_code, agency_id, version)
) STRICT;
