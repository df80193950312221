import type { EffectId } from "../../../base/ids.ts";
import type { PendingEffect } from "../../../ports/task-store.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const dueEffects: Statement = {
  name: "due_effects",
  text: `
SELECT id, task_id AS task, tenant_id AS tenant, payload AS effect, failures FROM effect
WHERE done_at IS NULL AND due_at <= $1::timestamptz AND id <> ALL ($2::text[])
ORDER BY due_at, sequence LIMIT $3`,
};

const nextDue: Statement = {
  name: "next_due_effect",
  text: `
SELECT due_at FROM effect WHERE done_at IS NULL AND id <> ALL ($1::text[])
ORDER BY due_at, sequence LIMIT 1`,
};

const postponeEffect: Statement = {
  name: "postpone_effect",
  text: `
UPDATE effect SET due_at = $2::timestamptz, failures = failures + 1, last_failure = $3
WHERE id = $1 AND done_at IS NULL`,
};

/** Those due at `now` but for the ones being run, oldest first. */
export function readDueEffects(
  session: SqlSession,
  now: Date,
  running: readonly EffectId[],
  limit: number,
): Promise<readonly PendingEffect[]> {
  return session.query<PendingEffect>(dueEffects, [now.toISOString(), running, limit]);
}

export async function readNextDue(session: SqlSession, running: readonly EffectId[]): Promise<Date | null> {
  const rows = await session.query<{ due_at: Date }>(nextDue, [running]);
  return rows[0]?.due_at ?? null;
}

export async function writePostponed(
  session: SqlSession,
  postponed: { readonly id: EffectId; readonly until: Date; readonly why: string },
): Promise<void> {
  await session.query(postponeEffect, [postponed.id, postponed.until.toISOString(), postponed.why]);
}
