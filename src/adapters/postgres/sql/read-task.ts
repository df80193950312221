import type { TaskId, TenantId } from "../../../base/ids.ts";
import type { KnownTask } from "../known-tasks.ts";
import { byteaArray, textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const loadUnlessKnown: Statement = {
  name: "load_tasks_unless_known",
  text: `
SELECT task.id, task.version, encode(task.head_hash, 'hex') AS hash,
  CASE WHEN task.head_hash <> wanted.known_hash THEN coalesce(projection.version, 0) END AS kept_at,
  CASE WHEN task.head_hash <> wanted.known_hash THEN projection.state END AS kept,
  CASE WHEN task.head_hash <> wanted.known_hash THEN (
    SELECT '[' || string_agg(entry.canonical, ',' ORDER BY entry.sequence) || ']' FROM entry
    WHERE entry.task_id = task.id AND entry.sequence > coalesce(projection.version, 0)
  ) END AS since
FROM unnest($1::text[], $2::bytea[]) AS wanted (id, known_hash)
CROSS JOIN LATERAL (SELECT id, version, head_hash FROM task WHERE id = wanted.id LIMIT 1) AS task
LEFT JOIN LATERAL (SELECT version, state FROM projection WHERE task_id = wanted.id LIMIT 1) AS projection ON true`,
};

const readHeads: Statement = {
  name: "read_heads",
  text: `SELECT id AS task, version, encode(head_hash, 'hex') AS hash FROM task WHERE id = ANY ($1::text[])`,
};

const openInRepository: Statement = {
  name: "list_open_tasks_in_repository",
  text: `SELECT id FROM task WHERE repository_id = $1 AND status = 'open' ORDER BY id`,
};

const openOfTenant: Statement = {
  name: "list_open_tasks_of_tenant",
  text: `SELECT id FROM task WHERE tenant_id = $1 AND status = 'open' ORDER BY id`,
};

/** `kept_at`, `kept` and `since` are null where the state is known. */
type TaskRow = {
  readonly id: TaskId;
  readonly version: number;
  readonly hash: string;
  /** The version at which its state was kept last; 0 when it never was. */
  readonly kept_at: number | null;
  readonly kept: string | null;
  /** The entries since then, as a JSON array; null where there is none. */
  readonly since: string | null;
};

/** A task as it is stored, and what was known of it when it was read. */
export type StoredTask = { readonly row: TaskRow; readonly known: KnownTask | undefined };

export type StoredHead = { readonly task: TaskId; readonly version: number; readonly hash: string };

/**
 * In the order of the ids; null where there is no such task. A state that is known with the hash that is stored is not
 * sent.
 */
export async function readTasks(
  session: SqlSession,
  tasks: readonly TaskId[],
  known: { get(task: TaskId): KnownTask | undefined },
): Promise<readonly (StoredTask | null)[]> {
  const states = new Map(tasks.map((task) => [task, known.get(task)]));
  const ids = [...states.keys()];
  const rows = await session.query<TaskRow>(loadUnlessKnown, [
    textArray(ids),
    byteaArray(ids.map((id) => hashOfKnownState(states.get(id)))),
  ]);
  const stored = new Map(rows.map((row) => [row.id, { row, known: states.get(row.id) }]));
  return tasks.map((task) => stored.get(task) ?? null);
}

/** No stored hash is empty. */
function hashOfKnownState(known: KnownTask | undefined): Buffer {
  return Buffer.from(known?.task ? known.hash : "", "hex");
}

export function readChainHeads(
  session: SqlSession,
  tasks: readonly TaskId[],
): Promise<readonly StoredHead[]> {
  return session.query<StoredHead>(readHeads, [textArray(tasks)]);
}

export function listOpenTasksInRepository(session: SqlSession, repositoryId: number) {
  return listTasks(session, openInRepository, repositoryId);
}

export function listOpenTasksOfTenant(session: SqlSession, tenant: TenantId) {
  return listTasks(session, openOfTenant, tenant);
}

async function listTasks(session: SqlSession, statement: Statement, of: number): Promise<readonly TaskId[]> {
  const rows = await session.query<{ id: TaskId }>(statement, [of]);
  return rows.map((row) => row.id);
}
