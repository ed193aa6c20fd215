CREATE TABLE list_versions (
  county_code TEXT NOT NULL,
  list_version_id TEXT NOT NULL,
  number TEXT NOT NULL,
  title TEXT NOT NULL,
  parent_policy TEXT NOT NULL,
  legacy INTEGER NOT NULL,
  state TEXT NOT NULL,
  effective_date INTEGER,
  supersede_date INTEGER,
  approval_number TEXT NOT NULL,
  item_count INTEGER NOT NULL,
  content_digest TEXT NOT NULL,
  submitter_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  submit_time INTEGER,
  approve_time INTEGER,
  publish_time INTEGER,
  CONSTRAINT list_versions_key PRIMARY KEY (county_code, list_version_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX list_versions_by_number ON list_versions (county_code, number);
CREATE INDEX list_versions_by_effective_date ON list_versions (county_code, effective_date, state);

CREATE TABLE list_items (
  county_code TEXT NOT NULL,
  list_version_id TEXT NOT NULL,
  item_code TEXT NOT NULL,
  domain_name TEXT NOT NULL,
  main_level TEXT NOT NULL,
  content BLOB NOT NULL,
  CONSTRAINT list_items_key PRIMARY KEY (county_code, list_version_id, item_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_items_by_domain ON list_items (county_code, list_version_id, domain_name, item_code);
CREATE INDEX list_items_by_main_level ON list_items (county_code, list_version_id, main_level, item_code);
CREATE INDEX list_items_by_domain_and_main_level
  ON list_items (county_code, list_version_id, domain_name, main_level, item_code);

CREATE TABLE imported_items (
  county_code TEXT NOT NULL,
  source TEXT NOT NULL,
  external_ref TEXT NOT NULL,
  list_version_id TEXT NOT NULL,
  item_code TEXT NOT NULL,
  CONSTRAINT imported_items_key PRIMARY KEY (county_code, list_version_id, source, external_ref)
) STRICT, WITHOUT ROWID;
