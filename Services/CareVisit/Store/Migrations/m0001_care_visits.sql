CREATE TABLE programmes (
  county_code TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  name TEXT NOT NULL,
  controller_org_id TEXT NOT NULL,
  ground TEXT NOT NULL,
  legal_basis_ref TEXT NOT NULL,
  purpose TEXT NOT NULL,
  allowed_fields TEXT NOT NULL,
  visit_interval_days INTEGER NOT NULL,
  retention_months INTEGER NOT NULL,
  impact_assessment_ref TEXT NOT NULL,
  state TEXT NOT NULL,
  proposer_person_id TEXT NOT NULL,
  decider_person_id TEXT NOT NULL,
  decide_time INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT programmes_key PRIMARY KEY (county_code, programme_id)
) STRICT;

CREATE TABLE programme_needs (
  county_code TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  need_code TEXT NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT programme_needs_key PRIMARY KEY (county_code, programme_id, position)
) STRICT;

CREATE TABLE enrolments (
  county_code TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  lead_person_id TEXT NOT NULL,
  visitor_person_id TEXT NOT NULL,
  begin_date INTEGER,
  next_visit_date INTEGER,
  state TEXT NOT NULL,
  end_cause TEXT,
  end_time INTEGER,
  erase_due_time INTEGER,
  erase_time INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT enrolments_key PRIMARY KEY (county_code, enrolment_id)
) STRICT;
CREATE INDEX enrolments_by_org ON enrolments (county_code, org_id, enrolment_id);
CREATE INDEX enrolments_by_visitor ON enrolments (county_code, visitor_person_id, state, org_id, enrolment_id);
CREATE INDEX enrolments_by_programme ON enrolments (county_code, programme_id, state);
CREATE INDEX enrolments_to_erase ON enrolments (county_code, erase_time, erase_due_time, enrolment_id);

-- The key that opens what is known of one person, sealed under the register's own key. Without the row nobody can open it.
CREATE TABLE vault_keys (
  county_code TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  wrapped_key BLOB NOT NULL,
  CONSTRAINT vault_keys_key PRIMARY KEY (county_code, enrolment_id)
) STRICT;

-- Identity, consent, purposes of looks, reasons of decisions: each sealed under the person's key.
CREATE TABLE vault_texts (
  county_code TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  text_name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  CONSTRAINT vault_texts_key PRIMARY KEY (county_code, enrolment_id, text_name)
) STRICT;

CREATE TABLE visits (
  county_code TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  programme_id TEXT NOT NULL,
  visit_date INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  referral_org_id TEXT NOT NULL,
  visitor_person_id TEXT NOT NULL,
  CONSTRAINT visits_key PRIMARY KEY (county_code, enrolment_id, visit_id)
) STRICT;
CREATE INDEX visits_by_enrolment ON visits (county_code, enrolment_id, seq);
CREATE INDEX visits_by_programme ON visits (county_code, programme_id, outcome, enrolment_id);

CREATE TABLE visit_needs (
  county_code TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  programme_id TEXT NOT NULL,
  need_code TEXT NOT NULL,
  CONSTRAINT visit_needs_key PRIMARY KEY (county_code, enrolment_id, visit_id, position)
) STRICT;
CREATE INDEX visit_needs_by_programme ON visit_needs (county_code, programme_id, need_code, enrolment_id);

CREATE TABLE reveals (
  county_code TEXT NOT NULL,
  reveal_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  enrolment_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  reveal_time INTEGER NOT NULL,
  CONSTRAINT reveals_key PRIMARY KEY (county_code, reveal_id)
) STRICT;
CREATE INDEX reveals_by_enrolment ON reveals (county_code, enrolment_id, seq);
CREATE INDEX reveals_by_time ON reveals (county_code, reveal_time, person_id, enrolment_id);
CREATE INDEX reveals_by_person ON reveals (county_code, person_id, reveal_time);

CREATE TABLE reveal_alerts (
  county_code TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  reveal_date INTEGER NOT NULL,
  raise_time INTEGER NOT NULL,
  acknowledge_time INTEGER,
  acknowledger_person_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT reveal_alerts_key PRIMARY KEY (county_code, alert_id)
) STRICT;
CREATE UNIQUE INDEX reveal_alerts_by_day ON reveal_alerts (county_code, person_id, reveal_date);

CREATE TABLE right_requests (
  county_code TEXT NOT NULL,
  right_request_id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  filer_person_id TEXT NOT NULL,
  policy_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  budget_amount INTEGER NOT NULL,
  budget_unit TEXT NOT NULL,
  start_time INTEGER NOT NULL,
  stop_time INTEGER,
  decider_person_id TEXT NOT NULL,
  overdue_time INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT right_requests_key PRIMARY KEY (county_code, right_request_id)
) STRICT;
CREATE INDEX right_requests_by_enrolment ON right_requests (county_code, enrolment_id, state, kind);
CREATE INDEX right_requests_running ON right_requests (county_code, state, overdue_time, start_time, right_request_id);

-- Whether the log of changes still has bytes of identities that were destroyed.
CREATE TABLE erasure_state (
  county_code TEXT NOT NULL,
  erased_seq INTEGER NOT NULL,
  overwritten_seq INTEGER NOT NULL,
  CONSTRAINT erasure_state_key PRIMARY KEY (county_code)
) STRICT;
