CREATE TABLE calendar_years (
  county_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  source_document TEXT NOT NULL,
  office_periods TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT calendar_years_key PRIMARY KEY (county_code, year)
) STRICT;

CREATE TABLE calendar_days (
  county_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  CONSTRAINT calendar_days_key PRIMARY KEY (county_code, year, day)
) STRICT;
