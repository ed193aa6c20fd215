CREATE TABLE courses (
  county_code TEXT NOT NULL,
  course_id TEXT NOT NULL,
  name TEXT NOT NULL,
  competence TEXT NOT NULL,
  line_code TEXT NOT NULL,
  pass_score INTEGER NOT NULL,
  validity_months INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT courses_key PRIMARY KEY (county_code, course_id)
) STRICT;

CREATE TABLE training_sessions (
  county_code TEXT NOT NULL,
  session_id TEXT NOT NULL,
  course_id TEXT NOT NULL,
  session_date INTEGER NOT NULL,
  place TEXT NOT NULL,
  org_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT training_sessions_key PRIMARY KEY (county_code, session_id)
) STRICT;
CREATE INDEX training_sessions_by_course ON training_sessions (county_code, course_id, session_id);

CREATE TABLE training_attendances (
  county_code TEXT NOT NULL,
  session_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  attended INTEGER NOT NULL,
  exam_score INTEGER,
  CONSTRAINT training_attendances_key PRIMARY KEY (county_code, session_id, position)
) STRICT;

CREATE INDEX training_attendances_by_person ON training_attendances (county_code, person_id, session_id);

CREATE TABLE certificates (
  county_code TEXT NOT NULL,
  certificate_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  course_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  competence TEXT NOT NULL,
  line_code TEXT NOT NULL,
  exam_score INTEGER NOT NULL,
  issue_date INTEGER NOT NULL,
  expire_date INTEGER NOT NULL,
  reminder_time INTEGER,
  replaced INTEGER NOT NULL,
  CONSTRAINT certificates_key PRIMARY KEY (county_code, certificate_id)
) STRICT;
CREATE INDEX certificates_by_person ON certificates (county_code, person_id, competence, expire_date);
CREATE INDEX certificates_by_expiry ON certificates (county_code, replaced, expire_date, certificate_id);
CREATE INDEX certificates_to_remind ON certificates (county_code, replaced, reminder_time, expire_date);
