-- An invitation may be withdrawn before it is redeemed. Open ones are listed newest first.
ALTER TABLE invitation ADD COLUMN withdraw_time INTEGER;
ALTER TABLE invitation ADD COLUMN withdrawn_by_person_id TEXT;

CREATE INDEX invitation_open ON invitation (create_time, invitation_id) WHERE access_key_id IS NULL AND withdraw_time IS NULL;
