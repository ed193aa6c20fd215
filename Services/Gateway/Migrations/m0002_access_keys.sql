-- Who may get in with a key of their own, and who has been invited to make one. Secrets are kept as SHA-256 alone.
CREATE TABLE invitation (
  invitation_id TEXT NOT NULL PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  person_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  role TEXT NOT NULL,
  invited_by_person_id TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  redeem_by_time INTEGER NOT NULL,
  key_expire_time INTEGER NOT NULL,
  access_key_id TEXT,
  CONSTRAINT invitation_secret_once UNIQUE (secret_hash)
) STRICT;

CREATE TABLE access_key (
  access_key_id TEXT NOT NULL PRIMARY KEY,
  key_hash BLOB NOT NULL,
  person_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  role TEXT NOT NULL,
  label TEXT NOT NULL,
  invited_by_person_id TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  expire_time INTEGER NOT NULL,
  revoke_time INTEGER,
  revoked_by_person_id TEXT,
  CONSTRAINT access_key_once UNIQUE (key_hash)
) STRICT;
