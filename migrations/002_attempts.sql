-- Data beside the events: signs of life of attempts, what their sessions show, and the work they hand over. None of it
-- is state; a task can be replayed without it.

-- The token itself is never stored, only its SHA-256 in hex.
CREATE TABLE lease (
  id text PRIMARY KEY,
  attempt_id text NOT NULL,
  tenant_id bigint NOT NULL,
  token_hash text NOT NULL UNIQUE,
  seen_at timestamptz NOT NULL
);
CREATE INDEX lease_of_attempt ON lease (attempt_id);

-- One row a heartbeat, with all the lines that came with it.
CREATE TABLE session_event (
  attempt_id text NOT NULL,
  chunk bigint GENERATED ALWAYS AS IDENTITY,
  lines text[] NOT NULL,
  PRIMARY KEY (attempt_id, chunk)
);

-- Git has packed these bytes already, so that compressing them again would only cost time.
CREATE TABLE bundle (
  attempt_id text PRIMARY KEY,
  bytes bytea NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE bundle ALTER COLUMN bytes SET STORAGE EXTERNAL;
