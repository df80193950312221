import type { TaskId } from "../../../base/ids.ts";
import { textArray } from "../array-parameter.ts";
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
 * A whole batch in one statement, which is a transaction by itself. Every task stands in it once at most.
 *
 * The rows of tasks and causes are locked first, in the order of their ids, so that servers which write the same tasks
 * wait for one another instead of dead-locking, and every verdict is given on what is stored now. What is refused
 * touches nothing: all that is written hangs on `applied`. Two servers that open the same task at once find no row to
 * lock; the one whose insert comes second gets no row back, and so its verdict is a conflict.
 */
const commitBatch: Statement = {
  name: "commit_batch",
  text: `
WITH item AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
    $6::text[], $7::text[], $8::integer[], $9::bigint[], $10::text[], $11::text[],
    $12::text[], $13::text[], $14::text[],
    $15::bigint[], $16::bigint[], $17::integer[], $18::integer[], $19::text[], $20::text[], $21::text[], $22::text[]
  ) AS item (
    task_id, expected_version, new_version, previous_hash, head_hash,
    status, branch, pull_number, run_id, projection, changed_at,
    delivery_id, effect_id, outcome,
    tenant_id, repository_id, issue_number, generation, owner, name, default_branch, opened_at
  )
), held_task AS MATERIALIZED (
  SELECT id, version, encode(head_hash, 'hex') AS head_hash FROM task
  WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE
), held_delivery AS MATERIALIZED (
  SELECT id, outcome FROM delivery
  WHERE id = ANY ($12::text[]) ORDER BY id FOR NO KEY UPDATE
), held_effect AS MATERIALIZED (
  SELECT id, outcome FROM effect
  WHERE id = ANY ($13::text[]) ORDER BY id FOR NO KEY UPDATE
), verdict AS MATERIALIZED (
  SELECT item.*, CASE
    WHEN item.delivery_id IS NOT NULL AND held_delivery.id IS NULL THEN 'unknown-cause'
    WHEN item.effect_id IS NOT NULL AND held_effect.id IS NULL THEN 'unknown-cause'
    WHEN held_delivery.outcome IS NOT NULL OR held_effect.outcome IS NOT NULL THEN 'already-settled'
    WHEN item.expected_version <> coalesce(held_task.version, 0) THEN 'conflict'
    WHEN item.previous_hash <> held_task.head_hash THEN 'conflict'
    ELSE 'committed'
  END AS verdict
  FROM item
  LEFT JOIN held_task ON held_task.id = item.task_id
  LEFT JOIN held_delivery ON held_delivery.id = item.delivery_id
  LEFT JOIN held_effect ON held_effect.id = item.effect_id
), known_tenant AS (
  INSERT INTO tenant (id)
  SELECT DISTINCT tenant_id FROM verdict WHERE verdict = 'committed' AND expected_version = 0 ORDER BY tenant_id
  ON CONFLICT DO NOTHING
), known_repository AS (
  INSERT INTO repository (id, tenant_id, owner, name, default_branch)
  SELECT DISTINCT ON (repository_id) repository_id, tenant_id, owner, name, default_branch
  FROM verdict WHERE verdict = 'committed' AND expected_version = 0
  ORDER BY repository_id, opened_at DESC
  ON CONFLICT (id) DO UPDATE SET tenant_id = excluded.tenant_id, owner = excluded.owner, name = excluded.name,
    default_branch = excluded.default_branch
), opened AS (
  INSERT INTO task (
    id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, pull_number, run_id,
    projection, opened_at, changed_at
  )
  SELECT
    task_id, tenant_id, repository_id, issue_number, generation, new_version, decode(head_hash, 'hex'), status, branch,
    pull_number, run_id, projection::json, opened_at::timestamptz, changed_at::timestamptz
  FROM verdict WHERE verdict = 'committed' AND expected_version = 0
  ON CONFLICT DO NOTHING
  RETURNING id
), advanced AS (
  UPDATE task SET
    version = new_version, head_hash = decode(verdict.head_hash, 'hex'), status = verdict.status,
    branch = verdict.branch, pull_number = verdict.pull_number, run_id = verdict.run_id,
    projection = verdict.projection::json, changed_at = verdict.changed_at::timestamptz
  FROM verdict
  WHERE task.id = verdict.task_id AND verdict.verdict = 'committed' AND verdict.expected_version > 0
    AND verdict.new_version > verdict.expected_version
  RETURNING task.id
), applied AS MATERIALIZED (
  SELECT id FROM opened
  UNION ALL SELECT id FROM advanced
  UNION ALL SELECT task_id FROM verdict
    WHERE verdict = 'committed' AND expected_version > 0 AND new_version = expected_version
), recorded_event AS (
  INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
  SELECT event.task_id, event.sequence, item.tenant_id, event.type, event.at::timestamptz, event.canonical,
    decode(event.hash, 'hex')
  FROM unnest($23::text[], $24::bigint[], $25::text[], $26::text[], $27::text[], $28::text[])
    AS event (task_id, sequence, type, at, canonical, hash)
  JOIN applied ON applied.id = event.task_id
  JOIN item ON item.task_id = event.task_id
), new_effect AS (
  INSERT INTO effect (id, task_id, tenant_id, kind, payload, due_at)
  SELECT effect.id, effect.task_id, item.tenant_id, effect.kind, effect.payload::json, effect.due_at::timestamptz
  FROM unnest($29::text[], $30::text[], $31::text[], $32::text[], $33::text[]) WITH ORDINALITY
    AS effect (id, task_id, kind, payload, due_at, ordinal)
  JOIN applied ON applied.id = effect.task_id
  JOIN item ON item.task_id = effect.task_id
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
SELECT verdict.task_id AS task, (SELECT count(*) FROM notified) AS notified,
  CASE WHEN verdict.verdict = 'committed' AND applied.id IS NULL THEN 'conflict' ELSE verdict.verdict END AS verdict
FROM verdict LEFT JOIN applied ON applied.id = verdict.task_id`,
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
    commits.map(({ item }) => item.commit.expectedVersion),
    commits.map(({ item, events }) => item.commit.expectedVersion + events.length),
    textArray(commits.map(({ previousHash }) => previousHash)),
    textArray(commits.map(({ previousHash, events }) => events.at(-1)?.hash ?? previousHash)),
    textArray(lookups.map(({ status }) => status)),
    textArray(commits.map(({ item }) => item.commit.after.branch)),
    lookups.map(({ pullNumber }) => pullNumber),
    lookups.map(({ runId }) => runId),
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
    tasks.map((task) => task.tenant),
    tasks.map((task) => task.repository.id),
    tasks.map((task) => task.issue.number),
    tasks.map((task) => taskLookups(task).generation),
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
    rows.map(({ event }) => event.sequence),
    textArray(rows.map(({ event }) => event.type)),
    textArray(rows.map(({ event }) => event.at)),
    textArray(rows.map(({ event }) => event.canonical)),
    textArray(rows.map(({ event }) => event.hash)),
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
