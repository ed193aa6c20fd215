ALTER TABLE case_documents ADD COLUMN community TEXT;
CREATE INDEX case_document_by_community ON case_documents (county_code, community, report_time, document)
  WHERE community IS NOT NULL;

CREATE TABLE report_days (
  county_code TEXT NOT NULL,
  place TEXT NOT NULL,
  category TEXT NOT NULL,
  day INTEGER NOT NULL,
  reports INTEGER NOT NULL,
  PRIMARY KEY (county_code, place, category, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
  county_code TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  rule TEXT NOT NULL,
  state TEXT NOT NULL,
  township_code TEXT NOT NULL,
  subject TEXT NOT NULL,
  category TEXT NOT NULL,
  raise_time INTEGER NOT NULL,
  hit_count INTEGER NOT NULL,
  threshold INTEGER NOT NULL,
  window_days INTEGER NOT NULL,
  expected_millionths INTEGER NOT NULL,
  probability_billionths INTEGER NOT NULL,
  month_count INTEGER NOT NULL,
  same_month INTEGER NOT NULL,
  acknowledger_person_id TEXT,
  acknowledge_time INTEGER,
  action_ref TEXT NOT NULL,
  dismiss_reason_id TEXT,
  dismiss_reason_digest BLOB,
  end_time INTEGER,
  PRIMARY KEY (county_code, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_by_time ON alerts (county_code, raise_time, alert_id);
CREATE INDEX alert_by_state ON alerts (county_code, state, raise_time, alert_id);
CREATE INDEX alert_by_township ON alerts (county_code, township_code, raise_time, alert_id);
CREATE INDEX alert_by_township_state ON alerts (county_code, township_code, state, raise_time, alert_id);
CREATE INDEX alert_by_subject ON alerts (county_code, subject, rule, category, raise_time);

CREATE TABLE alert_cases (
  county_code TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  case_number INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  raise_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, alert_id, case_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_case_by_case ON alert_cases (county_code, case_id, raise_time);
