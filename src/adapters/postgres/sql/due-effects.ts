import type { EffectId, TaskId } from "../../../base/ids.ts";
import type { PendingEffect, Turn } from "../../../ports/task-store.ts";
import { taskOfEffect } from "../effect-id.ts";
import { textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";

const oldestTurns: Statement = {
  name: "oldest_turns",
  text: `
SELECT id AS first, task_id AS task, tenant_id AS tenant FROM effect
WHERE done_at IS NULL AND due_at <= $1::timestamptz
  AND task_id NOT IN (SELECT unnest($2::text[]))
ORDER BY due_at, sequence LIMIT $3`,
};

/**
 * Steps from tenant to tenant by the index instead of through all that waits, which may be very much: that there is so
 * much of it is why this is asked.
 */
const turnsOfEachTenant: Statement = {
  name: "turns_of_each_tenant",
  text: `
WITH RECURSIVE waiting (tenant_id) AS (
  SELECT min(tenant_id) FROM effect WHERE done_at IS NULL
  UNION ALL
  SELECT (SELECT min(tenant_id) FROM effect WHERE done_at IS NULL AND tenant_id > waiting.tenant_id)
  FROM waiting WHERE waiting.tenant_id IS NOT NULL
)
SELECT oldest.first, oldest.task, waiting.tenant_id AS tenant
FROM waiting CROSS JOIN LATERAL (
  SELECT id AS first, task_id AS task, due_at, sequence FROM effect
  WHERE done_at IS NULL AND tenant_id = waiting.tenant_id AND due_at <= $1::timestamptz
    AND task_id NOT IN (SELECT unnest($2::text[]))
  ORDER BY due_at, sequence LIMIT $3
) AS oldest
ORDER BY oldest.due_at, oldest.sequence`,
};

const nextDue: Statement = {
  name: "next_due_effect",
  text: `
SELECT due_at FROM effect WHERE done_at IS NULL AND due_at > $1::timestamptz
ORDER BY due_at, sequence LIMIT 1`,
};

const dueOfTasks: Statement = {
  name: "due_effects_of_tasks",
  text: `
SELECT due.* FROM unnest($1::text[]) AS claimed (task_id) CROSS JOIN LATERAL (
  SELECT id, task_id AS task, tenant_id AS tenant, payload AS effect, failures FROM effect
  WHERE done_at IS NULL AND task_id = claimed.task_id AND due_at <= $2::timestamptz
  ORDER BY due_at, sequence LIMIT $3
) AS due`,
};

const postponeEffects: Statement = {
  name: "postpone_effects",
  text: `
UPDATE effect SET due_at = later.due_at::timestamptz, failures = effect.failures + later.failed::integer,
  last_failure = later.why
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS later (id, due_at, why, failed)
WHERE effect.task_id = ${taskOfEffect("later.id")} AND effect.id = later.id AND effect.done_at IS NULL`,
};

export type Postponed = {
  readonly id: EffectId;
  readonly until: Date;
  readonly why: string;
  readonly isFailure: boolean;
};

/** Of the `limit` effects that are due at `now` for longest: a turn for each task that has one, but for `besides`. */
export async function readOldestTurns(
  session: SqlSession,
  now: Date,
  besides: readonly TaskId[],
  limit: number,
): Promise<{ readonly turns: readonly Turn[]; readonly areAll: boolean }> {
  const rows = await session.query<Turn>(oldestTurns, [now.toISOString(), textArray(besides), limit]);
  return { turns: firstOfEachTask(rows), areAll: rows.length < limit };
}

/** The same of each tenant, whose `limit` oldest effects are looked at. */
export async function readTurnsOfEachTenant(
  session: SqlSession,
  now: Date,
  besides: readonly TaskId[],
  limit: number,
): Promise<readonly Turn[]> {
  const rows = await session.query<Turn>(turnsOfEachTenant, [now.toISOString(), textArray(besides), limit]);
  return firstOfEachTask(rows);
}

function firstOfEachTask(rows: readonly Turn[]): readonly Turn[] {
  const turns = new Map<TaskId, Turn>();
  for (const row of rows) if (!turns.has(row.task)) turns.set(row.task, row);
  return [...turns.values()];
}

/** When the first effect that is not due at `now` will be. */
export async function readNextDueAfter(session: SqlSession, now: Date): Promise<Date | null> {
  const rows = await session.query<{ due_at: Date }>(nextDue, [now.toISOString()]);
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
  await session.query(postponeEffects, [
    textArray(postponed.map(({ id }) => id)),
    textArray(postponed.map(({ until }) => until.toISOString())),
    textArray(postponed.map(({ why }) => storableText(why))),
    textArray(postponed.map(({ isFailure }) => (isFailure ? "1" : "0"))),
  ]);
}
