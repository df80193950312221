-- An effect is found by its task, the version that it came with and its place there, which were one text: as numbers they
-- are smaller, and stand for the order of storing too, for which each row had drawn a number of its own.
DROP INDEX effect_waiting;
DROP INDEX effect_waiting_of_task;
DROP INDEX effect_waiting_of_tenant;
ALTER TABLE effect ALTER COLUMN sequence DROP IDENTITY;
ALTER TABLE effect
  ALTER COLUMN id TYPE bigint USING split_part(id, '/', 2)::bigint,
  ALTER COLUMN sequence TYPE integer USING split_part(id, '/', 3)::integer;
ALTER TABLE effect RENAME COLUMN id TO version;
ALTER TABLE effect RENAME COLUMN sequence TO ordinal;
-- Who is next is looked for tenant by tenant: an index of all in their order was one more entry for each effect. What is
-- asked of a task's effects says that they have no outcome, and of a tenant's that they are not done, so that no plan can
-- take the one index for the other: in a table that was small when it was planned, both cost the same.
CREATE INDEX effect_waiting_of_task ON effect (task_id, version, ordinal) WHERE outcome IS NULL;
CREATE INDEX effect_waiting_of_tenant ON effect (tenant_id, due_at, version, ordinal) WHERE done_at IS NULL;

-- Stores a batch of commits, which is a transaction by itself. Returns what refused any, by its task; null when all are
-- stored. The arrays have an element for each commit, no two of one task or with one cause, in the order of the tasks; those
-- of new effects have one for each effect, which names its commit by the number of that. null is given for all that no commit
-- has: `deliveries`, `effect_tasks` to `effect_ordinals` and their `outcomes` are what commits settle, `repositories` to
-- `opening_times` the rest of new tasks' rows, `run_repositories` and `runs` new runs, `states` what is kept of states. Other
-- servers hear of new effects on `channel`, from `sender`; nobody does where that is null.
--
-- Causes are settled in the order of their ids and tasks changed in theirs, so that servers which write the same ones wait
-- for one another; who comes second finds another version and hash, the task opened or the cause settled, and is refused.
-- A commit that is refused leaves nothing, but where another server opens the same task at that moment: what it knew of the
-- repository is kept.
--
-- Rows are looked up one by one, and then changed where they were found: a join would be planned as a scan of the whole
-- table where few rows had been counted. What must hold of a row is asked where it is changed, for another transaction may
-- have changed it meanwhile: not all versions of PostgreSQL see then that it is in another place. It is asked so that no
-- partial index seems to answer it, which would be read whole.
CREATE FUNCTION commit_batch(
  tasks text[], tenants bigint[], expected_versions bigint[], previous_hashes bytea[], head_hashes bytea[],
  canonicals text[], statuses text[], branches text[], pull_numbers bigint[],
  new_commits bigint[], new_ordinals bigint[], new_kinds text[], new_payloads text[], new_due timestamptz[],
  channel text, sender text,
  deliveries text[], effect_tasks text[], effect_versions bigint[], effect_ordinals bigint[], outcomes text[],
  repositories bigint[], owners text[], names text[], default_branches text[], issue_numbers bigint[],
  generations bigint[], opening_times timestamptz[],
  run_repositories bigint[], runs bigint[],
  states text[]
) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  -- Why a commit is refused, by its number.
  refusals text[];
  -- The tasks that were opened or changed.
  written text[];
  -- The commits whose delivery was settled.
  settled_deliveries bigint[];
  -- Those whose effect was, and where its row is now.
  settled_effects bigint[];
  effect_places tid[];
  item bigint;
  moved_to tid;
BEGIN
  -- A cause that was changed meanwhile may wait all the same: it is looked for once more, by what does not change.
  IF deliveries IS NOT NULL THEN
    WITH done AS (
      UPDATE delivery SET outcome = outcomes[n], settled_at = now()
      FROM (SELECT n FROM generate_subscripts(deliveries, 1) AS n ORDER BY deliveries[n]) AS given
      CROSS JOIN LATERAL (SELECT ctid AS place FROM delivery WHERE id = deliveries[n] LIMIT 1) AS found
      WHERE delivery.ctid = found.place AND delivery.settled_at IS NULL
      RETURNING n
    )
    SELECT array_agg(n) INTO settled_deliveries FROM done;
    IF cardinality(settled_deliveries) IS DISTINCT FROM cardinality(array_remove(deliveries, NULL)) THEN
      FOR item IN
        SELECT n FROM generate_subscripts(deliveries, 1) AS n
        WHERE deliveries[n] IS NOT NULL AND n <> ALL (coalesce(settled_deliveries, '{}'))
        ORDER BY deliveries[n]
      LOOP
        UPDATE delivery SET outcome = outcomes[item], settled_at = now()
        WHERE id = deliveries[item] AND settled_at IS NULL;
        CONTINUE WHEN FOUND;
        PERFORM FROM delivery WHERE id = deliveries[item];
        refusals[item] := CASE WHEN FOUND THEN 'already-settled' ELSE 'unknown-cause' END;
      END LOOP;
    END IF;
  END IF;

  -- An effect that does not wait is settled: one that was never stored is not told from it.
  IF effect_tasks IS NOT NULL THEN
    WITH done AS (
      UPDATE effect SET outcome = outcomes[n], done_at = now()
      FROM (
        SELECT n FROM generate_subscripts(effect_tasks, 1) AS n
        ORDER BY effect_tasks[n], effect_versions[n], effect_ordinals[n]
      ) AS given
      CROSS JOIN LATERAL (
        SELECT ctid AS place FROM effect
        WHERE task_id = effect_tasks[n] AND version = effect_versions[n] AND ordinal = effect_ordinals[n]
          AND outcome IS NULL
        LIMIT 1
      ) AS found
      WHERE effect.ctid = found.place AND num_nulls(effect.outcome) = 1
      RETURNING n, effect.ctid AS place
    )
    SELECT array_agg(n), array_agg(place) INTO settled_effects, effect_places FROM done;
    IF cardinality(settled_effects) IS DISTINCT FROM cardinality(array_remove(effect_tasks, NULL)) THEN
      FOR item IN
        SELECT n FROM generate_subscripts(effect_tasks, 1) AS n
        WHERE effect_tasks[n] IS NOT NULL AND n <> ALL (coalesce(settled_effects, '{}'))
        ORDER BY effect_tasks[n], effect_versions[n], effect_ordinals[n]
      LOOP
        UPDATE effect SET outcome = outcomes[item], done_at = now()
        WHERE task_id = effect_tasks[item] AND version = effect_versions[item] AND ordinal = effect_ordinals[item]
          AND outcome IS NULL
        RETURNING ctid INTO moved_to;
        IF FOUND THEN
          settled_effects := settled_effects || item;
          effect_places := effect_places || moved_to;
        ELSE
          refusals[item] := 'already-settled';
        END IF;
      END LOOP;
    END IF;
  END IF;

  IF repositories IS NOT NULL THEN
    FOR item IN
      SELECT n FROM generate_subscripts(tasks, 1) AS n
      WHERE expected_versions[n] = 0 AND (SELECT true FROM task WHERE id = tasks[n] LIMIT 1)
    LOOP
      refusals[item] := coalesce(refusals[item], 'conflict');
    END LOOP;
    INSERT INTO tenant (id)
    SELECT DISTINCT tenants[n] FROM generate_subscripts(tasks, 1) AS n
    WHERE expected_versions[n] = 0 AND refusals[n] IS NULL
    ORDER BY 1
    ON CONFLICT DO NOTHING;
    INSERT INTO repository (id, tenant_id, owner, name, default_branch)
    SELECT DISTINCT ON (repositories[n]) repositories[n], tenants[n], owners[n], names[n], default_branches[n]
    FROM generate_subscripts(tasks, 1) AS n
    WHERE expected_versions[n] = 0 AND refusals[n] IS NULL
    ORDER BY repositories[n], opening_times[n] DESC
    ON CONFLICT (id) DO UPDATE SET tenant_id = excluded.tenant_id, owner = excluded.owner, name = excluded.name,
      default_branch = excluded.default_branch;
    WITH opened AS (
      INSERT INTO task (
        id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, pull_number,
        opened_at, changed_at
      )
      SELECT
        tasks[n], tenants[n], repositories[n], issue_numbers[n], generations[n], 1, head_hashes[n], statuses[n],
        branches[n], pull_numbers[n], opening_times[n], now()
      FROM generate_subscripts(tasks, 1) AS n
      WHERE expected_versions[n] = 0 AND refusals[n] IS NULL
      ON CONFLICT DO NOTHING
      RETURNING id
    )
    SELECT array_agg(id) INTO written FROM opened;
  END IF;

  WITH advanced AS (
    UPDATE task SET
      version = expected_versions[n] + 1, head_hash = head_hashes[n], status = statuses[n], branch = branches[n],
      pull_number = pull_numbers[n], changed_at = now()
    FROM generate_subscripts(tasks, 1) AS n
    CROSS JOIN LATERAL (SELECT ctid AS place FROM task WHERE id = tasks[n] LIMIT 1) AS found
    WHERE task.ctid = found.place AND task.version = expected_versions[n] AND task.head_hash = previous_hashes[n]
      AND refusals[n] IS NULL
    RETURNING id
  )
  SELECT written || array_agg(id) INTO written FROM advanced;

  IF cardinality(written) IS DISTINCT FROM cardinality(tasks) THEN
    FOR item IN
      SELECT n FROM generate_subscripts(tasks, 1) AS n
      WHERE refusals[n] IS NULL AND tasks[n] <> ALL (coalesce(written, '{}'))
    LOOP
      refusals[item] := 'conflict';
    END LOOP;
    -- What the refused ones had settled waits again.
    UPDATE delivery SET outcome = NULL, settled_at = NULL
    FROM generate_subscripts(deliveries, 1) AS n
    CROSS JOIN LATERAL (SELECT ctid AS place FROM delivery WHERE id = deliveries[n] LIMIT 1) AS found
    WHERE delivery.ctid = found.place AND refusals[n] = 'conflict';
    UPDATE effect SET outcome = NULL, done_at = NULL
    FROM unnest(settled_effects, effect_places) AS of_refused (n, place)
    WHERE effect.ctid = of_refused.place AND refusals[n] = 'conflict';
  END IF;

  INSERT INTO entry (task_id, sequence, tenant_id, canonical, hash)
  SELECT tasks[n], expected_versions[n] + 1, tenants[n], canonicals[n], head_hashes[n]
  FROM generate_subscripts(tasks, 1) AS n
  WHERE refusals[n] IS NULL;

  IF new_commits IS NOT NULL THEN
    INSERT INTO effect (task_id, version, ordinal, tenant_id, kind, payload, due_at)
    SELECT
      tasks[new_commits[n]], expected_versions[new_commits[n]] + 1, new_ordinals[n], tenants[new_commits[n]],
      new_kinds[n], new_payloads[n]::json, new_due[n]
    FROM generate_subscripts(new_commits, 1) AS n
    WHERE refusals[new_commits[n]] IS NULL;
    IF FOUND AND channel IS NOT NULL THEN
      PERFORM pg_notify(channel, sender);
    END IF;
  END IF;

  IF runs IS NOT NULL THEN
    INSERT INTO run (repository_id, id, task_id)
    SELECT run_repositories[n], runs[n], tasks[n] FROM generate_subscripts(tasks, 1) AS n
    WHERE runs[n] IS NOT NULL AND refusals[n] IS NULL
    ON CONFLICT DO NOTHING;
  END IF;

  IF states IS NOT NULL THEN
    INSERT INTO projection (task_id, version, state)
    SELECT tasks[n], expected_versions[n] + 1, states[n] FROM generate_subscripts(tasks, 1) AS n
    WHERE states[n] IS NOT NULL AND refusals[n] IS NULL
    ON CONFLICT (task_id) DO UPDATE SET version = excluded.version, state = excluded.state;
  END IF;

  IF refusals IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT json_object_agg(tasks[n], refusals[n]) FROM generate_subscripts(refusals, 1) AS n
    WHERE refusals[n] IS NOT NULL
  );
END
$$;
