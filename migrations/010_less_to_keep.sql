-- No effect is found by its sequence, which only orders those that are due at the same time: it was one index entry more for
-- each that is stored, and another one when it is settled.
ALTER TABLE effect DROP CONSTRAINT effect_pkey;

-- Every statement that writes a table parses the table's checks anew, which was a seventh of what a transition alone costs.
-- What these said, the few statements that write here cannot do otherwise.
ALTER TABLE delivery DROP CONSTRAINT delivery_settled_with_outcome, DROP CONSTRAINT delivery_body_digest_check;
ALTER TABLE task DROP CONSTRAINT task_version_check, DROP CONSTRAINT task_head_hash_check,
  DROP CONSTRAINT task_status_check;
ALTER TABLE entry DROP CONSTRAINT entry_sequence_check, DROP CONSTRAINT entry_hash_check;
ALTER TABLE effect DROP CONSTRAINT effect_done_with_outcome;
ALTER TABLE projection DROP CONSTRAINT projection_version_check;
