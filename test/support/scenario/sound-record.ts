import { hash } from "node:crypto";
import { expect } from "vitest";
import type { TaskId } from "../../../src/base/ids.ts";
import { verifyChain } from "../../../src/core/audit/verify-chain.ts";
import { eventsOf, type RecordedEvent } from "../../../src/core/task/events.ts";
import { replay } from "../../../src/core/task/evolve.ts";
import type { Store } from "../../../src/ports/task-store.ts";

/**
 * What must hold of every record, whatever happened: the chain of hashes verifies, replaying the events gives the
 * stored state, an attempt has one run, one lease is held at a time, and nothing follows the end.
 */
export async function expectSoundRecord(store: Store, task: TaskId): Promise<readonly RecordedEvent[]> {
  const entries = await store.tasks.history(task);
  const verified = verifyChain(entries, (text) => hash("sha256", text));
  expect(verified).toMatchObject({ ok: true, value: { length: entries.length } });
  const stored = await store.tasks.load(task);
  expect(stored?.version).toBe(entries.length);
  const history = eventsOf(entries);
  expect(replay(history)).toEqual(stored?.task);
  expect(runsPerAttempt(history)).toEqual([]);
  expect(mostLeases(history)).toBeLessThanOrEqual(1);
  expect(afterTheEnd(history)).toEqual([]);
  return history;
}

/** Attempts that were given a second run. */
function runsPerAttempt(history: readonly RecordedEvent[]): string[] {
  const started = history.flatMap(({ event }) => (event.type === "RunStarted" ? [event.attempt] : []));
  return started.filter((attempt, index) => started.indexOf(attempt) !== index);
}

function mostLeases(history: readonly RecordedEvent[]): number {
  const held = new Set<string>();
  let most = 0;
  for (const { event } of history) {
    if (event.type === "LeaseGranted") held.add(event.lease);
    if (event.type === "LeaseEnded") held.delete(event.lease);
    most = Math.max(most, held.size);
  }
  return most;
}

function afterTheEnd(history: readonly RecordedEvent[]): string[] {
  const types = history.map(({ event }) => event.type);
  const end = types.findIndex((type) => type === "TaskCompleted" || type === "TaskCancelled");
  return end === -1 ? [] : types.slice(end + 1);
}
