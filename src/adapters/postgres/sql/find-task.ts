import { bigintArray, type Parameter, textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import type { StoredHead } from "./read-task.ts";

/** A number that a task has within its repository: its issue's, its pull request's or its run's. */
export type NumberInRepository = { readonly repositoryId: number; readonly number: number };

export type BranchInRepository = { readonly repositoryId: number; readonly branch: string };

// An issue that was worked on before has several tasks, and so have its pull request and branch when they are used
// again: the newest generation is the one that counts. Each is looked up by itself: a join may be planned as a scan of the
// whole table where few rows had been counted.

const byIssue: Statement = {
  name: "find_tasks_by_issue",
  text: `
SELECT found.id AS task, found.version, encode(found.head_hash, 'hex') AS hash
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS wanted (repository_id, number, ordinal)
LEFT JOIN LATERAL (
  SELECT id, version, head_hash FROM task
  WHERE repository_id = wanted.repository_id AND issue_number = wanted.number
  ORDER BY generation DESC LIMIT 1
) AS found ON true
ORDER BY ordinal`,
};

const byPull: Statement = {
  name: "find_tasks_by_pull",
  text: `
SELECT found.id AS task, found.version, encode(found.head_hash, 'hex') AS hash
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS wanted (repository_id, number, ordinal)
LEFT JOIN LATERAL (
  SELECT id, version, head_hash FROM task
  WHERE repository_id = wanted.repository_id AND pull_number = wanted.number
  ORDER BY generation DESC LIMIT 1
) AS found ON true
ORDER BY ordinal`,
};

const byBranch: Statement = {
  name: "find_tasks_by_branch",
  text: `
SELECT found.id AS task, found.version, encode(found.head_hash, 'hex') AS hash
FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS wanted (repository_id, branch, ordinal)
LEFT JOIN LATERAL (
  SELECT id, version, head_hash FROM task
  WHERE repository_id = wanted.repository_id AND branch = wanted.branch
  ORDER BY generation DESC LIMIT 1
) AS found ON true
ORDER BY ordinal`,
};

const byRun: Statement = {
  name: "find_tasks_by_run",
  text: `
SELECT found.id AS task, found.version, encode(found.head_hash, 'hex') AS hash
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS wanted (repository_id, number, ordinal)
LEFT JOIN LATERAL (
  SELECT task_id FROM run WHERE repository_id = wanted.repository_id AND id = wanted.number LIMIT 1
) AS waiting ON true
LEFT JOIN LATERAL (
  SELECT id, version, head_hash FROM task WHERE id = waiting.task_id AND status = 'open' LIMIT 1
) AS found ON true
ORDER BY ordinal`,
};

type Found = Promise<readonly (StoredHead | null)[]>;

// Each answers in the order of what is wanted.

export function findTasksByIssue(session: SqlSession, wanted: readonly NumberInRepository[]): Found {
  return findByNumber(session, byIssue, wanted);
}

export function findTasksByPull(session: SqlSession, wanted: readonly NumberInRepository[]): Found {
  return findByNumber(session, byPull, wanted);
}

/** Open tasks that have waited for the run, and may wait for another one by now. */
export function findTasksByRun(session: SqlSession, wanted: readonly NumberInRepository[]): Found {
  return findByNumber(session, byRun, wanted);
}

export function findTasksByBranch(session: SqlSession, wanted: readonly BranchInRepository[]): Found {
  return find(session, byBranch, [
    bigintArray(wanted.map(({ repositoryId }) => repositoryId)),
    textArray(wanted.map(({ branch }) => branch)),
  ]);
}

function findByNumber(
  session: SqlSession,
  statement: Statement,
  wanted: readonly NumberInRepository[],
): Found {
  return find(session, statement, [
    bigintArray(wanted.map(({ repositoryId }) => repositoryId)),
    bigintArray(wanted.map(({ number }) => number)),
  ]);
}

async function find(session: SqlSession, statement: Statement, parameters: readonly Parameter[]): Found {
  const rows = await session.query<StoredHead | { readonly task: null }>(statement, parameters);
  return rows.map((row) => (row.task === null ? null : row));
}
