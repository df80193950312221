-- The projection is replaced at every transition, and only ever read whole. As text it is stored as it comes; as json the
-- server parsed all of it each time, which with pglz's compression took most of a transition.
ALTER TABLE task ALTER COLUMN projection TYPE text;

-- The embedded build has no LZ4.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE task ALTER COLUMN projection SET COMPRESSION lz4;
  END IF;
END
$$;

-- Half of a page is kept for new versions of the rows in it: a version that finds no room there has to be entered into
-- every index of the table.
ALTER TABLE task SET (fillfactor = 50);

-- What is asked for is the open tasks of a tenant or of a repository, and the closed ones pile up.
CREATE INDEX task_open_of_tenant ON task (tenant_id, id) WHERE status = 'open';
CREATE INDEX task_open_in_repository ON task (repository_id, id) WHERE status = 'open';
DROP INDEX task_open;
DROP INDEX task_of_tenant;
