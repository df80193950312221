import type { EffectId } from "../../base/ids.ts";
import type { Outbox, PendingEffect } from "../../ports/task-store.ts";
import { BatchWriter } from "./batch-writer.ts";
import { readDueEffects, readNextDue, writePostponed } from "./sql/due-effects.ts";
import type { Settlement } from "./sql/settle.ts";
import { writeSettledEffects } from "./sql/settle.ts";
import type { SqlClient } from "./sql-client.ts";
import { blamesStatement } from "./sql-failure.ts";
import { storableText } from "./storable-text.ts";
import type { WorkSignal } from "./work-signal.ts";

/** Effects handed out and not back yet: settled by the outbox or with a commit, or postponed. */
export type RunningEffects = Set<EffectId>;

export class PostgresOutbox implements Outbox {
  readonly #client: SqlClient;
  readonly #signal: WorkSignal;
  readonly #running: RunningEffects;
  readonly #settlements: BatchWriter<Settlement<EffectId>, undefined>;

  constructor(client: SqlClient, signal: WorkSignal, running: RunningEffects) {
    this.#client = client;
    this.#signal = signal;
    this.#running = running;
    this.#settlements = new BatchWriter({
      keyOf: (settlement) => settlement.id,
      weightOf: (settlement) => settlement.outcome.length,
      write: async (settlements) => {
        await writeSettledEffects(client, settlements);
        return settlements.map(() => undefined);
      },
      blamesItems: blamesStatement,
      parallel: 1,
    });
  }

  async due(now: Date, limit: number): Promise<readonly PendingEffect[]> {
    const effects = await readDueEffects(this.#client, now, [...this.#running], limit);
    // Another call may have handed some out while this one was reading.
    const free = effects.filter((effect) => !this.#running.has(effect.id));
    for (const effect of free) this.#running.add(effect.id);
    return free;
  }

  nextDueAt(): Promise<Date | null> {
    return readNextDue(this.#client, [...this.#running]);
  }

  async settle(id: EffectId, outcome: string): Promise<void> {
    await this.#settlements.submit({ id, outcome });
    this.#running.delete(id);
  }

  async postpone(id: EffectId, until: Date, why: string): Promise<void> {
    await writePostponed(this.#client, { id, until, why: storableText(why) });
    this.#running.delete(id);
    // Whoever sleeps until the next effect is due must look at the time again.
    this.#signal.wake();
  }

  drained(): Promise<void> {
    return this.#settlements.drained();
  }
}
