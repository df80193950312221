import type { TaskId } from "../../src/base/ids.ts";
import type { Outbox, PendingEffect } from "../../src/ports/task-store.ts";

/** All effects that are due and that nobody runs; they stay what they are. Of one task at most those of a turn. */
export async function dueEffects(outbox: Outbox, now: Date): Promise<readonly PendingEffect[]> {
  const found = new Map<TaskId, readonly PendingEffect[]>();
  for (;;) {
    const turns = await outbox.turns(now, [...found.keys()]);
    if (turns.length === 0) return [...found.values()].flat();
    const claimed = await Promise.all(turns.map(({ task }) => outbox.claim(task, now)));
    for (const [index, { task }] of turns.entries()) found.set(task, claimed[index] ?? []);
    await Promise.all(turns.map(({ task }) => outbox.release(task)));
  }
}
