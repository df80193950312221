import type { TaskId } from "../../../base/ids.ts";
import { bigintArray, byteaArray, textArray } from "../array-parameter.ts";
import type { ChainedEvent } from "../chain-events.ts";
import type { CommitItem } from "../commit-item.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";
import { taskLookups } from "../task-lookups.ts";

/** A commit whose events stand in the task's chain: all that the statement stores of it. */
export type ChainedCommit = {
  readonly item: CommitItem;
  /** Hash (hex) of the event before the first of these. */
  readonly previousHash: string;
  readonly events: readonly ChainedEvent[];
};

export type CommitVerdict = "committed" | "conflict" | "already-settled" | "unknown-cause";

export type CommitBatchResult = {
  readonly verdicts: ReadonlyMap<TaskId, CommitVerdict>;
};

/**
 * A whole batch in one statement, which is a transaction by itself. Every task stands in it once at most, in the order
 * of the ids.
 *
 * The rows of causes are locked first, in the order of their ids, and tasks are changed in theirs, so that servers which
 * write the same tasks wait for one another; who comes second finds another version and hash, or the task opened, and
 * gets nothing back. What is refused touches nothing: all that is written hangs on `applied`.
 */
const commitBatch: Statement = {
  name: "commit_batch",
  text: `
WITH held_delivery AS MATERIALIZED (
  SELECT id, outcome FROM delivery
  WHERE id = ANY ($12::text[]) ORDER BY id FOR NO KEY UPDATE
), held_effect AS MATERIALIZED (
  SELECT id, outcome FROM effect
  WHERE id = ANY ($13::text[]) ORDER BY id FOR NO KEY UPDATE
), item AS MATERIALIZED (
  SELECT item.*, CASE
    WHEN item.delivery_id IS NOT NULL AND held_delivery.id IS NULL THEN 'unknown-cause'
    WHEN item.effect_id IS NOT NULL AND held_effect.id IS NULL THEN 'unknown-cause'
    WHEN held_delivery.outcome IS NOT NULL OR held_effect.outcome IS NOT NULL THEN 'already-settled'
  END AS refusal
  FROM unnest(
    $1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[],
    $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::text[],
    $12::text[], $13::text[], $14::text[],
    $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::text[], $20::text[], $21::text[], $22::text[]
  ) AS item (
    task_id, expected_version, new_version, previous_hash, head_hash,
    status, branch, pull_number, run_id, projection, changed_at,
    delivery_id, effect_id, outcome,
    tenant_id, repository_id, issue_number, generation, owner, name, default_branch, opened_at
  )
  LEFT JOIN held_delivery ON held_delivery.id = item.delivery_id
  LEFT JOIN held_effect ON held_effect.id = item.effect_id
), opening AS MATERIALIZED (
  SELECT * FROM item
  WHERE refusal IS NULL AND expected_version = 0 AND NOT EXISTS (SELECT FROM task WHERE id = item.task_id)
), known_tenant AS (
  INSERT INTO tenant (id) SELECT DISTINCT tenant_id FROM opening ORDER BY tenant_id
  ON CONFLICT DO NOTHING
), known_repository AS (
  INSERT INTO repository (id, tenant_id, owner, name, default_branch)
  SELECT DISTINCT ON (repository_id) repository_id, tenant_id, owner, name, default_branch
  FROM opening ORDER BY repository_id, opened_at DESC
  ON CONFLICT (id) DO UPDATE SET tenant_id = excluded.tenant_id, owner = excluded.owner, name = excluded.name,
    default_branch = excluded.default_branch
), opened AS (
  INSERT INTO task (
    id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, pull_number, run_id,
    projection, opened_at, changed_at
  )
  SELECT
    task_id, tenant_id, repository_id, issue_number, generation, new_version, head_hash, status, branch, pull_number,
    run_id, projection, opened_at::timestamptz, changed_at::timestamptz
  FROM opening
  ON CONFLICT DO NOTHING
  RETURNING id, tenant_id
), advanced AS (
  UPDATE task SET
    version = new_version, head_hash = item.head_hash, status = item.status, branch = item.branch,
    pull_number = item.pull_number, run_id = item.run_id, projection = item.projection,
    changed_at = item.changed_at::timestamptz
  FROM item
  WHERE task.id = item.task_id AND task.version = item.expected_version AND task.head_hash = item.previous_hash
    AND item.refusal IS NULL AND item.new_version > item.expected_version
  RETURNING task.id, task.tenant_id
), unchanged AS (
  SELECT task.id, task.tenant_id FROM item JOIN task ON task.id = item.task_id
  WHERE task.version = item.expected_version AND task.head_hash = item.previous_hash
    AND item.refusal IS NULL AND item.new_version = item.expected_version
  FOR NO KEY UPDATE OF task
), applied AS MATERIALIZED (
  SELECT * FROM opened UNION ALL SELECT * FROM advanced UNION ALL SELECT * FROM unchanged
), recorded_event AS (
  INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
  SELECT event.task_id, event.sequence, applied.tenant_id, event.type, event.at::timestamptz, event.canonical, event.hash
  FROM unnest($23::text[], $24::bigint[], $25::text[], $26::text[], $27::text[], $28::bytea[])
    AS event (task_id, sequence, type, at, canonical, hash)
  JOIN applied ON applied.id = event.task_id
), new_effect AS (
  INSERT INTO effect (id, task_id, tenant_id, kind, payload, due_at)
  SELECT effect.id, effect.task_id, applied.tenant_id, effect.kind, effect.payload::json, effect.due_at::timestamptz
  FROM unnest($29::text[], $30::text[], $31::text[], $32::text[], $33::text[]) WITH ORDINALITY
    AS effect (id, task_id, kind, payload, due_at, ordinal)
  JOIN applied ON applied.id = effect.task_id
  ORDER BY effect.ordinal
  RETURNING 1
), done_delivery AS (
  UPDATE delivery SET outcome = item.outcome, settled_at = now()
  FROM item JOIN applied ON applied.id = item.task_id
  WHERE delivery.id = item.delivery_id
), done_effect AS (
  UPDATE effect SET outcome = item.outcome, done_at = now()
  FROM item JOIN applied ON applied.id = item.task_id
  WHERE effect.id = item.effect_id
), notified AS (
  SELECT pg_notify($34, $35) FROM (SELECT FROM new_effect LIMIT 1) AS work WHERE $34 IS NOT NULL
)
SELECT item.task_id AS task, (SELECT count(*) FROM notified) AS notified,
  CASE WHEN applied.id IS NULL THEN coalesce(item.refusal, 'conflict') ELSE 'committed' END AS verdict
FROM item LEFT JOIN applied ON applied.id = item.task_id`,
};

/** How other servers learn that there is work: the channel, and who sends, so that the sender does not wake itself. */
export type Notice = { readonly channel: string; readonly sender: string };

/** Stores the batch; `notice` is null where no other process can be waiting. */
export async function writeCommitBatch(
  session: SqlSession,
  commits: readonly ChainedCommit[],
  notice: Notice | null,
): Promise<CommitBatchResult> {
  const rows = await session.query<{ task: TaskId; verdict: CommitVerdict }>(commitBatch, [
    ...taskColumns(commits),
    ...causeColumns(commits),
    ...openingColumns(commits),
    ...eventColumns(commits),
    ...effectColumns(commits),
    notice?.channel ?? null,
    notice?.sender ?? null,
  ]);
  return { verdicts: new Map(rows.map((row) => [row.task, row.verdict])) };
}

function taskColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const lookups = commits.map(({ item }) => taskLookups(item.commit.after));
  return [
    textArray(commits.map(({ item }) => item.commit.task)),
    bigintArray(commits.map(({ item }) => item.commit.expectedVersion)),
    bigintArray(commits.map(({ item, events }) => item.commit.expectedVersion + events.length)),
    hashArray(commits.map(({ previousHash }) => previousHash)),
    hashArray(commits.map(({ previousHash, events }) => events.at(-1)?.hash ?? previousHash)),
    textArray(lookups.map(({ status }) => status)),
    textArray(commits.map(({ item }) => item.commit.after.branch)),
    bigintArray(lookups.map(({ pullNumber }) => pullNumber)),
    bigintArray(lookups.map(({ runId }) => runId)),
    textArray(commits.map(({ item }) => item.projection)),
    textArray(commits.map(({ item, events }) => events.at(-1)?.at ?? item.commit.after.openedAt)),
  ];
}

function causeColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const settled = commits.map(({ item }) => item.settled);
  return [
    textArray(settled.map((cause) => (cause.kind === "delivery" ? cause.id : null))),
    textArray(settled.map((cause) => (cause.kind === "effect" ? cause.id : null))),
    textArray(settled.map((cause) => (cause.kind === "none" ? null : storableText(cause.outcome)))),
  ];
}

/** What only a new task's row needs. */
function openingColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const tasks = commits.map(({ item }) => item.commit.after);
  return [
    bigintArray(tasks.map((task) => task.tenant)),
    bigintArray(tasks.map((task) => task.repository.id)),
    bigintArray(tasks.map((task) => task.issue.number)),
    bigintArray(tasks.map((task) => taskLookups(task).generation)),
    textArray(tasks.map((task) => task.repository.owner)),
    textArray(tasks.map((task) => task.repository.name)),
    textArray(tasks.map((task) => task.repository.defaultBranch)),
    textArray(tasks.map((task) => task.openedAt)),
  ];
}

function eventColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const rows = commits.flatMap(({ item, events }) =>
    events.map((event) => ({ task: item.commit.task, event })),
  );
  return [
    textArray(rows.map(({ task }) => task)),
    bigintArray(rows.map(({ event }) => event.sequence)),
    textArray(rows.map(({ event }) => event.type)),
    textArray(rows.map(({ event }) => event.at)),
    textArray(rows.map(({ event }) => event.canonical)),
    hashArray(rows.map(({ event }) => event.hash)),
  ];
}

function effectColumns(commits: readonly ChainedCommit[]): readonly unknown[] {
  const rows = commits.flatMap(({ item }) =>
    item.effects.map((effect) => ({ task: item.commit.task, effect })),
  );
  return [
    textArray(rows.map(({ effect }) => effect.id)),
    textArray(rows.map(({ task }) => task)),
    textArray(rows.map(({ effect }) => effect.kind)),
    textArray(rows.map(({ effect }) => effect.payload)),
    textArray(rows.map(({ effect }) => effect.dueAt)),
  ];
}

/** Hashes in hex as a `bytea[]`. */
function hashArray(hashes: readonly string[]): Buffer {
  return byteaArray(hashes.map((hash) => Buffer.from(hash, "hex")));
}
