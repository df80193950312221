import type { TaskId, TenantId } from "../../../base/ids.ts";
import type { RecordedEvent } from "../../../core/task/events.ts";
import { evolve } from "../../../core/task/evolve.ts";
import type { Task } from "../../../core/task/state.ts";
import { byteaArray, textArray } from "../array-parameter.ts";
import type { KnownTask } from "../known-tasks.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const loadUnlessKnown: Statement = {
  name: "load_tasks_unless_known",
  text: `
SELECT task.id, task.version, encode(task.head_hash, 'hex') AS hash, stored.state, stored.since
FROM unnest($1::text[], $2::bytea[]) AS wanted (id, known_hash) JOIN task ON task.id = wanted.id
LEFT JOIN LATERAL (
  SELECT projection.state, (
    SELECT '[' || string_agg(event.canonical, ',' ORDER BY event.sequence) || ']' FROM event
    WHERE event.task_id = task.id AND event.sequence > coalesce(projection.version, 0)
  ) AS since
  FROM (SELECT) AS always LEFT JOIN projection ON projection.task_id = task.id
) AS stored ON task.head_hash <> wanted.known_hash`,
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

type TaskRow = {
  readonly id: TaskId;
  readonly version: number;
  readonly hash: string;
  /** As it was when it was kept last; null where it never was, or is known. */
  readonly state: string | null;
  /** The events since then, as a JSON array; null where there is none, or the state is known. */
  readonly since: string | null;
};

export type LoadedTask = KnownTask & { readonly task: Task };

export type StoredHead = { readonly task: TaskId; readonly version: number; readonly hash: string };

/**
 * In the order of the ids; null where there is no such task. A state that is known with the hash that is stored is
 * neither sent nor folded.
 */
export async function loadTasks(
  session: SqlSession,
  tasks: readonly TaskId[],
  known: { get(task: TaskId): KnownTask | undefined },
): Promise<readonly (LoadedTask | null)[]> {
  const states = new Map(tasks.map((task) => [task, known.get(task)]));
  const ids = [...states.keys()];
  const rows = await session.query<TaskRow>(loadUnlessKnown, [
    textArray(ids),
    byteaArray(ids.map((id) => hashOfKnownState(states.get(id)))),
  ]);
  const loaded = new Map(rows.map((row) => [row.id, loadedTask(row, states.get(row.id))]));
  return tasks.map((task) => loaded.get(task) ?? null);
}

/** No stored hash is empty. */
function hashOfKnownState(known: KnownTask | undefined): Buffer {
  return Buffer.from(known?.task ? known.hash : "", "hex");
}

function loadedTask({ version, hash, state, since }: TaskRow, known: KnownTask | undefined): LoadedTask {
  if (known?.task && known.hash === hash)
    return { task: known.task, version, hash, characters: known.characters };
  const kept = state === null ? null : (JSON.parse(state) as Task);
  const events = since === null ? [] : (JSON.parse(since) as readonly RecordedEvent[]);
  const task = events.reduce<Task | null>((before, { event, meta }) => evolve(before, event, meta), kept);
  if (!task) throw new Error("The database has a task without an event.");
  return { task, version, hash, characters: (state ?? since ?? "").length };
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
