-- The flags as bits, so that a list can ask for several at once: 1 GROUP, 2 PETITION, 4 EMERGENCY, 8 RESPONSIBILITY_OVERLAP,
-- 16 BEYOND_CAPACITY, 32 INDUSTRY.
ALTER TABLE cases ADD COLUMN flag_bits INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET flag_bits =
  (CASE WHEN instr(flags, 'GROUP') > 0 THEN 1 ELSE 0 END)
  + (CASE WHEN instr(flags, 'PETITION') > 0 THEN 2 ELSE 0 END)
  + (CASE WHEN instr(flags, 'EMERGENCY') > 0 THEN 4 ELSE 0 END)
  + (CASE WHEN instr(flags, 'RESPONSIBILITY_OVERLAP') > 0 THEN 8 ELSE 0 END)
  + (CASE WHEN instr(flags, 'BEYOND_CAPACITY') > 0 THEN 16 ELSE 0 END)
  + (CASE WHEN instr(flags, 'INDUSTRY') > 0 THEN 32 ELSE 0 END)
WHERE flags <> '';

-- A person's cases, newest report first; takes the place of the index by case_id.
CREATE INDEX case_by_assignee ON cases (county_code, responsible_person_id, report_time, case_id);
DROP INDEX case_by_responsible;
