import type { TaskId } from "../../../base/ids.ts";
import type { Task } from "../../../core/task/state.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const loadTasks: Statement = {
  name: "load_tasks",
  text: `SELECT projection AS task, version, encode(head_hash, 'hex') AS hash FROM task WHERE id = ANY ($1::text[])`,
};

const readHeads: Statement = {
  name: "read_heads",
  text: `SELECT id AS task, version, encode(head_hash, 'hex') AS hash FROM task WHERE id = ANY ($1::text[])`,
};

const listOpen: Statement = {
  name: "list_open_tasks",
  text: `SELECT id FROM task WHERE status = 'open' ORDER BY id`,
};

export type LoadedTask = { readonly task: Task; readonly version: number; readonly hash: string };

export type StoredHead = { readonly task: TaskId; readonly version: number; readonly hash: string };

/** In the order of the ids; null where there is no such task. */
export async function loadTaskRows(
  session: SqlSession,
  tasks: readonly TaskId[],
): Promise<readonly (LoadedTask | null)[]> {
  const rows = await session.query<LoadedTask>(loadTasks, [tasks]);
  const byId = new Map(rows.map((row) => [row.task.id, row]));
  return tasks.map((task) => byId.get(task) ?? null);
}

export function readChainHeads(
  session: SqlSession,
  tasks: readonly TaskId[],
): Promise<readonly StoredHead[]> {
  return session.query<StoredHead>(readHeads, [tasks]);
}

export async function listOpenTasks(session: SqlSession): Promise<readonly TaskId[]> {
  const rows = await session.query<{ id: TaskId }>(listOpen);
  return rows.map((row) => row.id);
}
