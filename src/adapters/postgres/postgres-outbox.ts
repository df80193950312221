import type { EffectId, TaskId } from "../../base/ids.ts";
import type { Outbox, PendingEffect, Turn } from "../../ports/task-store.ts";
import { MAX_TURN } from "../../ports/task-store.ts";
import type { AdvisoryLocks } from "./advisory-locks.ts";
import { BatchWriter } from "./batch-writer.ts";
import type { Postponed } from "./sql/due-effects.ts";
import { readDueOfTasks, readNextDueAfter, readTurns, writePostponed } from "./sql/due-effects.ts";
import type { Settlement } from "./sql/settle.ts";
import { writeSettledEffects } from "./sql/settle.ts";
import type { SqlClient } from "./sql-client.ts";
import { blamesStatement } from "./sql-failure.ts";
import type { WorkSignal } from "./work-signal.ts";

/** Effects of claimed tasks that are neither settled, by the outbox or with a commit, nor postponed. */
export type RunningEffects = Set<EffectId>;

export type OutboxParts = {
  readonly client: SqlClient;
  readonly signal: WorkSignal;
  readonly running: RunningEffects;
  /** null where no other process can reach the database. */
  readonly locks: AdvisoryLocks | null;
};

/** How many effects a look for turns reads of all tenants, and of each where there are many. */
const LOOK = 500;
const LOOK_PER_TENANT = 10;

/** No task's id is this. */
const LEADER = "leader";

/** What this process has claimed of a task. */
type Claimed = { ids: readonly EffectId[]; isLost: boolean };

/** A task that is claimed as of a time, or released. */
type Claim = { readonly task: TaskId; readonly now: Date | null };

export class PostgresOutbox implements Outbox {
  readonly #parts: OutboxParts;
  readonly #claimed = new Map<TaskId, Claimed>();
  readonly #claims: BatchWriter<Claim, readonly PendingEffect[] | null>;
  readonly #settlements: BatchWriter<Settlement<EffectId>, undefined>;
  readonly #postponements: BatchWriter<Postponed, undefined>;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    parts.locks?.onLost((names) => {
      for (const [task, claimed] of this.#claimed) if (names.has(task)) claimed.isLost = true;
    });
    this.#claims = new BatchWriter({
      keyOf: ({ task }) => task,
      weightOf: () => 1,
      write: (claims) => this.#exchange(claims),
      blamesItems: blamesStatement,
      parallel: 1,
    });
    this.#settlements = writerOf({
      keyOf: ({ id }) => id,
      textOf: ({ outcome }) => outcome,
      write: (settlements) => writeSettledEffects(parts.client, settlements),
    });
    this.#postponements = writerOf({
      keyOf: ({ id }) => id,
      textOf: ({ why }) => why,
      write: (postponed) => writePostponed(parts.client, postponed),
    });
  }

  turns(now: Date, besides: readonly TaskId[]): Promise<readonly Turn[]> {
    return readTurns(this.#parts.client, now, besides, LOOK, LOOK_PER_TENANT);
  }

  nextDueAfter(now: Date): Promise<Date | null> {
    return readNextDueAfter(this.#parts.client, now);
  }

  async claim(task: TaskId, now: Date): Promise<readonly PendingEffect[] | null> {
    if (this.#claimed.has(task)) return null;
    const claimed: Claimed = { ids: [], isLost: false };
    this.#claimed.set(task, claimed);
    let effects: readonly PendingEffect[] | null = null;
    try {
      effects = await this.#claims.submit({ task, now });
    } finally {
      if (!effects) this.#claimed.delete(task);
    }
    if (!effects) return null;
    claimed.ids = effects.map(({ id }) => id);
    for (const id of claimed.ids) this.#parts.running.add(id);
    return effects;
  }

  holds(task: TaskId): boolean {
    return this.#claimed.get(task)?.isLost === false;
  }

  async release(task: TaskId): Promise<void> {
    const claimed = this.#claimed.get(task);
    if (!claimed) return;
    for (const id of claimed.ids) this.#parts.running.delete(id);
    this.#claimed.delete(task);
    if (this.#parts.locks) await this.#claims.submit({ task, now: null });
  }

  async settle(id: EffectId, outcome: string): Promise<void> {
    if (!this.#parts.running.has(id)) return;
    await this.#settlements.submit({ id, outcome });
    this.#parts.running.delete(id);
  }

  async postpone(id: EffectId, later: Omit<Postponed, "id">): Promise<void> {
    await this.#postponements.submit({ id, ...later });
    this.#parts.running.delete(id);
    // Whoever sleeps until the next effect is due must look at the time again.
    this.#parts.signal.wake();
  }

  async lead(): Promise<boolean> {
    const { locks } = this.#parts;
    return !locks || (await locks.take([LEADER])).size > 0;
  }

  async drained(): Promise<void> {
    const writers = [this.#claims, this.#settlements, this.#postponements];
    await Promise.all(writers.map((writer) => writer.drained()));
  }

  /** What is read after a task was locked is all that its holder before has left of it. */
  async #exchange(claims: readonly Claim[]): Promise<readonly (readonly PendingEffect[] | null)[]> {
    const { client, locks } = this.#parts;
    const released = claims.filter(({ now }) => now === null).map(({ task }) => task);
    const wanted = claims.filter(({ now }) => now !== null).map(({ task }) => task);
    const taken = locks ? await locks.exchange(released, wanted) : new Set<string>(wanted);
    const tasks = wanted.filter((task) => taken.has(task));
    if (tasks.length === 0) return claims.map(() => null);
    const now = new Date(Math.max(...claims.map((claim) => claim.now?.getTime() ?? 0)));
    try {
      const effects = Map.groupBy(await readDueOfTasks(client, tasks, now, MAX_TURN), ({ task }) => task);
      return claims.map(({ task }) => (taken.has(task) ? (effects.get(task) ?? []) : null));
    } catch (error) {
      await locks?.exchange(tasks, []);
      throw error;
    }
  }
}

function writerOf<Item>({
  keyOf,
  textOf,
  write,
}: {
  readonly keyOf: (item: Item) => string;
  /** The longest of its texts. */
  readonly textOf: (item: Item) => string;
  readonly write: (items: readonly Item[]) => Promise<void>;
}): BatchWriter<Item, undefined> {
  return new BatchWriter({
    keyOf,
    weightOf: (item) => textOf(item).length,
    write: async (items) => {
      await write(items);
      return items.map(() => undefined);
    },
    blamesItems: blamesStatement,
    parallel: 1,
  });
}
