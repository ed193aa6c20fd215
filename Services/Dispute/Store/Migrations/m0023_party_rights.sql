CREATE TABLE party_rights (
  county_code TEXT NOT NULL,
  right_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  right_kind TEXT NOT NULL,
  state TEXT NOT NULL,
  case_id TEXT NOT NULL,
  party_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  request_text_id TEXT,
  request_text_digest BLOB,
  identity_check TEXT NOT NULL,
  receiver_person_id TEXT NOT NULL,
  request_time INTEGER NOT NULL,
  decider_person_id TEXT,
  answer_time INTEGER,
  refusal_reason_id TEXT,
  refusal_reason_digest BLOB,
  corrected_name_id TEXT,
  corrected_name_digest BLOB,
  corrected_phone_id TEXT,
  corrected_phone_digest BLOB,
  PRIMARY KEY (county_code, right_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_right_by_time ON party_rights (county_code, request_time, right_id);
CREATE INDEX party_right_by_state ON party_rights (county_code, state, request_time, right_id);
CREATE INDEX party_right_by_township ON party_rights (county_code, township_code, request_time, right_id);
CREATE INDEX party_right_by_township_state ON party_rights (county_code, township_code, state, request_time, right_id);
CREATE INDEX party_right_by_case ON party_rights (county_code, case_id, right_id);

CREATE TABLE case_retention (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  end_time INTEGER NOT NULL,
  keys_due_time INTEGER,
  identity_due_time INTEGER,
  PRIMARY KEY (county_code, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_retention_by_keys ON case_retention (county_code, keys_due_time, case_id)
  WHERE keys_due_time IS NOT NULL;
CREATE INDEX case_retention_by_identity ON case_retention (county_code, identity_due_time, case_id)
  WHERE identity_due_time IS NOT NULL;
