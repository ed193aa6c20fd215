-- Where a case lies, how it came to be known, who first had it in hand and who solved it: what K04 and K06 are counted from.
ALTER TABLE case_records ADD COLUMN grid_id TEXT NOT NULL DEFAULT '';
ALTER TABLE case_records ADD COLUMN discovery TEXT NOT NULL DEFAULT '';
ALTER TABLE case_records ADD COLUMN accept_level TEXT NOT NULL DEFAULT '';
ALTER TABLE case_records ADD COLUMN accept_event_id TEXT NOT NULL DEFAULT '';
ALTER TABLE case_records ADD COLUMN close_level TEXT NOT NULL DEFAULT '';
ALTER TABLE case_records ADD COLUMN early_reopen_event_id TEXT NOT NULL DEFAULT '';
CREATE INDEX case_records_by_grid ON case_records (county_code, grid_id, case_id);

-- Records of before do not have it. A county that stands here has them folded anew from its facts when the process starts.
CREATE TABLE stale_records (
  county_code TEXT NOT NULL,
  CONSTRAINT stale_records_key PRIMARY KEY (county_code)
) STRICT;
INSERT INTO stale_records (county_code) SELECT DISTINCT county_code FROM case_records;
