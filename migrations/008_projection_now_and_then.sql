-- The state of a task is the fold of its events. It is kept for some versions only, so that reading a task does not mean
-- folding all of them: writing the whole state at every transition took a third of one. A task that has no row here is
-- folded from its beginning.
CREATE TABLE projection (
  task_id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL CHECK (version > 0),
  state text NOT NULL
);

-- The embedded build has no LZ4.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE projection ALTER COLUMN state SET COMPRESSION lz4;
  END IF;
END
$$;

INSERT INTO projection (task_id, version, state) SELECT id, version, projection FROM task;
ALTER TABLE task DROP COLUMN projection;

-- The ids that a transition looks for are compared byte by byte: it is faster than by the rules of a language, the same on
-- every server, and no update of the system's rules can leave an index out of order.
ALTER TABLE task ALTER COLUMN id TYPE text COLLATE "C";
ALTER TABLE event ALTER COLUMN task_id TYPE text COLLATE "C";
ALTER TABLE effect ALTER COLUMN id TYPE text COLLATE "C", ALTER COLUMN task_id TYPE text COLLATE "C";
ALTER TABLE delivery ALTER COLUMN id TYPE text COLLATE "C";
