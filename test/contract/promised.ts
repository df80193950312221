import { sha256Hex } from "../../src/adapters/postgres/chain-entries.ts";
import type { TaskId } from "../../src/base/ids.ts";
import { verifyChain } from "../../src/core/audit/verify-chain.ts";
import type { Store } from "../../src/ports/task-store.ts";

/** A line of `commit-until-killed.ts`. */
export type Acknowledged = {
  readonly task?: TaskId;
  readonly version?: number;
  readonly delivery?: string;
  readonly settled?: string;
};

/** What that program had been told is stored. */
export type Promised = {
  readonly versions: ReadonlyMap<TaskId, number>;
  readonly deliveries: ReadonlySet<string>;
  readonly settled: ReadonlySet<string>;
};

export function promisedBy(lines: readonly Acknowledged[]): Promised {
  const versions = new Map<TaskId, number>();
  for (const { task, version } of lines) if (task && version) versions.set(task, version);
  return {
    versions,
    deliveries: new Set(lines.flatMap(({ delivery }) => delivery ?? [])),
    settled: new Set(lines.flatMap(({ settled }) => settled ?? [])),
  };
}

/** What of it the store does not have, in sentences; none when it kept its word. */
export async function findLosses(store: Store, promised: Promised): Promise<readonly string[]> {
  const losses: string[] = [];
  const pending = new Set<string>((await store.inbox.pending(10_000)).map(({ id }) => id));
  const versions = new Map<TaskId, number>();
  for (const [task, version] of promised.versions) {
    const stored = (await store.tasks.load(task))?.version ?? 0;
    versions.set(task, stored);
    if (stored < version) losses.push(`Task ${task} is at ${stored} and was at ${version}.`);
    const history = await store.tasks.history(task);
    if (history.length !== stored) losses.push(`Task ${task} has ${history.length} entries at ${stored}.`);
    if (!verifyChain(history, sha256Hex).ok) losses.push(`The chain of task ${task} is broken.`);
  }
  for (const id of promised.settled) {
    if (pending.has(id)) losses.push(`Delivery ${id} was settled and is pending.`);
  }
  for (const id of promised.deliveries) {
    const version = Number(id.slice(id.lastIndexOf("-") + 1));
    const task = id.slice(0, id.lastIndexOf("-")) as TaskId;
    // Stored: pending, or settled with the event that it led to.
    if (!pending.has(id) && (versions.get(task) ?? 0) <= version) losses.push(`Delivery ${id} is gone.`);
  }
  return losses;
}
