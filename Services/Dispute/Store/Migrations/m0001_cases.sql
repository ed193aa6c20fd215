CREATE TABLE cases (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  number TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  category TEXT NOT NULL,
  complexity TEXT NOT NULL,
  flags TEXT NOT NULL,
  discovery TEXT NOT NULL,
  import_source TEXT NOT NULL,
  external_ref TEXT NOT NULL,
  occur_time INTEGER,
  report_time INTEGER NOT NULL,
  township_code TEXT NOT NULL,
  township_org_id TEXT NOT NULL,
  grid_id TEXT,
  area_code TEXT NOT NULL,
  reporter_person_id TEXT NOT NULL,
  reporter_org_id TEXT NOT NULL,
  title_id TEXT,
  title_digest BLOB,
  narrative_id TEXT,
  narrative_digest BLOB,
  party_count INTEGER NOT NULL,
  level TEXT NOT NULL,
  handling_org_id TEXT NOT NULL,
  responsible_person_id TEXT NOT NULL,
  mediator_person_ids TEXT NOT NULL,
  determination_id TEXT,
  verdict TEXT,
  item_code TEXT,
  list_version TEXT,
  awaited_id TEXT,
  change_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, case_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_number ON cases (county_code, number);
CREATE UNIQUE INDEX case_import ON cases (county_code, import_source, external_ref) WHERE import_source <> '';
CREATE INDEX case_by_time ON cases (county_code, report_time, case_id);
CREATE INDEX case_by_state ON cases (county_code, state, report_time, case_id);
CREATE INDEX case_by_township ON cases (county_code, township_code, report_time, case_id);
CREATE INDEX case_by_township_state ON cases (county_code, township_code, state, report_time, case_id);
CREATE INDEX case_by_area ON cases (county_code, area_code, report_time, case_id);
CREATE INDEX case_by_organisation ON cases (county_code, handling_org_id, report_time, case_id);
CREATE INDEX case_by_organisation_state ON cases (county_code, handling_org_id, state, report_time, case_id);

CREATE TABLE case_parties (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  party_number INTEGER NOT NULL,
  party_id TEXT NOT NULL,
  party_role TEXT NOT NULL,
  name_id TEXT,
  name_digest BLOB,
  phone_id TEXT,
  phone_digest BLOB,
  consented INTEGER NOT NULL,
  PRIMARY KEY (county_code, case_id, party_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_attempts (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  attempt_number INTEGER NOT NULL,
  level TEXT NOT NULL,
  org_id TEXT NOT NULL,
  mediator_person_ids TEXT NOT NULL,
  attempt_time INTEGER NOT NULL,
  method TEXT NOT NULL,
  present_count INTEGER NOT NULL,
  result TEXT NOT NULL,
  record_id TEXT,
  record_digest BLOB,
  failure_reason_id TEXT,
  failure_reason_digest BLOB,
  PRIMARY KEY (county_code, case_id, attempt_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_escalations (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  escalation_number INTEGER NOT NULL,
  from_level TEXT NOT NULL,
  from_org_id TEXT NOT NULL,
  to_level TEXT NOT NULL,
  to_org_id TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  reason_id TEXT,
  reason_digest BLOB,
  submit_time INTEGER NOT NULL,
  state TEXT NOT NULL,
  answer_time INTEGER,
  return_reason_id TEXT,
  return_reason_digest BLOB,
  PRIMARY KEY (county_code, case_id, escalation_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_clocks (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  clock_number INTEGER NOT NULL,
  clock_kind TEXT NOT NULL,
  round INTEGER NOT NULL,
  policy_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  budget_amount INTEGER NOT NULL,
  budget_unit TEXT NOT NULL,
  start_time INTEGER NOT NULL,
  stop_time INTEGER,
  suspensions TEXT NOT NULL,
  floor_due_time INTEGER,
  PRIMARY KEY (county_code, case_id, clock_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_links (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  link_number INTEGER NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  state TEXT NOT NULL,
  hear_time INTEGER NOT NULL,
  outcome_time INTEGER,
  PRIMARY KEY (county_code, case_id, link_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_settlements (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  settled_from TEXT NOT NULL,
  settle_time INTEGER NOT NULL,
  agreement TEXT,
  performance_due_time INTEGER,
  text_id TEXT,
  text_digest BLOB,
  PRIMARY KEY (county_code, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_closures (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  result TEXT NOT NULL,
  authority TEXT NOT NULL,
  resolving_level TEXT NOT NULL,
  parties_notified INTEGER NOT NULL,
  satisfaction TEXT,
  follow_up_due_time INTEGER NOT NULL,
  second_signer_person_id TEXT,
  closer_person_id TEXT NOT NULL,
  close_time INTEGER NOT NULL,
  due_time INTEGER,
  on_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_numbers (
  county_code TEXT NOT NULL,
  township_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  last_number INTEGER NOT NULL,
  PRIMARY KEY (county_code, township_code, year)
) STRICT, WITHOUT ROWID;
