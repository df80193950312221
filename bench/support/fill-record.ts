import { Client } from "pg";
import { canonicalEvents } from "../../src/adapters/postgres/chain-events.ts";
import { GENESIS_HASH } from "../../src/core/audit/verify-chain.ts";
import { REPOSITORY } from "../../test/support/task/candidate-commands.ts";
import { commitsOfTask } from "./transitions/commits-of-task.ts";

/** Stands in the texts of the one task that core decided for the issue number of each that is made of it. */
const ISSUE = 999_999_999;

/**
 * Puts many open tasks into an empty record, each with the first events of a whole task in a sound chain. The database
 * makes them of one, so that a million events take seconds.
 */
export async function fillRecord(
  databaseUrl: string,
  { tasks, eventsPerTask }: { readonly tasks: number; readonly eventsPerTask: number },
): Promise<void> {
  const commits = commitsOfTask(ISSUE);
  const events = commits.flatMap((commit) =>
    canonicalEvents(commit.task, commit.expectedVersion, commit.events),
  );
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query("INSERT INTO tenant (id) VALUES (1)");
  await database.query(
    "INSERT INTO repository (id, tenant_id, owner, name, default_branch) VALUES ($1, 1, 'acme', 'shop', 'main')",
    [REPOSITORY.id],
  );
  for (const { sequence, type, at, canonical } of events.slice(0, eventsPerTask)) {
    await database.query(
      `
INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
SELECT task_id, $1::bigint, 1, $2, $3, canonical, sha256(convert_to(previous || canonical, 'UTF8'))
FROM (
  SELECT filled.task_id, replace($4, $5, issue::text) AS canonical, coalesce(encode(hash, 'hex'), $6) AS previous
  FROM generate_series(1, $7::integer) AS issue
  CROSS JOIN LATERAL (SELECT $8 || '-' || issue || '-1' AS task_id) AS filled
  LEFT JOIN event ON event.task_id = filled.task_id AND event.sequence = $1::bigint - 1
) AS next`,
      [sequence, type, at, canonical, String(ISSUE), GENESIS_HASH, tasks, String(REPOSITORY.id)],
    );
  }
  await database.query(
    `
INSERT INTO task (
  id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, opened_at, changed_at
)
SELECT task_id, 1, $1, split_part(task_id, '-', 2)::integer, 1, sequence, hash, 'open', 'baton/' || task_id,
  at, at
FROM event WHERE sequence = $2`,
    [REPOSITORY.id, eventsPerTask],
  );
  await database.query("VACUUM ANALYZE");
  await database.query("CHECKPOINT");
  await database.end();
}
