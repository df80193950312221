import type { TaskId } from "../../../base/ids.ts";
import type { Entry, RecordedEvent } from "../../../core/task/events.ts";
import type { StoredEntry } from "../../../ports/task-store.ts";
import { entryFrom } from "../chain-entries.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const readHistory: Statement = {
  name: "read_history",
  text: `SELECT sequence, canonical, encode(hash, 'hex') AS hash FROM entry WHERE task_id = $1 ORDER BY sequence`,
};

type Row = { readonly sequence: number; readonly canonical: string; readonly hash: string };

/** Entries come from the text that was hashed: what is verified is what is read. */
export async function readTaskHistory(session: SqlSession, task: TaskId): Promise<readonly StoredEntry[]> {
  const rows = await session.query<Row>(readHistory, [task]);
  return rows.map((row) => ({
    task,
    ...row,
    ...entryFrom(JSON.parse(row.canonical) as Entry | RecordedEvent),
  }));
}
