-- A proposal that nobody decides, and an approval that nobody begins, lapse 90 days after it was proposed or approved. Those that
-- wait already: by the time of their last line in the journal.
UPDATE enrolments SET erase_due_time = 90 * 86400000000 + (
  SELECT max(journal.occur_time) FROM journal
  WHERE journal.aggregate_type = 'enrolment' AND journal.aggregate_id = enrolments.enrolment_id
    AND journal.event_type IN ('enrolment.proposed', 'enrolment.approved')
) WHERE state IN ('PROPOSED', 'APPROVED') AND erase_due_time IS NULL;
