CREATE TABLE members (
  county_code TEXT NOT NULL,
  member_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  state TEXT NOT NULL,
  grade TEXT NOT NULL,
  local INTEGER NOT NULL,
  exam_score INTEGER,
  service_years INTEGER,
  ready_from_date INTEGER,
  suspended_until_date INTEGER,
  evaluation_ref TEXT NOT NULL,
  coached_since_time INTEGER,
  active_since_time INTEGER,
  end_time INTEGER,
  handover_member_id TEXT,
  handover_time INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT members_key PRIMARY KEY (county_code, member_id)
) STRICT;
CREATE INDEX members_by_person ON members (county_code, person_id, member_id);
CREATE INDEX members_by_township ON members (county_code, township_code, member_id);
CREATE INDEX members_by_state ON members (county_code, state, member_id);
CREATE INDEX members_by_township_and_state ON members (county_code, township_code, state, member_id);
CREATE INDEX members_by_suspension ON members (county_code, state, suspended_until_date);

CREATE TABLE member_assignments (
  county_code TEXT NOT NULL,
  member_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  grid_id TEXT NOT NULL,
  post TEXT NOT NULL,
  from_date INTEGER NOT NULL,
  to_date INTEGER,
  CONSTRAINT member_assignments_key PRIMARY KEY (county_code, member_id, position)
) STRICT;
CREATE INDEX member_assignments_by_grid ON member_assignments (county_code, grid_id, to_date, post, member_id);

CREATE TABLE member_move_outs (
  county_code TEXT NOT NULL,
  member_id TEXT NOT NULL,
  suggestion_id TEXT NOT NULL,
  standard_ref TEXT NOT NULL,
  evidence_refs TEXT NOT NULL,
  proposer_id TEXT NOT NULL,
  notice_time INTEGER NOT NULL,
  policy_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  budget_amount INTEGER NOT NULL,
  budget_unit TEXT NOT NULL,
  start_time INTEGER NOT NULL,
  stop_time INTEGER,
  statement_time INTEGER,
  decider_id TEXT,
  decide_time INTEGER,
  moved_out INTEGER NOT NULL,
  CONSTRAINT member_move_outs_key PRIMARY KEY (county_code, member_id)
) STRICT;

CREATE TABLE member_steps (
  county_code TEXT NOT NULL,
  member_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  action TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  occur_time INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  actor_role TEXT NOT NULL,
  reference TEXT NOT NULL,
  text_sealed_id TEXT,
  text_digest BLOB,
  CONSTRAINT member_steps_key PRIMARY KEY (county_code, member_id, number)
) STRICT;

CREATE TABLE vacancies (
  county_code TEXT NOT NULL,
  vacancy_id TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  post TEXT NOT NULL,
  cause TEXT NOT NULL,
  state TEXT NOT NULL,
  policy_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  budget_amount INTEGER NOT NULL,
  budget_unit TEXT NOT NULL,
  start_time INTEGER NOT NULL,
  stop_time INTEGER,
  filled_by_member_id TEXT,
  overdue_time INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT vacancies_key PRIMARY KEY (county_code, vacancy_id)
) STRICT;
CREATE INDEX vacancies_by_township ON vacancies (county_code, township_code, vacancy_id);
CREATE INDEX vacancies_by_state ON vacancies (county_code, state, vacancy_id);
CREATE INDEX vacancies_by_township_and_state ON vacancies (county_code, township_code, state, vacancy_id);
CREATE INDEX vacancies_by_grid ON vacancies (county_code, grid_id, state, post);
CREATE INDEX vacancies_running ON vacancies (county_code, state, overdue_time, start_time);
