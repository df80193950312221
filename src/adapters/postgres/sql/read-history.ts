import type { TaskId } from "../../../base/ids.ts";
import type { RecordedEvent } from "../../../core/task/events.ts";
import type { StoredEvent } from "../../../ports/task-store.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const readHistory: Statement = {
  name: "read_history",
  text: `SELECT sequence, canonical, encode(hash, 'hex') AS hash FROM event WHERE task_id = $1 ORDER BY sequence`,
};

type Row = { readonly sequence: number; readonly canonical: string; readonly hash: string };

/** Events come from the text that was hashed, never from the columns beside it: what is verified is what is read. */
export async function readTaskHistory(session: SqlSession, task: TaskId): Promise<readonly StoredEvent[]> {
  const rows = await session.query<Row>(readHistory, [task]);
  return rows.map((row) => {
    const { meta, event } = JSON.parse(row.canonical) as RecordedEvent;
    return { task, sequence: row.sequence, canonical: row.canonical, hash: row.hash, meta, event };
  });
}
