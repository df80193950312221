import type { TaskId } from "../../../base/ids.ts";
import type { Task } from "../../../core/task/state.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const loadTask: Statement = {
  name: "load_task",
  text: `SELECT projection AS task, version, encode(head_hash, 'hex') AS hash FROM task WHERE id = $1`,
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

export async function loadTaskRow(session: SqlSession, task: TaskId): Promise<LoadedTask | null> {
  const rows = await session.query<LoadedTask>(loadTask, [task]);
  return rows[0] ?? null;
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
