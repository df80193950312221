import type { TaskId, TenantId } from "../../base/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Outbox, Turn } from "../../ports/task-store.ts";
import type { TurnTransport } from "../../ports/turn-transport.ts";
import type { TurnLimits } from "./choose-turns.ts";
import { chooseTurns } from "./choose-turns.ts";

export type RelayParts = {
  readonly outbox: Outbox;
  readonly transport: TurnTransport;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: TurnLimits;
};

export type Relay = {
  /** Something may be due: look now instead of at the next timer. */
  wake(): void;
  /** Hands nothing over any more. */
  stop(): Promise<void>;
};

/** After an error of the store, and for a task that another process has. */
const ASIDE_MS = 1_000;
/** How soon a process notices that the one which handed over to all has ended. */
const LEAD_RETRY_MS = 2_000;

/**
 * Hands over the turns of the outbox to those who take them: of each task one at a time, so that its effects keep their
 * order, and no more of a tenant than its share.
 */
export function startRelay(parts: RelayParts): Relay {
  const relay = new RunningRelay(parts);
  const done = relay.loop();
  return {
    wake: () => relay.wake(),
    async stop() {
      relay.stop();
      await done;
    },
  };
}

class RunningRelay {
  readonly #parts: RelayParts;
  readonly #inHand = new Map<TaskId, TenantId>();
  readonly #counts = new Map<TenantId, number>();
  /** Tasks that are left alone for a while, in the order of their times. */
  readonly #aside = new Map<TaskId, Date>();
  #stopped = false;
  #bell = Promise.withResolvers<void>();

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  wake(): void {
    this.#bell.resolve();
  }

  stop(): void {
    this.#stopped = true;
    this.wake();
  }

  async loop(): Promise<void> {
    while (!this.#stopped) {
      this.#bell = Promise.withResolvers<void>();
      await this.#rest(await this.#handOver());
    }
  }

  /** Resolves to the time of the next look, if nobody rings before; null: only then. */
  async #handOver(): Promise<Date | null> {
    const { outbox, transport, clock, log, limits } = this.#parts;
    const now = clock.now();
    try {
      if (transport.isShared && !(await outbox.lead())) return after(now, LEAD_RETRY_MS);
      this.#takeBack(now);
      // Each turn that ends rings.
      if (this.#inHand.size >= limits.inAll) return null;
      const turns = await outbox.turns(now, [...this.#inHand.keys(), ...this.#aside.keys()]);
      for (const turn of chooseTurns(turns, this.#counts, limits)) void this.#carry(turn);
      return earliest(await outbox.nextDueAfter(now), this.#aside.values().next().value ?? null);
    } catch (error) {
      log.error({ err: error }, "The outbox cannot be read; trying again");
      return after(now, ASIDE_MS);
    }
  }

  #takeBack(now: Date): void {
    for (const [task, until] of this.#aside) if (until <= now) this.#aside.delete(task);
  }

  async #carry({ task, tenant, first }: Turn): Promise<void> {
    this.#inHand.set(task, tenant);
    this.#counts.set(tenant, (this.#counts.get(tenant) ?? 0) + 1);
    const end = await this.#parts.transport.carry({ task, tenant, first });
    this.#inHand.delete(task);
    const left = (this.#counts.get(tenant) ?? 1) - 1;
    if (left > 0) this.#counts.set(tenant, left);
    else this.#counts.delete(tenant);
    if (end === "not-now") this.#aside.set(task, after(this.#parts.clock.now(), ASIDE_MS));
    this.wake();
  }

  /** Until something is due, something new comes, or the relay stops. */
  async #rest(until: Date | null): Promise<void> {
    const timer = new AbortController();
    const waits = [this.#bell.promise];
    if (until) waits.push(this.#parts.clock.waitUntil(until, timer.signal).catch(() => undefined));
    await Promise.race(waits);
    timer.abort();
  }
}

function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}

function earliest(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}
