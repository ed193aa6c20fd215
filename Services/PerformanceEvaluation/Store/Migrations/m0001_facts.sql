-- What other services said happened, for ever. The payload is the fact as it was received.
CREATE TABLE facts (
  county_code TEXT NOT NULL,
  record_kind TEXT NOT NULL,
  record_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  payload BLOB NOT NULL,
  CONSTRAINT facts_key PRIMARY KEY (county_code, record_kind, record_id, seq),
  CONSTRAINT facts_event UNIQUE (county_code, event_id)
) STRICT;

CREATE TABLE organisations (
  county_code TEXT NOT NULL,
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  org_type TEXT NOT NULL,
  township_code TEXT NOT NULL,
  closed INTEGER NOT NULL,
  CONSTRAINT organisations_key PRIMARY KEY (county_code, org_id)
) STRICT;
CREATE INDEX organisations_by_type ON organisations (county_code, org_type, org_id);

CREATE TABLE calendar_years (
  county_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  rest_dates TEXT NOT NULL,
  work_dates TEXT NOT NULL,
  CONSTRAINT calendar_years_key PRIMARY KEY (county_code, year)
) STRICT;
