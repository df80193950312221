import type { TaskId } from "../../base/ids.ts";
import type { ChainEnd, ChainLink } from "../../core/audit/verify-chain.ts";
import { ChainVerifier } from "../../core/audit/verify-chain.ts";
import type { RecordVerdict } from "../../ports/task-store.ts";
import type { CanonicalBytes } from "./canonical-bytes.ts";
import { CanonicalByteTexts } from "./canonical-bytes.ts";
import type { EntryPage, RecordPlace } from "./sql/read-chains.ts";
import { beginOneMoment, readChainEnds, readEntries, RECORD_START } from "./sql/read-chains.ts";
import type { SqlClient, SqlSession } from "./sql-client.ts";

/** How many entries are read at once, and of how many bytes a text may be to come with others; null: of any. */
export type PageSize = { readonly entries: number; readonly textBytes: number | null };

/** Rows are verified as they come, so that a page only bounds how old the moment is that it shows: some 50 ms. */
const STREAMED_PAGE: PageSize = { entries: 20_000, textBytes: null };

/** All of a page is in memory: 65 MB at the very most, of usual texts two. Longer ones come one by one. */
const WHOLE_PAGE: PageSize = { entries: 4_000, textBytes: 16_000 };

/** After a long text pages grow by this again: where one is, there may be more. */
const GROWTH = 8;

/**
 * Verifies the chains of all tasks, and that each ends where its task's row says, page by page. What is stored meanwhile
 * belongs to the record if its page is yet to be read. Beside what is found no more is in memory than a page, or one
 * longer text, from the embedded database, and one text from a server.
 */
export async function verifyRecord(
  client: SqlClient,
  size: PageSize = client.copiesWhole ? WHOLE_PAGE : STREAMED_PAGE,
): Promise<RecordVerdict> {
  const record = new RecordVerifier();
  let page: EntryPage = { after: RECORD_START, ...size };
  for (;;) {
    const { last, end } = await client.transaction((session) => verifyPage(session, page, record));
    if (end === "record") return record.verdict();
    page = pageAfter(page, { last, end, size });
  }
}

/** Where a page ended, and at what: a text that it has no room for, as many entries as it may have, or the last one. */
type PageEnd = { readonly last: RecordPlace; readonly end: "long-text" | "page" | "record" };

async function verifyPage(session: SqlSession, page: EntryPage, record: RecordVerifier): Promise<PageEnd> {
  await beginOneMoment(session);
  let last = page.after;
  let isFull = false;
  const count = await readEntries(session, page, (link) => {
    isFull ||= link.canonical === null;
    if (isFull || link.canonical === null) return;
    record.addEntry(link);
    last = link;
  });
  const isLastPage = count < page.entries && !isFull;
  if (isLastPage) record.endChain();
  const range = { from: page.after.task, before: isLastPage ? null : last.task };
  if (range.from !== range.before) {
    await readChainEnds(session, range, (task, end) => {
      record.endsAt(task, end);
    });
  }
  record.endPage();
  const { task, sequence } = last;
  return { last: { task, sequence }, end: isFull ? "long-text" : isLastPage ? "record" : "page" };
}

function pageAfter(page: EntryPage, { last, end, size }: PageEnd & { readonly size: PageSize }): EntryPage {
  if (end === "long-text") return { after: last, entries: 1, textBytes: null };
  return { after: last, entries: Math.min(page.entries * GROWTH, size.entries), textBytes: size.textBytes };
}

class RecordVerifier {
  readonly #texts = new CanonicalByteTexts();
  readonly #faults: RecordVerdict["faults"][number][] = [];
  #tasks = 0;
  #entries = 0;
  /** Of the task whose entries came last: more of them may follow. */
  #chain: { readonly task: TaskId; readonly verifier: ChainVerifier<CanonicalBytes> } | null = null;
  /** The chains that ended on this page, until their tasks' rows are read. */
  readonly #ended = new Map<TaskId, ChainVerifier<CanonicalBytes>>();

  addEntry(link: ChainLink<CanonicalBytes> & { readonly task: TaskId }): void {
    if (this.#chain?.task !== link.task) {
      this.endChain();
      this.#chain = { task: link.task, verifier: new ChainVerifier(link.task, this.#texts) };
    }
    this.#chain.verifier.add(link);
    this.#entries += 1;
  }

  /** After the last entry of the task. */
  endChain(): void {
    if (this.#chain) this.#ended.set(this.#chain.task, this.#chain.verifier);
    this.#chain = null;
  }

  /** Where the task's row says that its chain ends. */
  endsAt(task: TaskId, end: ChainEnd): void {
    this.#settle(task, this.#ended.get(task) ?? new ChainVerifier(task, this.#texts), end);
    this.#ended.delete(task);
  }

  /** After the rows of all tasks whose chains ended. */
  endPage(): void {
    for (const [task, verifier] of this.#ended) this.#settle(task, verifier, null);
    this.#ended.clear();
  }

  verdict(): RecordVerdict {
    return { tasks: this.#tasks, entries: this.#entries, faults: this.#faults };
  }

  #settle(task: TaskId, verifier: ChainVerifier<CanonicalBytes>, end: ChainEnd | null): void {
    verifier.finish(end);
    if (verifier.fault) this.#faults.push({ task, fault: verifier.fault });
    this.#tasks += 1;
  }
}
