ALTER TABLE cases ADD COLUMN latitude INTEGER;
ALTER TABLE cases ADD COLUMN longitude INTEGER;
ALTER TABLE case_parties ADD COLUMN organisation INTEGER NOT NULL DEFAULT 0;

CREATE TABLE case_documents (
  county_code TEXT NOT NULL,
  document INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  township_code TEXT NOT NULL,
  place TEXT NOT NULL,
  latitude INTEGER,
  longitude INTEGER,
  cell INTEGER,
  category TEXT NOT NULL,
  report_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, document)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_document_by_case ON case_documents (county_code, case_id);
CREATE INDEX case_document_by_place ON case_documents (county_code, place, report_time, document);
CREATE INDEX case_document_by_cell ON case_documents (county_code, cell, report_time, document)
  WHERE cell IS NOT NULL;

CREATE TABLE case_terms (
  document INTEGER NOT NULL PRIMARY KEY,
  pair_keys BLOB NOT NULL,
  single_keys BLOB NOT NULL
) STRICT;

CREATE TABLE case_postings (
  tier INTEGER NOT NULL,
  block INTEGER NOT NULL,
  token INTEGER NOT NULL,
  documents BLOB NOT NULL,
  PRIMARY KEY (tier, block, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_index_state (
  index_name TEXT NOT NULL PRIMARY KEY,
  documents INTEGER NOT NULL,
  block INTEGER NOT NULL,
  slice INTEGER NOT NULL,
  merged_block INTEGER NOT NULL,
  merged_slice INTEGER NOT NULL,
  backfill_time INTEGER,
  backfill_case_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO case_index_state (
  index_name, documents, block, slice, merged_block, merged_slice, backfill_time, backfill_case_id
) VALUES ('cases', 0, 0, 0, 0, 0, 0, '');

CREATE TABLE party_keys (
  county_code TEXT NOT NULL,
  case_id TEXT NOT NULL,
  party_id TEXT NOT NULL,
  party_key BLOB NOT NULL,
  party_role TEXT NOT NULL,
  organisation INTEGER NOT NULL,
  report_time INTEGER NOT NULL,
  PRIMARY KEY (county_code, case_id, party_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_key_by_key ON party_keys (county_code, party_key, report_time, case_id);

CREATE TABLE searches (
  county_code TEXT NOT NULL,
  seq INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (county_code, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_by_person ON searches (county_code, person_id, seq);
