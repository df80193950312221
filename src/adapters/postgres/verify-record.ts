import { ChainVerifier } from "../../core/audit/verify-chain.ts";
import type { RecordVerdict } from "../../ports/task-store.ts";
import { sha256Hex } from "./chain-events.ts";
import type { ChainPart } from "./sql/read-chains.ts";
import { readChainParts, readTasksWithoutEvents } from "./sql/read-chains.ts";
import type { SqlClient } from "./sql-client.ts";

/** A megabyte or two of usual events. */
const PAGE_EVENTS = 4_000;

/**
 * Verifies the chains of all tasks, and that each ends where its task's row says. The next page is read while one is
 * verified. What is stored meanwhile belongs to the record if its page is yet to be read.
 */
export async function verifyRecord(client: SqlClient): Promise<RecordVerdict> {
  const record = new RecordVerifier();
  let reading = readChainParts(client, { task: "", sequence: 0 }, PAGE_EVENTS);
  for (;;) {
    const parts = await reading;
    const last = parts.at(-1);
    if (!last) break;
    reading = readChainParts(client, { task: last.task, sequence: last.last }, PAGE_EVENTS);
    for (const part of parts) record.add(part);
  }
  for (const task of await readTasksWithoutEvents(client)) {
    record.add({ task, links: [], last: 0, end: null });
  }
  return record.finish();
}

class RecordVerifier {
  readonly #faults: RecordVerdict["faults"][number][] = [];
  #tasks = 0;
  #events = 0;
  /** The task whose events came last, with its verifier: more of them may stand on the next page. */
  #chain: { part: ChainPart; readonly verifier: ChainVerifier } | null = null;

  add(part: ChainPart): void {
    if (this.#chain?.part.task === part.task) this.#chain.part = part;
    else {
      this.#finishChain();
      this.#chain = { part, verifier: new ChainVerifier(part.task, sha256Hex) };
    }
    for (const link of part.links) this.#chain.verifier.add(link);
    this.#events += part.links.length;
  }

  finish(): RecordVerdict {
    this.#finishChain();
    return { tasks: this.#tasks, events: this.#events, faults: this.#faults };
  }

  #finishChain(): void {
    if (!this.#chain) return;
    const { part, verifier } = this.#chain;
    verifier.finish(part.end);
    if (verifier.fault) this.#faults.push({ task: part.task, fault: verifier.fault });
    this.#tasks += 1;
    this.#chain = null;
  }
}
