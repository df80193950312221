import { Client } from "pg";
import { canonicalEntry } from "../../src/adapters/postgres/chain-entries.ts";
import { GENESIS_HASH } from "../../src/core/audit/verify-chain.ts";
import { REPOSITORY } from "../../test/support/task/candidate-commands.ts";
import { commitsOfTask } from "./transitions/commits-of-task.ts";

/** Stands in the texts of the one task that core decided for the issue number of each that is made of it. */
const ISSUE = 999_999_999;

/**
 * Puts many open tasks into an empty record, each with the first entries of a whole task in a sound chain. The database
 * makes them of one, so that a million entries take seconds.
 */
export async function fillRecord(
  databaseUrl: string,
  { tasks, entriesPerTask }: { readonly tasks: number; readonly entriesPerTask: number },
): Promise<void> {
  const commits = commitsOfTask(ISSUE);
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query("INSERT INTO tenant (id) VALUES (1)");
  await database.query(
    "INSERT INTO repository (id, tenant_id, owner, name, default_branch) VALUES ($1, 1, 'acme', 'shop', 'main')",
    [REPOSITORY.id],
  );
  for (const commit of commits.slice(0, entriesPerTask)) {
    const sequence = commit.expectedVersion + 1;
    await database.query(
      `
INSERT INTO entry (task_id, sequence, tenant_id, canonical, hash)
SELECT task_id, $1::bigint, 1, canonical, sha256(convert_to(previous || canonical, 'UTF8'))
FROM (
  SELECT filled.task_id, replace($2, $3, issue::text) AS canonical, coalesce(encode(hash, 'hex'), $4) AS previous
  FROM generate_series(1, $5::integer) AS issue
  CROSS JOIN LATERAL (SELECT $6 || '-' || issue || '-1' AS task_id) AS filled
  LEFT JOIN entry ON entry.task_id = filled.task_id AND entry.sequence = $1::bigint - 1
) AS next`,
      [
        sequence,
        canonicalEntry(commit.task, sequence, commit),
        String(ISSUE),
        GENESIS_HASH,
        tasks,
        String(REPOSITORY.id),
      ],
    );
  }
  await database.query(
    `
INSERT INTO task (
  id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, opened_at, changed_at
)
SELECT task_id, 1, $1, split_part(task_id, '-', 2)::integer, 1, sequence, hash, 'open', 'baton/' || task_id,
  now(), now()
FROM entry WHERE sequence = $2`,
    [REPOSITORY.id, entriesPerTask],
  );
  await database.query("VACUUM ANALYZE");
  await database.query("CHECKPOINT");
  await database.end();
}
