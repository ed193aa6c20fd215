-- Who answers for which grid now, as grid-registry tells it of its members.
CREATE TABLE grid_members (
  county_code TEXT NOT NULL,
  member_id TEXT NOT NULL,
  grid_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (county_code, member_id, grid_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grid_member_by_grid ON grid_members (county_code, grid_id, person_id);
