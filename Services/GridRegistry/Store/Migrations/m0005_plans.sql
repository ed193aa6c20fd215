CREATE TABLE division_plans (
  county_code TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  title TEXT NOT NULL,
  township_code TEXT NOT NULL,
  effective_date TEXT NOT NULL,
  content TEXT NOT NULL,
  county_wide INTEGER NOT NULL,
  state TEXT NOT NULL,
  author_person_id TEXT NOT NULL,
  author_org_id TEXT NOT NULL,
  submitter_person_id TEXT NOT NULL,
  decider_person_id TEXT NOT NULL,
  decision_reason TEXT NOT NULL,
  check_time INTEGER,
  create_time INTEGER NOT NULL,
  submit_time INTEGER,
  decide_time INTEGER,
  effect_time INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT division_plans_key PRIMARY KEY (county_code, plan_id)
) STRICT;
CREATE INDEX division_plans_by_time ON division_plans (county_code, create_time, plan_id);
CREATE INDEX division_plans_by_township ON division_plans (county_code, township_code, create_time, plan_id);
CREATE INDEX division_plans_by_state ON division_plans (county_code, state, create_time, plan_id);
CREATE INDEX division_plans_by_township_and_state
  ON division_plans (county_code, township_code, state, create_time, plan_id);
CREATE INDEX division_plans_due ON division_plans (county_code, state, effective_date, decide_time, plan_id);

CREATE TABLE plan_findings (
  county_code TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  part TEXT NOT NULL,
  finding_code TEXT NOT NULL,
  text_zh TEXT NOT NULL,
  text_en TEXT NOT NULL,
  metadata TEXT NOT NULL,
  excused INTEGER NOT NULL,
  CONSTRAINT plan_findings_key PRIMARY KEY (county_code, plan_id, position)
) STRICT;

-- Open cases of the grids, as dispute's events tell; ended ones are kept, so that a late word about one changes nothing.
CREATE TABLE heard_cases (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  responsible_person_id TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  CONSTRAINT heard_cases_key PRIMARY KEY (county_code, case_id)
) STRICT;
CREATE INDEX heard_cases_by_grid ON heard_cases (county_code, grid_id, is_open, responsible_person_id);
CREATE INDEX heard_cases_by_person ON heard_cases (county_code, responsible_person_id, is_open, grid_id);
