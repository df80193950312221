import type { Statement } from "../sql-client.ts";

/** What a batch of commits holds. What it does not hold is left out: each table that a statement names costs time. */
export type CommitParts = {
  readonly opensTasks: boolean;
  readonly settlesDeliveries: boolean;
  readonly settlesEffects: boolean;
  readonly keepsStates: boolean;
};

const known = new Map<string, Statement>();

/**
 * A whole batch in one statement, which is a transaction by itself. Every task stands in it once at most, in the order
 * of the ids. Its parameters are arrays with an element for each commit, but for those of events and of new effects:
 *
 * | number | what |
 * | --- | --- |
 * | 1 to 10 | task, as `item` names them |
 * | 11 to 16 | events |
 * | 17 to 21 | new effects |
 * | 22, 23 | channel of the notice and who sends it |
 * | then, where there are such | ids of deliveries; ids of effects; outcomes of either |
 * | then, where tasks are opened | the rest of a task's row |
 * | then, where any is kept | states |
 *
 * The rows of causes are locked first, in the order of their ids, and tasks are changed in theirs, so that servers which
 * write the same tasks wait for one another; who comes second finds another version and hash, or the task opened, and
 * gets nothing back. What is refused touches nothing: all that is written hangs on `applied`.
 */
export function commitStatement(parts: CommitParts): Statement {
  const { opensTasks, settlesDeliveries, settlesEffects, keepsStates } = parts;
  const name = [
    "commit_batch",
    ...(opensTasks ? ["opening"] : []),
    ...(settlesDeliveries ? ["deliveries"] : []),
    ...(settlesEffects ? ["effects"] : []),
    ...(keepsStates ? ["states"] : []),
  ].join("_");
  const statement = known.get(name) ?? { name, text: textFor(parts) };
  known.set(name, statement);
  return statement;
}

type Cause = { readonly table: "delivery" | "effect"; readonly settledAt: string };

type Column = readonly [name: string, type: string];

const TASK_COLUMNS: readonly Column[] = [
  ["task_id", "text"],
  ["expected_version", "bigint"],
  ["new_version", "bigint"],
  ["previous_hash", "bytea"],
  ["head_hash", "bytea"],
  ["status", "text"],
  ["branch", "text"],
  ["pull_number", "bigint"],
  ["run_id", "bigint"],
  ["changed_at", "text"],
];

const OPENING_COLUMNS: readonly Column[] = [
  ["tenant_id", "bigint"],
  ["repository_id", "bigint"],
  ["issue_number", "bigint"],
  ["generation", "bigint"],
  ["owner", "text"],
  ["name", "text"],
  ["default_branch", "text"],
  ["opened_at", "text"],
];

const FIRST_OPTIONAL = 24;

function textFor({ opensTasks, settlesDeliveries, settlesEffects, keepsStates }: CommitParts): string {
  const causes: Cause[] = [];
  if (settlesDeliveries) causes.push({ table: "delivery", settledAt: "settled_at" });
  if (settlesEffects) causes.push({ table: "effect", settledAt: "done_at" });
  const optional: readonly Column[] = [
    ...causes.map(({ table }): Column => [`${table}_id`, "text"]),
    ...(causes.length > 0 ? [["outcome", "text"] as const] : []),
    ...(opensTasks ? OPENING_COLUMNS : []),
    ...(keepsStates ? [["state", "text"] as const] : []),
  ];
  const steps = [
    ...causes.map(
      ({ table }, index) => `held_${table} AS MATERIALIZED (
  SELECT id, outcome FROM ${table}
  WHERE id = ANY ($${FIRST_OPTIONAL + index}::text[]) ORDER BY id FOR NO KEY UPDATE
)`,
    ),
    itemStep(optional, causes),
    ...(opensTasks ? [OPENING_STEPS] : []),
    CHANGING_STEPS,
    `applied AS MATERIALIZED (
  ${opensTasks ? "SELECT * FROM opened UNION ALL " : ""}SELECT * FROM advanced UNION ALL SELECT * FROM unchanged
)`,
    WRITING_STEPS,
    ...(keepsStates ? [KEEPING_STEP] : []),
    ...causes.map(
      ({ table, settledAt }) => `done_${table} AS (
  UPDATE ${table} SET outcome = item.outcome, ${settledAt} = now()
  FROM item JOIN applied ON applied.id = item.task_id
  WHERE ${table}.id = item.${table}_id
)`,
    ),
  ];
  return `
WITH ${steps.join(", ")}
SELECT item.task_id AS task, (SELECT count(*) FROM notified) AS notified,
  CASE WHEN applied.id IS NULL THEN coalesce(item.refusal, 'conflict') ELSE 'committed' END AS verdict
FROM item LEFT JOIN applied ON applied.id = item.task_id`;
}

function itemStep(optional: readonly Column[], causes: readonly Cause[]): string {
  const parameters = [
    ...TASK_COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`),
    ...optional.map(([, type], index) => `$${FIRST_OPTIONAL + index}::${type}[]`),
  ];
  const isUnknown = ({ table }: Cause): string => `item.${table}_id IS NOT NULL AND held_${table}.id IS NULL`;
  const refusal =
    causes.length === 0
      ? "NULL"
      : `CASE
    WHEN ${causes.map(isUnknown).join(" OR ")} THEN 'unknown-cause'
    WHEN ${causes.map(({ table }) => `held_${table}.outcome IS NOT NULL`).join(" OR ")} THEN 'already-settled'
  END`;
  return `item AS MATERIALIZED (
  SELECT item.*, ${refusal} AS refusal
  FROM unnest(${parameters.join(", ")})
    AS item (${[...TASK_COLUMNS, ...optional].map(([name]) => name).join(", ")})
  ${causes.map(({ table }) => `LEFT JOIN held_${table} ON held_${table}.id = item.${table}_id`).join("\n  ")}
)`;
}

const OPENING_STEPS = `opening AS MATERIALIZED (
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
    opened_at, changed_at
  )
  SELECT
    task_id, tenant_id, repository_id, issue_number, generation, new_version, head_hash, status, branch, pull_number,
    run_id, opened_at::timestamptz, changed_at::timestamptz
  FROM opening
  ON CONFLICT DO NOTHING
  RETURNING id, tenant_id
)`;

const CHANGING_STEPS = `advanced AS (
  UPDATE task SET
    version = new_version, head_hash = item.head_hash, status = item.status, branch = item.branch,
    pull_number = item.pull_number, run_id = item.run_id,
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
)`;

const WRITING_STEPS = `recorded_event AS (
  INSERT INTO event (task_id, sequence, tenant_id, type, at, canonical, hash)
  SELECT event.task_id, event.sequence, applied.tenant_id, event.type, event.at::timestamptz, event.canonical, event.hash
  FROM unnest($11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::bytea[])
    AS event (task_id, sequence, type, at, canonical, hash)
  JOIN applied ON applied.id = event.task_id
), new_effect AS (
  INSERT INTO effect (id, task_id, tenant_id, kind, payload, due_at)
  SELECT effect.id, effect.task_id, applied.tenant_id, effect.kind, effect.payload::json, effect.due_at::timestamptz
  FROM unnest($17::text[], $18::text[], $19::text[], $20::text[], $21::text[]) WITH ORDINALITY
    AS effect (id, task_id, kind, payload, due_at, ordinal)
  JOIN applied ON applied.id = effect.task_id
  ORDER BY effect.ordinal
  RETURNING 1
), notified AS (
  SELECT pg_notify($22, $23) FROM (SELECT FROM new_effect LIMIT 1) AS work WHERE $22 IS NOT NULL
)`;

const KEEPING_STEP = `kept_state AS (
  INSERT INTO projection (task_id, version, state)
  SELECT item.task_id, item.new_version, item.state FROM item JOIN applied ON applied.id = item.task_id
  WHERE item.state IS NOT NULL
  ON CONFLICT (task_id) DO UPDATE SET version = excluded.version, state = excluded.state
)`;
