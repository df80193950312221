-- What was shown of each open task last, for all processes: a digest of each part by the part's name, and which showing is
-- under way. It is not in the log, for it is no part of the record: after a crash of the database the table is empty, and
-- everything is shown once more.
CREATE UNLOGGED TABLE mirror (
  task_id text PRIMARY KEY,
  digests jsonb NOT NULL DEFAULT '{}',
  -- null when the last one has ended.
  showing uuid,
  -- Whether no other was under way at any time since that one began.
  alone boolean NOT NULL DEFAULT true
);
