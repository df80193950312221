import type { TaskId } from "../../base/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Outbox, Turn } from "../../ports/task-store.ts";
import type { TurnTransport } from "../../ports/turn-transport.ts";
import { WaitingTurns } from "./waiting-turns.ts";

export type TurnLimits = {
  /** Turns handed over and not ended, in all. */
  readonly inAll: number;
  /** The same of one tenant: what it asks of GitHub goes through one narrow lane anyway. */
  readonly perTenant: number;
};

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
  readonly #waiting = new WaitingTurns();
  readonly #inHand = new Set<TaskId>();
  /** Tasks in hand of which something may have become due since their turn began. */
  readonly #lookAgain = new Set<TaskId>();
  /** Tasks that are left alone for a while, in the order of their times. */
  readonly #aside = new Map<TaskId, Date>();
  #isLookDue = true;
  /** Whether somebody said that something may be due, of any task. */
  #isWoken = false;
  /** When the next effect becomes due, or a task that was left alone is looked at. */
  #nextLookAt: Date | null = null;
  #stopped = false;
  #bell = Promise.withResolvers<void>();

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  wake(): void {
    this.#isWoken = true;
    this.#lookSoon();
  }

  stop(): void {
    this.#stopped = true;
    this.#bell.resolve();
  }

  async loop(): Promise<void> {
    while (!this.#stopped) {
      this.#bell = Promise.withResolvers<void>();
      if (this.#isLookDue || this.#isTimeToLook(this.#parts.clock.now())) await this.#look();
      this.#handOver();
      await this.#rest();
    }
  }

  #lookSoon(): void {
    this.#isLookDue = true;
    this.#bell.resolve();
  }

  #isTimeToLook(now: Date): boolean {
    return this.#nextLookAt !== null && this.#nextLookAt <= now;
  }

  /** Reads what is due. What was seen before and is not handed over yet is seen again. */
  async #look(): Promise<void> {
    const { outbox, transport, clock, log } = this.#parts;
    const now = clock.now();
    // Whatever is new of a task that is in hand, its turn may have read too early, and this look passes over.
    if (this.#isWoken || this.#isTimeToLook(now)) for (const task of this.#inHand) this.#lookAgain.add(task);
    this.#isLookDue = this.#isWoken = false;
    try {
      if (transport.isShared && !(await outbox.lead())) {
        this.#waiting.replace([]);
        this.#nextLookAt = after(now, LEAD_RETRY_MS);
        return;
      }
      for (const [task, until] of this.#aside) if (until <= now) this.#aside.delete(task);
      this.#waiting.replace(await outbox.turns(now, [...this.#inHand, ...this.#aside.keys()]));
      this.#nextLookAt = earliest(await outbox.nextDueAfter(now), this.#aside.values().next().value ?? null);
    } catch (error) {
      log.error({ err: error }, "The outbox cannot be read; trying again");
      this.#nextLookAt = after(now, ASIDE_MS);
    }
  }

  #handOver(): void {
    const { inAll, perTenant } = this.#parts.limits;
    const before = this.#inHand.size;
    while (this.#inHand.size < inAll) {
      const turn = this.#waiting.take(perTenant);
      if (!turn) break;
      void this.#carry(turn);
    }
    if (this.#inHand.size > before && this.#waiting.ranOut) this.#lookSoon();
  }

  async #carry(turn: Turn): Promise<void> {
    const { transport, clock } = this.#parts;
    this.#inHand.add(turn.task);
    const end = await transport.carry(turn);
    this.#inHand.delete(turn.task);
    this.#waiting.giveBack(turn.tenant);
    if (end === "not-now") this.#aside.set(turn.task, after(clock.now(), ASIDE_MS));
    if (this.#lookAgain.delete(turn.task) || end !== "all-done") this.#lookSoon();
    else this.#bell.resolve();
  }

  /** Until something is due, something new comes, or the relay stops. */
  async #rest(): Promise<void> {
    const until = this.#nextLookAt;
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
