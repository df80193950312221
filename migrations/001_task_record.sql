-- The record of tasks with what comes in and what goes out: one transition touches these tables and no other, in one
-- transaction.

-- One installation of the App; the id is GitHub's installation id.
CREATE TABLE tenant (
  id bigint PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The id is GitHub's and survives renames and transfers; owner and name are those of the newest task.
CREATE TABLE repository (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL REFERENCES tenant (id),
  owner text NOT NULL,
  name text NOT NULL,
  default_branch text NOT NULL
);
CREATE INDEX repository_of_tenant ON repository (tenant_id);

-- The inbox: webhooks as received, with the bytes that were signed. `sequence` is the order of arrival.
CREATE TABLE delivery (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  event text NOT NULL,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL,
  outcome text,
  settled_at timestamptz,
  CONSTRAINT delivery_settled_with_outcome CHECK ((outcome IS NULL) = (settled_at IS NULL))
);
CREATE INDEX delivery_pending ON delivery (sequence) WHERE outcome IS NULL;

-- Webhook bodies are JSON of some 20 kB. LZ4 packs them at a fraction of pglz's cost, but the embedded build lacks it.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE delivery ALTER COLUMN body SET COMPRESSION lz4;
  END IF;
END
$$;

-- The fold of a task's events, and what it is looked up by. `version` is the number of its events and `head_hash` the
-- hash of the last one. The projection is json and not jsonb: jsonb refuses U+0000, which logs of agents may hold.
CREATE TABLE task (
  id text PRIMARY KEY,
  tenant_id bigint NOT NULL REFERENCES tenant (id),
  repository_id bigint NOT NULL REFERENCES repository (id),
  issue_number integer NOT NULL,
  generation integer NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  head_hash bytea NOT NULL CHECK (octet_length(head_hash) = 32),
  status text NOT NULL CHECK (status IN ('open', 'closed')),
  branch text NOT NULL,
  pull_number integer,
  run_id bigint,
  projection json NOT NULL,
  opened_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  CONSTRAINT task_of_issue UNIQUE (repository_id, issue_number, generation)
) WITH (fillfactor = 80);
CREATE INDEX task_of_tenant ON task (tenant_id);
CREATE INDEX task_of_branch ON task (repository_id, branch);
CREATE INDEX task_of_pull ON task (repository_id, pull_number) WHERE pull_number IS NOT NULL;
CREATE INDEX task_of_run ON task (repository_id, run_id) WHERE run_id IS NOT NULL AND status = 'open';
CREATE INDEX task_open ON task (id) WHERE status = 'open';

-- What happened to each task. `canonical` is the text that was hashed, so that the chain can be verified from what is
-- stored. There is no foreign key to task: the one statement that writes here takes the task from the row it has just
-- locked, and a check for every event would cost what the batching saves.
CREATE TABLE event (
  task_id text NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  tenant_id bigint NOT NULL,
  type text NOT NULL,
  at timestamptz NOT NULL,
  canonical text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (task_id, sequence)
);

CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_event();

-- The outbox: what must be done outside, stored with the events that caused it. A row is done only with its outcome.
-- `sequence` is the order of storing.
CREATE TABLE effect (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  task_id text NOT NULL,
  tenant_id bigint NOT NULL,
  kind text NOT NULL,
  payload json NOT NULL,
  due_at timestamptz NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  last_failure text,
  outcome text,
  done_at timestamptz,
  CONSTRAINT effect_done_with_outcome CHECK ((outcome IS NULL) = (done_at IS NULL))
);
CREATE INDEX effect_waiting ON effect (due_at, sequence) WHERE done_at IS NULL;
CREATE INDEX effect_of_task ON effect (task_id);
