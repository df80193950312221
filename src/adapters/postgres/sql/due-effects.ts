import type { EffectId, TaskId } from "../../../base/ids.ts";
import type { PendingEffect, Turn } from "../../../ports/task-store.ts";
import { EFFECT_ID } from "../effect-id.ts";
import { bigintArray, textArray, timestampArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";
import { changeOfWaiting, changeWhereFound, placeColumns } from "./change-where-found.ts";

/**
 * The tenants that have effects waiting: steps from one to the next by the index instead of through all that waits, which may
 * be very much. The aggregate `min` would read all of it where few rows had been counted.
 */
const WAITING_TENANTS = `
WITH RECURSIVE waiting (tenant_id) AS (
  (SELECT tenant_id FROM effect WHERE done_at IS NULL ORDER BY tenant_id LIMIT 1)
  UNION ALL
  SELECT next.tenant_id FROM waiting CROSS JOIN LATERAL (
    SELECT tenant_id FROM effect WHERE done_at IS NULL AND tenant_id > waiting.tenant_id ORDER BY tenant_id LIMIT 1
  ) AS next
)`;

const turnsOfEachTenant: Statement = {
  name: "turns_of_each_tenant",
  text: `${WAITING_TENANTS}, due AS MATERIALIZED (
  SELECT waiting.tenant_id FROM waiting CROSS JOIN LATERAL (
    SELECT FROM effect WHERE done_at IS NULL AND tenant_id = waiting.tenant_id AND due_at <= $1::timestamptz
    ORDER BY due_at LIMIT 1
  ) AS any_effect
)
SELECT oldest.first, oldest.task, due.tenant_id AS tenant
FROM due CROSS JOIN LATERAL (
  SELECT ${EFFECT_ID} AS first, task_id AS task, due_at, version, ordinal FROM effect
  WHERE done_at IS NULL AND tenant_id = due.tenant_id AND due_at <= $1::timestamptz
    AND task_id NOT IN (SELECT unnest($2::text[]))
  ORDER BY due_at, version, ordinal LIMIT (SELECT greatest($3::bigint / count(*), $4::bigint) FROM due)
) AS oldest
ORDER BY oldest.due_at, oldest.version, oldest.ordinal`,
};

const nextDue: Statement = {
  name: "next_due_effect",
  text: `${WAITING_TENANTS}
SELECT min(next.due_at) AS due_at
FROM waiting CROSS JOIN LATERAL (
  SELECT due_at FROM effect WHERE done_at IS NULL AND tenant_id = waiting.tenant_id AND due_at > $1::timestamptz
  ORDER BY due_at, version, ordinal LIMIT 1
) AS next`,
};

const dueOfTasks: Statement = {
  name: "due_effects_of_tasks",
  text: `
SELECT due.* FROM unnest($1::text[]) AS claimed (task_id) CROSS JOIN LATERAL (
  SELECT ${EFFECT_ID} AS id, task_id AS task, tenant_id AS tenant, payload AS effect, failures FROM effect
  WHERE outcome IS NULL AND task_id = claimed.task_id AND due_at <= $2::timestamptz
  ORDER BY due_at, version, ordinal LIMIT $3
) AS due`,
};

const postponeEffects: Statement = {
  name: "postpone_effects",
  text: changeOfWaiting({
    set: "due_at = given.due_at, failures = failures + given.failed, last_failure = given.why",
    given: `unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::text[])
  AS given (task_id, version, ordinal, due_at, failed, why)`,
  }),
};

export type Postponed = {
  readonly id: EffectId;
  readonly until: Date;
  readonly why: string;
  readonly isFailure: boolean;
};

/**
 * A turn for each task that has effects due at `now`, but for `besides`: of every tenant that has any the oldest effects are
 * looked at, `limit` in all, or `limitOfTenant` of each where that is more.
 */
export async function readTurns(
  session: SqlSession,
  now: Date,
  besides: readonly TaskId[],
  limit: number,
  limitOfTenant: number,
): Promise<readonly Turn[]> {
  const rows = await session.query<Turn>(turnsOfEachTenant, [
    now.toISOString(),
    textArray(besides),
    limit,
    limitOfTenant,
  ]);
  return firstOfEachTask(rows);
}

function firstOfEachTask(rows: readonly Turn[]): readonly Turn[] {
  const turns = new Map<TaskId, Turn>();
  for (const row of rows) if (!turns.has(row.task)) turns.set(row.task, row);
  return [...turns.values()];
}

/** When the first effect that is not due at `now` will be. */
export async function readNextDueAfter(session: SqlSession, now: Date): Promise<Date | null> {
  const rows = await session.query<{ due_at: Date | null }>(nextDue, [now.toISOString()]);
  return rows[0]?.due_at ?? null;
}

/** The effects of these tasks that are due at `now`, those of a task in their order, at most `limit` of each. */
export function readDueOfTasks(
  session: SqlSession,
  tasks: readonly TaskId[],
  now: Date,
  limit: number,
): Promise<readonly PendingEffect[]> {
  return session.query<PendingEffect>(dueOfTasks, [textArray(tasks), now.toISOString(), limit]);
}

export async function writePostponed(session: SqlSession, postponed: readonly Postponed[]): Promise<void> {
  await changeWhereFound(session, postponeEffects, postponed, (some) => [
    ...placeColumns(some),
    timestampArray(some.map(({ until }) => until.getTime())),
    bigintArray(some.map(({ isFailure }) => (isFailure ? 1 : 0))),
    textArray(some.map(({ why }) => storableText(why))),
  ]);
}
