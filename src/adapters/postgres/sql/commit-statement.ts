import { taskOfEffect } from "../effect-id.ts";
import type { Statement } from "../sql-client.ts";

/** What a batch of commits holds. What it does not hold is left out: each table that a statement names costs time. */
export type CommitParts = {
  /** Tasks that are opened. */
  readonly opening: boolean;
  /** Deliveries that are settled. */
  readonly deliveries: boolean;
  /** Effects that are settled. */
  readonly effects: boolean;
  /** Runs that are new. */
  readonly runs: boolean;
  /** States that are kept. */
  readonly states: boolean;
};

const known = new Map<string, Statement>();

/**
 * A whole batch in one statement, which is a transaction by itself. Every task stands in it once at most, in the order
 * of the ids. Its parameters are arrays with an element for each commit, but for those of new effects:
 *
 * | number | what |
 * | --- | --- |
 * | 1 to 9 | task and entry, as `item` names them |
 * | 10 to 14 | new effects |
 * | 15, 16 | channel of the notice and who sends it |
 * | then, where there are such | ids of deliveries; ids of effects; outcomes of either |
 * | then, where tasks are opened | the rest of a task's row |
 * | then, where any is new | runs |
 * | then, where any is kept | states |
 *
 * The rows of causes are locked first, in the order of their ids, and tasks are changed in theirs, so that servers which
 * write the same tasks wait for one another; who comes second finds another version and hash, or the task opened, and
 * gets nothing back. What is refused touches nothing: all that is written hangs on `applied`.
 *
 * Rows are looked up one by one, and then changed where they were found: a join would be planned as a scan of the whole table
 * where few rows had been counted. What must hold of a row is asked where it is changed, for another may have changed it
 * meanwhile.
 */
export function commitStatement(parts: CommitParts): Statement {
  // PostgreSQL cuts names off at 63 characters.
  const held = Object.entries(parts).flatMap(([part, isThere]) => (isThere ? [part] : []));
  const name = ["commit_batch", ...held].join("_");
  const statement = known.get(name) ?? { name, text: textFor(parts) };
  known.set(name, statement);
  return statement;
}

/** What a commit may settle. */
type Cause = { readonly table: "delivery" | "effect"; readonly settledAt: string };

type Column = readonly [name: string, type: string];

const ITEM_COLUMNS: readonly Column[] = [
  ["task_id", "text"],
  ["expected_version", "bigint"],
  ["new_version", "bigint"],
  ["previous_hash", "bytea"],
  ["head_hash", "bytea"],
  ["canonical", "text"],
  ["status", "text"],
  ["branch", "text"],
  ["pull_number", "bigint"],
];

const OPENING_COLUMNS: readonly Column[] = [
  ["tenant_id", "bigint"],
  ["repository_id", "bigint"],
  ["issue_number", "bigint"],
  ["generation", "bigint"],
  ["owner", "text"],
  ["name", "text"],
  ["default_branch", "text"],
  ["opened_at", "timestamptz"],
];

const RUN_COLUMNS: readonly Column[] = [
  ["run_repository_id", "bigint"],
  ["run_id", "bigint"],
];

const FIRST_OPTIONAL = 17;

function textFor(parts: CommitParts): string {
  const causes: Cause[] = [];
  if (parts.deliveries) causes.push({ table: "delivery", settledAt: "settled_at" });
  if (parts.effects) causes.push({ table: "effect", settledAt: "done_at" });
  const optional: readonly Column[] = [
    ...causes.map(({ table }): Column => [`${table}_id`, "text"]),
    ...(causes.length > 0 ? [["outcome", "text"] as const] : []),
    ...(parts.opening ? OPENING_COLUMNS : []),
    ...(parts.runs ? RUN_COLUMNS : []),
    ...(parts.states ? [["state", "text"] as const] : []),
  ];
  const steps = [
    ...causes.map((cause, index) => heldStep(cause, `$${FIRST_OPTIONAL + index}`)),
    itemStep(optional, causes),
    ...(parts.opening ? [OPENING_STEPS] : []),
    ADVANCING_STEP,
    `applied AS MATERIALIZED (
  ${parts.opening ? "SELECT tenant, item.* FROM opened JOIN item ON item.task_id = opened.id UNION ALL " : ""}SELECT * FROM advanced
)`,
    WRITING_STEPS,
    ...(parts.runs ? [RUNS_STEP] : []),
    ...(parts.states ? [KEEPING_STEP] : []),
    ...causes.map(doneStep),
  ];
  return `
WITH ${steps.join(", ")}
SELECT item.task_id AS task, (SELECT count(*) FROM notified) AS notified,
  CASE WHEN applied.task_id IS NULL THEN coalesce(item.refusal, 'conflict') ELSE 'committed' END AS verdict
FROM item LEFT JOIN applied ON applied.task_id = item.task_id`;
}

/** An effect that does not wait is settled, by whoever ran it too: one that was never stored is not told from it. */
function heldStep({ table }: Cause, ids: string): string {
  if (table === "delivery") {
    return `held_delivery AS MATERIALIZED (
  SELECT id, ctid AS place, outcome FROM delivery WHERE id = ANY (${ids}::text[]) ORDER BY id FOR NO KEY UPDATE
)`;
  }
  return `held_effect AS MATERIALIZED (
  SELECT effect.id FROM unnest(${ids}::text[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT id FROM effect
    WHERE task_id = ${taskOfEffect("wanted.id")} AND id = wanted.id AND done_at IS NULL FOR NO KEY UPDATE
  ) AS effect
)`;
}

/** A process that has lost its claim may put an effect off meanwhile, which moves its row: it is looked up again. */
function doneStep({ table, settledAt }: Cause): string {
  const isHeld =
    table === "delivery"
      ? "delivery.ctid = applied.delivery_place"
      : `effect.task_id = ${taskOfEffect("applied.effect_id")} AND effect.id = applied.effect_id`;
  return `done_${table} AS (
  UPDATE ${table} SET outcome = applied.outcome, ${settledAt} = now() FROM applied
  WHERE ${isHeld} AND ${table}.${settledAt} IS NULL
)`;
}

function itemStep(optional: readonly Column[], causes: readonly Cause[]): string {
  const parameters = [
    ...ITEM_COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`),
    ...optional.map(([, type], index) => `$${FIRST_OPTIONAL + index}::${type}[]`),
  ];
  const settlesDeliveries = causes.some(({ table }) => table === "delivery");
  return `item AS MATERIALIZED (
  SELECT item.*, ${settlesDeliveries ? "held_delivery.place AS delivery_place, " : ""}${refusalFor(causes)} AS refusal
  FROM unnest(${parameters.join(", ")})
    AS item (${[...ITEM_COLUMNS, ...optional].map(([name]) => name).join(", ")})
  ${causes.map(({ table }) => `LEFT JOIN held_${table} ON held_${table}.id = item.${table}_id`).join("\n  ")}
)`;
}

function refusalFor(causes: readonly Cause[]): string {
  const refusals = causes.map(({ table }) =>
    table === "delivery"
      ? `WHEN item.delivery_id IS NOT NULL AND held_delivery.id IS NULL THEN 'unknown-cause'
    WHEN held_delivery.outcome IS NOT NULL THEN 'already-settled'`
      : `WHEN item.effect_id IS NOT NULL AND held_effect.id IS NULL THEN 'already-settled'`,
  );
  return refusals.length === 0 ? "NULL" : `CASE ${refusals.join("\n    ")} END`;
}

const OPENING_STEPS = `opening AS MATERIALIZED (
  SELECT * FROM item
  WHERE refusal IS NULL AND expected_version = 0 AND (SELECT true FROM task WHERE id = item.task_id LIMIT 1) IS NULL
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
    id, tenant_id, repository_id, issue_number, generation, version, head_hash, status, branch, pull_number,
    opened_at, changed_at
  )
  SELECT
    task_id, tenant_id, repository_id, issue_number, generation, new_version, head_hash, status, branch, pull_number,
    opened_at, now()
  FROM opening
  ON CONFLICT DO NOTHING
  RETURNING id, tenant_id AS tenant
)`;

const ADVANCING_STEP = `advanced AS (
  UPDATE task SET
    version = new_version, head_hash = item.head_hash, status = item.status, branch = item.branch,
    pull_number = item.pull_number, changed_at = now()
  FROM item CROSS JOIN LATERAL (SELECT ctid AS place FROM task WHERE id = item.task_id LIMIT 1) AS found
  WHERE task.ctid = found.place AND task.version = item.expected_version AND task.head_hash = item.previous_hash
    AND item.refusal IS NULL
  RETURNING task.tenant_id AS tenant, item.*
)`;

const WRITING_STEPS = `new_entry AS (
  INSERT INTO entry (task_id, sequence, tenant_id, canonical, hash)
  SELECT task_id, new_version, tenant, canonical, head_hash FROM applied
), new_effect AS (
  INSERT INTO effect (id, task_id, tenant_id, kind, payload, due_at)
  SELECT effect.id, effect.task_id, applied.tenant, effect.kind, effect.payload::json, effect.due_at
  FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[]) WITH ORDINALITY
    AS effect (id, task_id, kind, payload, due_at, ordinal)
  JOIN applied ON applied.task_id = effect.task_id
  ORDER BY effect.ordinal
  RETURNING 1
), notified AS (
  SELECT pg_notify($15, $16) FROM (SELECT FROM new_effect LIMIT 1) AS work WHERE $15 IS NOT NULL
)`;

const RUNS_STEP = `new_run AS (
  INSERT INTO run (repository_id, id, task_id)
  SELECT run_repository_id, run_id, task_id FROM applied WHERE run_id IS NOT NULL
  ON CONFLICT DO NOTHING
)`;

const KEEPING_STEP = `kept_state AS (
  INSERT INTO projection (task_id, version, state)
  SELECT task_id, new_version, state FROM applied WHERE state IS NOT NULL
  ON CONFLICT (task_id) DO UPDATE SET version = excluded.version, state = excluded.state
)`;
