-- How cases came to be known, counted.
CREATE INDEX case_by_discovery ON cases (county_code, discovery);
CREATE INDEX case_by_township_discovery ON cases (county_code, township_code, discovery);
