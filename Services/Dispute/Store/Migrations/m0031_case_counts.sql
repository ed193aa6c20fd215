-- How many cases of a township share a value: kept with every case that is written, so that nobody walks over all of them to count.
CREATE TABLE case_counts (
  county_code TEXT NOT NULL,
  property TEXT NOT NULL,
  township_code TEXT NOT NULL,
  value TEXT NOT NULL,
  case_count INTEGER NOT NULL,
  PRIMARY KEY (county_code, property, township_code, value)
) STRICT, WITHOUT ROWID;
INSERT INTO case_counts (county_code, property, township_code, value, case_count)
SELECT county_code, 'STATE', township_code, state, count(*) FROM cases GROUP BY county_code, township_code, state;
INSERT INTO case_counts (county_code, property, township_code, value, case_count)
SELECT county_code, 'LEVEL', township_code, level, count(*) FROM cases GROUP BY county_code, township_code, level;
INSERT INTO case_counts (county_code, property, township_code, value, case_count)
SELECT county_code, 'TOWNSHIP', township_code, township_code, count(*) FROM cases GROUP BY county_code, township_code;
INSERT INTO case_counts (county_code, property, township_code, value, case_count)
SELECT county_code, 'ORGANISATION', township_code, handling_org_id, count(*) FROM cases
GROUP BY county_code, township_code, handling_org_id;
INSERT INTO case_counts (county_code, property, township_code, value, case_count)
SELECT county_code, 'DISCOVERY', township_code, discovery, count(*) FROM cases GROUP BY county_code, township_code, discovery;
