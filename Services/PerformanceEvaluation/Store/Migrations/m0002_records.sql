-- What the facts fold to. Thrown away and made again by a rebuild.
CREATE TABLE case_records (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  number TEXT NOT NULL,
  township_code TEXT NOT NULL,
  import_source TEXT NOT NULL,
  verdict TEXT NOT NULL,
  report_time INTEGER NOT NULL,
  standing TEXT NOT NULL,
  due_time INTEGER,
  suspend_time INTEGER,
  close_time INTEGER,
  closed_on_time INTEGER NOT NULL,
  report_event_id TEXT NOT NULL,
  clock_event_id TEXT NOT NULL,
  end_event_id TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  CONSTRAINT case_records_key PRIMARY KEY (county_code, case_id)
) STRICT;
CREATE INDEX case_records_by_township ON case_records (county_code, township_code, case_id);
CREATE INDEX case_records_by_source ON case_records (county_code, import_source, case_id);

CREATE TABLE call_records (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  number TEXT NOT NULL,
  township_code TEXT NOT NULL,
  main_org_id TEXT NOT NULL,
  import_source TEXT NOT NULL,
  submit_time INTEGER,
  submit_event_id TEXT NOT NULL,
  over_call_event_id TEXT NOT NULL,
  verified_round INTEGER,
  verified_solved INTEGER,
  verified_org_id TEXT,
  verified_event_id TEXT,
  end_time INTEGER,
  last_seq INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  CONSTRAINT call_records_key PRIMARY KEY (county_code, call_id)
) STRICT;

CREATE TABLE call_rounds (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  round INTEGER NOT NULL,
  org_id TEXT NOT NULL,
  due_time INTEGER,
  answer TEXT NOT NULL,
  working_time INTEGER NOT NULL,
  start_event_id TEXT NOT NULL,
  answer_event_id TEXT NOT NULL,
  CONSTRAINT call_rounds_key PRIMARY KEY (county_code, call_id, round)
) STRICT;
