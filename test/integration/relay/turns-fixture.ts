import { afterEach } from "vitest";
import type { StoreLocation } from "../../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import type { EffectOutcome } from "../../../src/app/run-effect.ts";
import type { TurnLimits } from "../../../src/app/turn/relay.ts";
import { startRelay } from "../../../src/app/turn/relay.ts";
import type { TurnParts } from "../../../src/app/turn/run-turn.ts";
import { createTurnTaker } from "../../../src/app/turn/run-turn.ts";
import type { TenantId } from "../../../src/base/ids.ts";
import type { Effect } from "../../../src/core/task/effect.ts";
import type { Task } from "../../../src/core/task/state.ts";
import type { Log } from "../../../src/ports/log.ts";
import type { PendingEffect, Store } from "../../../src/ports/task-store.ts";
import type { TakeTurn, TurnTransport } from "../../../src/ports/turn-transport.ts";
import { openingCommit, sampleTask } from "../../contract/sample-task.ts";

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const DONE = { kind: "done", outcome: "done" } as const;

/** How turns get from the relay to whoever takes them. */
export type TransportUnderTest = {
  /** Takes at most `atOnce` turns side by side in this process. `stop` waits for those under way. */
  readonly start: (
    take: TakeTurn,
    atOnce: number,
  ) => { readonly transport: TurnTransport; readonly stop: () => Promise<void> };
};

export type Play = Partial<Pick<TurnParts, "abandon" | "clock">> & {
  readonly run: (effect: PendingEffect) => Promise<EffectOutcome>;
  readonly atOnce?: number;
  readonly perTenant?: number;
};

/** Stores with relays and workers on them, all ended after the test. */
export class TurnsFixture {
  readonly #under: TransportUnderTest;
  readonly #ends: (() => Promise<void>)[] = [];
  #issues = 0;

  constructor(under: TransportUnderTest) {
    this.#under = under;
    afterEach(async () => {
      for (const end of this.#ends.splice(0).reverse()) await end();
    });
  }

  async openStore(location: StoreLocation = { memory: true }): Promise<Store> {
    const store = await openStore(location);
    this.#ends.push(() => store.close());
    return store;
  }

  /** Stores a new task with these effects, in one commit. */
  async addTask(store: Store, effects: readonly Effect[], tenant = 1): Promise<Task> {
    this.#issues += 1;
    const task = sampleTask(this.#issues, { tenant: tenant as TenantId });
    await store.tasks.commit(openingCommit(task, effects), { kind: "none" });
    return task;
  }

  /** Starts a relay and workers on the store; the answer ends them, as the end of the test does. */
  play(
    store: Store,
    { run, abandon, clock = systemClock, atOnce = 8, perTenant = 8 }: Play,
  ): () => Promise<void> {
    const stopping = new AbortController();
    const parts = { outbox: store.outbox, clock, log: SILENT };
    const take = createTurnTaker({
      ...parts,
      run,
      abandon: abandon ?? (async () => undefined),
      signal: stopping.signal,
    });
    const { transport, stop } = this.#under.start(take, atOnce);
    const limits: TurnLimits = { inAll: transport.isShared ? 1_000 : atOnce, perTenant };
    const relay = startRelay({ ...parts, transport, limits });
    store.onWork(() => relay.wake());
    let ended: Promise<void> | null = null;
    const end = () => {
      stopping.abort();
      ended ??= relay.stop().then(stop);
      return ended;
    };
    this.#ends.push(end);
    return end;
  }
}
