-- What an attempt has done so far, for another to go on with should it lose its runner. The runner has packed these bytes
-- already. It is kept until the stage has come to an end.
CREATE TABLE snapshot (
  attempt_id text PRIMARY KEY,
  bytes bytea NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE snapshot ALTER COLUMN bytes SET STORAGE EXTERNAL;
