CREATE TABLE case_rungs (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  clock_kind TEXT NOT NULL,
  round INTEGER NOT NULL,
  rung TEXT NOT NULL,
  rung_time INTEGER NOT NULL,
  fire_time INTEGER NOT NULL,
  notice_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, case_id, clock_kind, round, rung)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_timers (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  wake_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_timer_by_time ON case_timers (county_code, wake_time, case_id);

INSERT INTO case_timers (county_code, case_id, wake_time)
SELECT DISTINCT county_code, case_id, 0 FROM case_clocks WHERE stop_time IS NULL;
