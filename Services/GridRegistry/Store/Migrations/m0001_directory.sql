CREATE TABLE areas (
  county_code TEXT NOT NULL,
  area_code TEXT NOT NULL,
  parent_code TEXT NOT NULL,
  name TEXT NOT NULL,
  urban_rural_class TEXT NOT NULL,
  valid_from_date INTEGER,
  valid_to_date INTEGER,
  successor_codes TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT areas_key PRIMARY KEY (county_code, area_code)
) STRICT;
CREATE INDEX areas_by_parent ON areas (county_code, parent_code, area_code);

CREATE TABLE organisations (
  county_code TEXT NOT NULL,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  org_type TEXT NOT NULL,
  business_parent_id TEXT,
  daily_parent_id TEXT,
  area_codes TEXT NOT NULL,
  township_code TEXT,
  agency_type TEXT NOT NULL,
  department_id TEXT,
  industry_kind TEXT,
  phones TEXT NOT NULL,
  external_ids TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT organisations_key PRIMARY KEY (county_code, org_id)
) STRICT;
CREATE INDEX organisations_by_type ON organisations (county_code, org_type, org_id);
CREATE INDEX organisations_by_township ON organisations (county_code, township_code, org_id);
CREATE INDEX organisations_by_township_and_type ON organisations (county_code, township_code, org_type, org_id);
CREATE INDEX organisations_by_daily_parent ON organisations (county_code, daily_parent_id, org_type, org_id);
CREATE INDEX organisations_by_business_parent ON organisations (county_code, business_parent_id, org_id);

CREATE TABLE persons (
  county_code TEXT NOT NULL,
  person_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  post TEXT NOT NULL,
  roles TEXT NOT NULL,
  locality_area_code TEXT,
  state TEXT NOT NULL,
  name_sealed_id TEXT NOT NULL,
  name_digest BLOB NOT NULL,
  phone_sealed_id TEXT,
  phone_digest BLOB,
  version INTEGER NOT NULL,
  CONSTRAINT persons_key PRIMARY KEY (county_code, person_id)
) STRICT;
CREATE INDEX persons_by_org ON persons (county_code, org_id, person_id);

CREATE TABLE imported_rows (
  county_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  external_ref TEXT NOT NULL,
  record_id TEXT NOT NULL,
  CONSTRAINT imported_rows_key PRIMARY KEY (county_code, kind, source, external_ref)
) STRICT;
