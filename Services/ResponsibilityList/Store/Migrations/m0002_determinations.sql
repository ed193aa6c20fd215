CREATE TABLE determinations (
  county_code TEXT NOT NULL,
  determination_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  asker_person_id TEXT NOT NULL,
  asker_org_id TEXT NOT NULL,
  list_version_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  item_code TEXT NOT NULL,
  make_time INTEGER NOT NULL,
  sealed_text_id TEXT NOT NULL,
  answer BLOB NOT NULL,
  CONSTRAINT determinations_key PRIMARY KEY (county_code, determination_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisations_heard (
  county_code TEXT NOT NULL,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  organisation_kind TEXT NOT NULL,
  township_code TEXT NOT NULL,
  agency_type TEXT NOT NULL,
  department_org_id TEXT NOT NULL,
  closed INTEGER NOT NULL,
  CONSTRAINT organisations_heard_key PRIMARY KEY (county_code, org_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisations_heard_by_township ON organisations_heard (county_code, township_code, org_id);

CREATE TABLE directory_version (
  county_code TEXT NOT NULL PRIMARY KEY,
  directory_version INTEGER NOT NULL
) STRICT;
