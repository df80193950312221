-- What one decision adds to a task's record is one entry, with its events in one text under one hash: the chain, the index
-- and the statement have half as much to do. The entries that are there have one event each, and stay as they were
-- hashed. Type and time stand in the text.
ALTER TABLE event RENAME TO entry;
ALTER TABLE entry DROP COLUMN type, DROP COLUMN at;
ALTER TABLE entry RENAME CONSTRAINT event_pkey TO entry_pkey;
ALTER TABLE entry RENAME CONSTRAINT event_sequence_check TO entry_sequence_check;
ALTER TABLE entry RENAME CONSTRAINT event_hash_check TO entry_hash_check;
DROP TRIGGER event_append_only ON entry;
DROP FUNCTION refuse_change_of_event;
CREATE FUNCTION refuse_change_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries are append only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_entry();

-- The embedded build has no LZ4.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE entry ALTER COLUMN canonical SET COMPRESSION lz4;
  END IF;
END
$$;

-- An effect is found among those of its task that wait, by an index that there is anyway. Its id is made of its task and
-- the version that the same statement gives the task, so that none can be there twice.
ALTER TABLE effect DROP CONSTRAINT effect_pkey;
ALTER TABLE effect ADD PRIMARY KEY (sequence);

-- Half of a task's transitions change the run it waits for. In the task's row, each of them entered the row into every
-- index of the table once more.
CREATE TABLE run (
  repository_id bigint NOT NULL,
  id bigint NOT NULL,
  task_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (repository_id, id)
);
INSERT INTO run (repository_id, id, task_id)
SELECT repository_id, run_id, id FROM task WHERE run_id IS NOT NULL ORDER BY status DESC, id
ON CONFLICT DO NOTHING;
ALTER TABLE task DROP COLUMN run_id;
