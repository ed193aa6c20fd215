CREATE TABLE organisations (
  county_code TEXT NOT NULL,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  org_type TEXT NOT NULL,
  agency_type TEXT NOT NULL,
  business_parent_id TEXT NOT NULL,
  daily_parent_id TEXT NOT NULL,
  area_codes TEXT NOT NULL,
  ended INTEGER NOT NULL,
  CONSTRAINT organisations_key PRIMARY KEY (county_code, org_id)
) STRICT;
CREATE INDEX organisations_by_type ON organisations (county_code, org_type, org_id);

CREATE TABLE calendar_years (
  county_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  rest_days TEXT NOT NULL,
  work_days TEXT NOT NULL,
  office_hours TEXT NOT NULL,
  CONSTRAINT calendar_years_key PRIMARY KEY (county_code, year)
) STRICT;

CREATE TABLE awaiting_cases (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  number TEXT NOT NULL,
  awaits_call INTEGER NOT NULL,
  township_org_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  item_code TEXT NOT NULL,
  determination_id TEXT NOT NULL,
  await_time INTEGER NOT NULL,
  open INTEGER NOT NULL,
  CONSTRAINT awaiting_cases_key PRIMARY KEY (county_code, case_id)
) STRICT;
CREATE INDEX awaiting_cases_by_time ON awaiting_cases (county_code, open, await_time, case_id);
CREATE INDEX awaiting_cases_by_township ON awaiting_cases (county_code, open, township_code, await_time, case_id);
