import { escapeLiteral } from "pg";
import type { TaskId } from "../../../base/ids.ts";
import type { ChainEnd, ChainLink } from "../../../core/audit/verify-chain.ts";
import type { CanonicalBytes } from "../canonical-bytes.ts";
import type { SqlSession } from "../sql-client.ts";

/**
 * All that the transaction reads is of one moment, and comes in the order of an index, which is not sorted again: a
 * database that has not counted its rows yet would sort all that is left of the record for each page.
 */
const ONE_MOMENT = `
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL enable_sort = off;
SET LOCAL enable_bitmapscan = off`;

/** At the beginning of a transaction, so that the entries and the ends of their chains belong together. */
export function beginOneMoment(session: SqlSession): Promise<void> {
  return session.run(ONE_MOMENT);
}

/** An entry's place in the record. */
export type RecordPlace = { readonly task: TaskId | ""; readonly sequence: number };

/** Before the first entry. */
export const RECORD_START: RecordPlace = { task: "", sequence: 0 };

export type EntryPage = {
  readonly after: RecordPlace;
  /** How many entries it has at most. */
  readonly entries: number;
  /** Of how many bytes a text may be to come with it; null: any. */
  readonly textBytes: number | null;
};

/** An entry as it stands in the record; its text is null where that is too long for the page. */
export type EntryLink = (ChainLink<CanonicalBytes> | ChainLink<null>) & { readonly task: TaskId };

/**
 * Reads the entries behind a place in the order of tasks and sequences, and resolves to their number. What `take` is
 * given is gone when it returns.
 */
export function readEntries(
  session: SqlSession,
  { after, entries, textBytes }: EntryPage,
  take: (link: EntryLink) => void,
): Promise<number> {
  // Whoever writes on the record may have done away with its constraints: NULL is no text of an entry.
  const canonical =
    textBytes === null
      ? "coalesce(canonical, '')"
      : `CASE WHEN octet_length(canonical) <= ${textBytes} THEN canonical END`;
  return session.copy(
    `
SELECT task_id, sequence, hash, ${canonical} FROM entry
WHERE (task_id, sequence) > (${escapeLiteral(after.task)}, ${after.sequence})
ORDER BY task_id, sequence LIMIT ${entries}`,
    (row) => {
      const task = row.text() as TaskId;
      take({ task, sequence: row.bigint(), hash: row.hex(), canonical: row.last() });
    },
  );
}

/** Ids of tasks from the first to the one before the last; null: to the end. */
export type TaskRange = { readonly from: TaskId | ""; readonly before: TaskId | "" | null };

/** Reads where the tasks' rows say that their chains end, in the order of their ids. */
export async function readChainEnds(
  session: SqlSession,
  { from, before }: TaskRange,
  take: (task: TaskId, end: ChainEnd) => void,
): Promise<void> {
  const last = before === null ? "" : ` AND id < ${escapeLiteral(before)}`;
  await session.copy(
    `
SELECT id, coalesce(version, 0), head_hash FROM task
WHERE id >= ${escapeLiteral(from)}${last} ORDER BY id`,
    (row) => {
      take(row.text() as TaskId, { length: row.bigint(), head: row.hex() });
    },
  );
}
