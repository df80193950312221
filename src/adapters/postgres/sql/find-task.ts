import type { TaskId } from "../../../base/ids.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

// An issue that was worked on before has several tasks, and so have its pull request and branch when they are used
// again: the newest generation is the one that counts.

const byIssue: Statement = {
  name: "find_task_by_issue",
  text: `SELECT id FROM task WHERE repository_id = $1 AND issue_number = $2 ORDER BY generation DESC LIMIT 1`,
};

const byPull: Statement = {
  name: "find_task_by_pull",
  text: `SELECT id FROM task WHERE repository_id = $1 AND pull_number = $2 ORDER BY generation DESC LIMIT 1`,
};

const byBranch: Statement = {
  name: "find_task_by_branch",
  text: `SELECT id FROM task WHERE repository_id = $1 AND branch = $2 ORDER BY generation DESC LIMIT 1`,
};

const byRun: Statement = {
  name: "find_task_by_run",
  text: `SELECT id FROM task WHERE repository_id = $1 AND run_id = $2 AND status = 'open' LIMIT 1`,
};

export function findTaskByIssue(session: SqlSession, repositoryId: number, issueNumber: number) {
  return findOne(session, byIssue, [repositoryId, issueNumber]);
}

export function findTaskByPull(session: SqlSession, repositoryId: number, pullNumber: number) {
  return findOne(session, byPull, [repositoryId, pullNumber]);
}

export function findTaskByBranch(session: SqlSession, repositoryId: number, branch: string) {
  return findOne(session, byBranch, [repositoryId, branch]);
}

export function findTaskByRun(session: SqlSession, repositoryId: number, runId: number) {
  return findOne(session, byRun, [repositoryId, runId]);
}

async function findOne(
  session: SqlSession,
  statement: Statement,
  values: readonly unknown[],
): Promise<TaskId | null> {
  const rows = await session.query<{ id: TaskId }>(statement, values);
  return rows[0]?.id ?? null;
}
