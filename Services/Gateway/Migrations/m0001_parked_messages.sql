-- Messages that their target refused, and all later ones of the same aggregate, until they are delivered.
CREATE TABLE parked_message (
  parked_id TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  seq INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  aggregate_id TEXT NOT NULL,
  message BLOB NOT NULL,
  reason TEXT NOT NULL,
  explanation TEXT NOT NULL,
  attempt_count INTEGER NOT NULL,
  park_time INTEGER NOT NULL,
  CONSTRAINT parked_message_once UNIQUE (source, target, event_id)
) STRICT;

CREATE INDEX parked_message_order ON parked_message (target, source, seq, parked_id);
