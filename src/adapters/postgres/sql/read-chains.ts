import type { TaskId } from "../../../base/ids.ts";
import type { ChainEnd, ChainLink } from "../../../core/audit/verify-chain.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

// A task's events come as the lines of one text, since a row for each costs the driver more than verifying it does.
// Canonical JSON has no line break, so that a forged one shows as a line that is no event. The limit of one row keeps the
// planner from merging the page with all tasks from the first on, which made the whole quadratic.
const readChains: Statement = {
  name: "read_chains",
  text: `
SELECT part.task_id AS task, part.lines, part.last, task.version, task.hash
FROM (
  SELECT task_id, max(sequence) AS last,
    string_agg(sequence || ' ' || encode(hash, 'hex') || ' ' || canonical, E'\\n') AS lines
  FROM (
    SELECT task_id, sequence, hash, canonical FROM event
    WHERE (task_id, sequence) > ($1, $2) ORDER BY task_id, sequence LIMIT $3
  ) AS page
  GROUP BY task_id
) AS part
LEFT JOIN LATERAL (
  SELECT version, encode(head_hash, 'hex') AS hash FROM task WHERE id = part.task_id LIMIT 1
) AS task ON true
ORDER BY part.task_id`,
};

const tasksWithoutEvents: Statement = {
  name: "tasks_without_events",
  text: `SELECT id FROM task WHERE NOT EXISTS (SELECT FROM event WHERE event.task_id = task.id)`,
};

/** Events of one task that follow one another, and where the task's row says that its chain ends. */
export type ChainPart = {
  readonly task: TaskId;
  readonly links: readonly ChainLink[];
  /** Sequence of the last of them. */
  readonly last: number;
  /** As of the moment in which the links were read; null when there is no such task. */
  readonly end: ChainEnd | null;
};

/** An event's place in the record; before the first stands `""`. */
export type RecordPlace = { readonly task: TaskId | ""; readonly sequence: number };

type Row = {
  readonly task: TaskId;
  readonly lines: string;
  readonly last: number;
  readonly version: number | null;
  readonly hash: string | null;
};

/** At most `limit` events behind a place, in the order of tasks and sequences; none behind the last. */
export async function readChainParts(
  session: SqlSession,
  after: RecordPlace,
  limit: number,
): Promise<readonly ChainPart[]> {
  const rows = await session.query<Row>(readChains, [after.task, after.sequence, limit]);
  return rows.map(({ task, lines, last, version, hash }) => ({
    task,
    last,
    links: lines.split("\n").map((line) => linkOf(task, line)),
    end: version === null || hash === null ? null : { length: version, head: hash },
  }));
}

export async function readTasksWithoutEvents(session: SqlSession): Promise<readonly TaskId[]> {
  const rows = await session.query<{ id: TaskId }>(tasksWithoutEvents);
  return rows.map((row) => row.id);
}

const HASH_DIGITS = 64;

/** `<sequence> <hash> <canonical>` */
function linkOf(task: TaskId, line: string): ChainLink {
  const hashAt = line.indexOf(" ") + 1;
  const hashEnd = hashAt + HASH_DIGITS;
  return {
    task,
    sequence: Number(line.slice(0, hashAt)),
    hash: line.slice(hashAt, hashEnd),
    canonical: line.slice(hashEnd + 1),
  };
}
