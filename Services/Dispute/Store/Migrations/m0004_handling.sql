ALTER TABLE cases ADD COLUMN industry_room_org_id TEXT;
ALTER TABLE cases ADD COLUMN survivor_case_id TEXT;
ALTER TABLE cases ADD COLUMN merge_time INTEGER;
ALTER TABLE cases ADD COLUMN adjourn_reason TEXT;
ALTER TABLE cases ADD COLUMN adjourn_time INTEGER;
ALTER TABLE cases ADD COLUMN resume_time INTEGER;
ALTER TABLE cases ADD COLUMN reject_ground TEXT;
ALTER TABLE cases ADD COLUMN reject_reason_id TEXT;
ALTER TABLE cases ADD COLUMN reject_reason_digest BLOB;
ALTER TABLE cases ADD COLUMN reject_time INTEGER;
ALTER TABLE cases ADD COLUMN reject_person_id TEXT;
ALTER TABLE cases ADD COLUMN reconsidered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN signer_person_id TEXT;
ALTER TABLE cases ADD COLUMN sign_time INTEGER;
ALTER TABLE cases ADD COLUMN plan_lead_org_id TEXT;
ALTER TABLE cases ADD COLUMN plan_approver_person_id TEXT;
CREATE INDEX case_resume ON cases (county_code, resume_time, case_id) WHERE resume_time IS NOT NULL;
CREATE INDEX case_by_responsible ON cases (county_code, responsible_person_id, case_id);

ALTER TABLE case_escalations ADD COLUMN down_time INTEGER;
ALTER TABLE case_escalations ADD COLUMN sender_person_id TEXT;

ALTER TABLE case_settlements ADD COLUMN signed_party_ids TEXT;
ALTER TABLE case_settlements ADD COLUMN facts_id TEXT;
ALTER TABLE case_settlements ADD COLUMN facts_digest BLOB;
ALTER TABLE case_settlements ADD COLUMN duties_id TEXT;
ALTER TABLE case_settlements ADD COLUMN duties_digest BLOB;
ALTER TABLE case_settlements ADD COLUMN manner_id TEXT;
ALTER TABLE case_settlements ADD COLUMN manner_digest BLOB;
ALTER TABLE case_settlements ADD COLUMN place_id TEXT;
ALTER TABLE case_settlements ADD COLUMN place_digest BLOB;
ALTER TABLE case_settlements ADD COLUMN evidence_refs TEXT;
ALTER TABLE case_settlements ADD COLUMN confirmation TEXT NOT NULL DEFAULT 'NONE';
ALTER TABLE case_settlements ADD COLUMN confirm_time INTEGER;

ALTER TABLE case_closures ADD COLUMN evidence_refs TEXT NOT NULL DEFAULT '';
ALTER TABLE case_closures ADD COLUMN basis TEXT NOT NULL DEFAULT '';

CREATE TABLE case_merges (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  merged_case_id TEXT NOT NULL,
  merge_number INTEGER NOT NULL,
  reporter_count INTEGER NOT NULL,
  merge_time INTEGER NOT NULL,
  start_time INTEGER,
  own_start_time INTEGER,
  PRIMARY KEY (county_code, case_id, merged_case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_analyses (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  analysis_number INTEGER NOT NULL,
  level TEXT NOT NULL,
  org_id TEXT NOT NULL,
  analysis_time INTEGER NOT NULL,
  attendant_person_ids TEXT NOT NULL,
  causes_id TEXT,
  causes_digest BLOB,
  route TEXT NOT NULL,
  minutes_id TEXT,
  minutes_digest BLOB,
  PRIMARY KEY (county_code, case_id, analysis_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_responsibles (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  responsible_number INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  phone_id TEXT,
  phone_digest BLOB,
  PRIMARY KEY (county_code, case_id, responsible_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_measures (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  measure_number INTEGER NOT NULL,
  text_id TEXT,
  text_digest BLOB,
  owner_org_id TEXT NOT NULL,
  owner_person_id TEXT,
  due_time INTEGER,
  state TEXT NOT NULL,
  outcome_id TEXT,
  outcome_digest BLOB,
  evidence_refs TEXT NOT NULL,
  change_time INTEGER,
  PRIMARY KEY (county_code, case_id, measure_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_invitations (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  invitation_number INTEGER NOT NULL,
  org_id TEXT NOT NULL,
  ask_id TEXT,
  ask_digest BLOB,
  due_time INTEGER,
  send_time INTEGER NOT NULL,
  state TEXT NOT NULL,
  answer_time INTEGER,
  answer_person_id TEXT,
  basis_id TEXT,
  basis_digest BLOB,
  PRIMARY KEY (county_code, case_id, invitation_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_assists (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  assist_number INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  assist_time INTEGER NOT NULL,
  text_id TEXT,
  text_digest BLOB,
  PRIMARY KEY (county_code, case_id, assist_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_reopenings (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  reopening_number INTEGER NOT NULL,
  reopen_time INTEGER NOT NULL,
  source TEXT NOT NULL,
  from_state TEXT NOT NULL,
  reason_id TEXT,
  reason_digest BLOB,
  PRIMARY KEY (county_code, case_id, reopening_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_follow_ups (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  follow_up_number INTEGER NOT NULL,
  visit_time INTEGER NOT NULL,
  performed INTEGER NOT NULL,
  new_dispute INTEGER NOT NULL,
  remark_id TEXT,
  remark_digest BLOB,
  person_id TEXT NOT NULL,
  PRIMARY KEY (county_code, case_id, follow_up_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE industry_rules (
  county_code TEXT NOT NULL,
  category TEXT NOT NULL,
  room_org_id TEXT,
  policy_version INTEGER NOT NULL,
  put_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE industry_rule_versions (
  county_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  put_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, policy_version)
) STRICT, WITHOUT ROWID;
