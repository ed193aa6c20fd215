-- Alerts and requests about the own data warn as cases do: each rung of their clock once.
CREATE TABLE duty_rungs (
  county_code TEXT NOT NULL,
  duty_kind TEXT NOT NULL,
  duty_id TEXT NOT NULL,
  round INTEGER NOT NULL,
  rung TEXT NOT NULL,
  rung_time INTEGER NOT NULL,
  fire_time INTEGER NOT NULL,
  notice_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, duty_kind, duty_id, round, rung)
) STRICT, WITHOUT ROWID;

CREATE TABLE duty_timers (
  county_code TEXT NOT NULL,
  duty_kind TEXT NOT NULL,
  duty_id TEXT NOT NULL,
  wake_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, duty_kind, duty_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_timer_by_time ON duty_timers (county_code, wake_time, duty_kind, duty_id);

-- What is open already is looked at at once; what it has missed fires late, in order.
INSERT INTO duty_timers (county_code, duty_kind, duty_id, wake_time)
SELECT county_code, 'ALERT', alert_id, 0 FROM alerts WHERE state = 'OPEN';
INSERT INTO duty_timers (county_code, duty_kind, duty_id, wake_time)
SELECT county_code, 'PARTY_RIGHT', right_id, 0 FROM party_rights WHERE state = 'OPEN';
