import type { TaskId, TenantId } from "../../../base/ids.ts";
import type { Task } from "../../../core/task/state.ts";
import { textArray } from "../array-parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const loadTasks: Statement = {
  name: "load_tasks",
  text: `SELECT projection, version, encode(head_hash, 'hex') AS hash FROM task WHERE id = ANY ($1::text[])`,
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

type TaskRow = { readonly projection: string; readonly version: number; readonly hash: string };

export type LoadedTask = { readonly task: Task; readonly version: number; readonly hash: string };

export type StoredHead = { readonly task: TaskId; readonly version: number; readonly hash: string };

/** In the order of the ids; null where there is no such task. */
export async function loadTaskRows(
  session: SqlSession,
  tasks: readonly TaskId[],
): Promise<readonly (LoadedTask | null)[]> {
  const rows = await session.query<TaskRow>(loadTasks, [textArray(tasks)]);
  const loaded = rows.map(({ projection, version, hash }) => ({
    task: JSON.parse(projection) as Task,
    version,
    hash,
  }));
  const byId = new Map(loaded.map((row) => [row.task.id, row]));
  return tasks.map((task) => byId.get(task) ?? null);
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
