CREATE INDEX case_clock_running ON case_clocks (county_code, case_id) WHERE stop_time IS NULL;
