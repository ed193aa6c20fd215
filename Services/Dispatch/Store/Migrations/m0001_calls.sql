CREATE TABLE coordination_tasks (
  county_code TEXT NOT NULL,
  task_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  township_org_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  agency_org_id TEXT NOT NULL,
  agency_type TEXT NOT NULL,
  item_code TEXT NOT NULL,
  determination_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  ask TEXT NOT NULL,
  result TEXT,
  unable_reason TEXT,
  unable_basis TEXT,
  request_time INTEGER NOT NULL,
  accept_time INTEGER,
  finish_time INTEGER,
  policy_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  budget_amount INTEGER NOT NULL,
  budget_unit TEXT NOT NULL,
  floor_due_time INTEGER,
  grace_due_time INTEGER NOT NULL,
  overdue_time INTEGER,
  watched INTEGER NOT NULL,
  import_source TEXT NOT NULL,
  external_ref TEXT NOT NULL,
  CONSTRAINT coordination_tasks_key PRIMARY KEY (county_code, task_id)
) STRICT;
CREATE INDEX coordination_tasks_by_time ON coordination_tasks (county_code, request_time, task_id);
CREATE INDEX coordination_tasks_by_township ON coordination_tasks (county_code, township_code, request_time, task_id);
CREATE INDEX coordination_tasks_by_item ON coordination_tasks (county_code, township_code, item_code, request_time, task_id);
CREATE INDEX coordination_tasks_by_agency ON coordination_tasks (county_code, agency_org_id, request_time, task_id);
CREATE INDEX coordination_tasks_by_case ON coordination_tasks (county_code, case_id, request_time, task_id);
CREATE INDEX coordination_tasks_watched ON coordination_tasks (county_code, watched, grace_due_time, task_id);
CREATE UNIQUE INDEX coordination_tasks_imported
  ON coordination_tasks (county_code, import_source, external_ref) WHERE external_ref <> '';

CREATE TABLE calls (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  number TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  ground TEXT,
  township_org_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  case_ids TEXT NOT NULL,
  determination_id TEXT NOT NULL,
  narrative TEXT,
  place TEXT,
  study_date INTEGER,
  study_participants TEXT,
  study_tried TEXT,
  study_conclusion TEXT,
  study_signed_by TEXT NOT NULL,
  caller TEXT,
  caller_time INTEGER,
  submission_round INTEGER NOT NULL,
  finding TEXT,
  main_org_id TEXT NOT NULL,
  work_round INTEGER NOT NULL,
  outcome TEXT,
  cancel_side TEXT,
  cancel_person_id TEXT,
  cancel_reason TEXT,
  cancel_time INTEGER,
  draft_time INTEGER NOT NULL,
  submit_time INTEGER,
  dispatch_time INTEGER,
  close_time INTEGER,
  closing_reason TEXT NOT NULL,
  import_source TEXT NOT NULL,
  external_source TEXT NOT NULL,
  external_ref TEXT NOT NULL,
  CONSTRAINT calls_key PRIMARY KEY (county_code, call_id),
  CONSTRAINT calls_number UNIQUE (county_code, number)
) STRICT;
CREATE INDEX calls_by_time ON calls (county_code, draft_time, call_id);
CREATE INDEX calls_by_state ON calls (county_code, state, draft_time, call_id);
CREATE INDEX calls_by_township ON calls (county_code, township_code, draft_time, call_id);
CREATE INDEX calls_by_township_and_state ON calls (county_code, township_code, state, draft_time, call_id);
CREATE INDEX calls_by_main ON calls (county_code, main_org_id, draft_time, call_id);
CREATE INDEX calls_by_main_and_state ON calls (county_code, main_org_id, state, draft_time, call_id);
CREATE UNIQUE INDEX calls_external ON calls (county_code, external_source, external_ref) WHERE external_ref <> '';

CREATE TABLE call_cases (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  draft_time INTEGER NOT NULL,
  CONSTRAINT call_cases_key PRIMARY KEY (county_code, case_id, draft_time, call_id)
) STRICT;
CREATE INDEX call_cases_by_call ON call_cases (county_code, call_id);

CREATE TABLE call_assignments (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  org_id TEXT NOT NULL,
  part TEXT NOT NULL,
  office TEXT NOT NULL,
  phone TEXT NOT NULL,
  progress TEXT NOT NULL,
  sign_time INTEGER,
  respond_time INTEGER,
  done_time INTEGER,
  plan_date INTEGER,
  contact_record TEXT,
  plan TEXT,
  result TEXT,
  CONSTRAINT call_assignments_key PRIMARY KEY (county_code, call_id, position)
) STRICT;

CREATE TABLE call_clocks (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  clock_kind TEXT NOT NULL,
  round INTEGER NOT NULL,
  policy_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  budget_amount INTEGER NOT NULL,
  budget_unit TEXT NOT NULL,
  start_time INTEGER NOT NULL,
  stop_time INTEGER,
  floor_due_time INTEGER,
  CONSTRAINT call_clocks_key PRIMARY KEY (county_code, call_id, position)
) STRICT;

CREATE INDEX call_clocks_running ON call_clocks (county_code, call_id) WHERE stop_time IS NULL;

CREATE TABLE call_admissions (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  submission_round INTEGER NOT NULL,
  decision TEXT NOT NULL,
  machine_decision TEXT NOT NULL,
  causes TEXT NOT NULL,
  judge_time INTEGER NOT NULL,
  reviewer_id TEXT,
  reviewer_org_id TEXT,
  review_admitted INTEGER,
  review_reason TEXT,
  review_rule TEXT,
  review_basis TEXT,
  review_time INTEGER,
  CONSTRAINT call_admissions_key PRIMARY KEY (county_code, call_id, submission_round)
) STRICT;

CREATE TABLE call_admission_rules (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  submission_round INTEGER NOT NULL,
  position INTEGER NOT NULL,
  rule_code TEXT NOT NULL,
  result TEXT NOT NULL,
  inputs TEXT NOT NULL,
  basis TEXT NOT NULL,
  rule_version TEXT NOT NULL,
  advice_zh TEXT,
  advice_en TEXT,
  CONSTRAINT call_admission_rules_key PRIMARY KEY (county_code, call_id, submission_round, position)
) STRICT;

CREATE TABLE call_verifications (
  county_code TEXT NOT NULL,
  call_id TEXT NOT NULL,
  work_round INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  points TEXT NOT NULL,
  rating_speed INTEGER,
  rating_attitude INTEGER,
  rating_result INTEGER,
  verify_time INTEGER NOT NULL,
  verifier_id TEXT NOT NULL,
  CONSTRAINT call_verifications_key PRIMARY KEY (county_code, call_id, work_round)
) STRICT;

CREATE TABLE call_numbers (
  county_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  CONSTRAINT call_numbers_key PRIMARY KEY (county_code, year)
) STRICT;
