-- Why a message was refused, in Chinese as well; empty for those that were parked before.
ALTER TABLE parked_message ADD COLUMN explanation_zh TEXT NOT NULL DEFAULT '';
