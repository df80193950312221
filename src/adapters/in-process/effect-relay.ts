import type { TaskId } from "../../base/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { Log } from "../../ports/log.ts";
import type { Outbox, PendingEffect } from "../../ports/task-store.ts";

type EffectOutcome =
  | { readonly kind: "done"; readonly outcome: string }
  | { readonly kind: "later"; readonly until: Date; readonly why: string };

export type EffectRelayOptions = {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  /** Does the effect; a throw means "later", at `retryAt` of the error where it has one. */
  readonly run: (effect: PendingEffect) => Promise<EffectOutcome>;
  /** Told before an effect is given up. A throw means that it is tried once more. */
  readonly abandon: (effect: PendingEffect, why: string) => Promise<void>;
};

export type EffectRelay = {
  /** Something may be due: look now instead of at the next timer. */
  wake(): void;
  /** Takes no new effect, and waits for those under way. */
  stop(): Promise<void>;
};

/** How many tasks' effects run at once. */
const CONCURRENCY = 8;
const BATCH = 200;
/**
 * After this many failures an effect is given up: its outcome says so, and the log has each reason. What waits for
 * GitHub to come back waits as long as GitHub is away.
 */
const MAX_FAILURES = 12;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10 * 60_000;

/**
 * Runs effects in this process: those of one task in their order, tasks side by side. A row leaves the outbox only
 * with its result, so whatever was under way when the process died runs again.
 */
export function startEffectRelay(options: EffectRelayOptions): EffectRelay {
  const relay = new InProcessRelay(options);
  const done = relay.loop();
  return {
    wake: () => relay.wake(),
    async stop() {
      relay.stop();
      await done;
    },
  };
}

class InProcessRelay {
  readonly #options: EffectRelayOptions;
  readonly #stopping = new AbortController();
  readonly #waiting = new Map<TaskId, PendingEffect[]>();
  readonly #busy = new Map<TaskId, Promise<void>>();
  #bell = Promise.withResolvers<void>();

  constructor(options: EffectRelayOptions) {
    this.#options = options;
  }

  wake(): void {
    this.#bell.resolve();
  }

  stop(): void {
    this.#stopping.abort();
    this.wake();
  }

  async loop(): Promise<void> {
    const { clock, log } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#bell = Promise.withResolvers<void>();
      try {
        await this.#take();
        this.#startTasks();
        await this.#rest(await this.#options.outbox.nextDueAt());
      } catch (error) {
        log.error({ err: error }, "The outbox cannot be read; trying again");
        await this.#rest(new Date(clock.now().getTime() + FIRST_RETRY_MS));
      }
    }
    await Promise.all(this.#busy.values());
  }

  #isFull(): boolean {
    return [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0) >= BATCH;
  }

  /** What the outbox hands out is this process's to run: it does not hand it out again. */
  async #take(): Promise<void> {
    if (this.#isFull()) return;
    for (const pending of await this.#options.outbox.due(this.#options.clock.now(), BATCH)) {
      const waiting = this.#waiting.get(pending.task);
      if (waiting) waiting.push(pending);
      else this.#waiting.set(pending.task, [pending]);
    }
  }

  #startTasks(): void {
    for (const task of this.#waiting.keys()) {
      if (this.#busy.size >= CONCURRENCY) return;
      if (this.#busy.has(task)) continue;
      const run = this.#runTask(task).finally(() => {
        this.#busy.delete(task);
        this.wake();
      });
      this.#busy.set(task, run);
    }
  }

  async #runTask(task: TaskId): Promise<void> {
    for (let next = this.#shift(task); next; next = this.#shift(task)) {
      await this.#runOne(next);
    }
  }

  #shift(task: TaskId): PendingEffect | null {
    const waiting = this.#waiting.get(task) ?? [];
    const next = this.#stopping.signal.aborted ? undefined : waiting.shift();
    if (!next || waiting.length === 0) this.#waiting.delete(task);
    return next ?? null;
  }

  async #runOne(pending: PendingEffect): Promise<void> {
    const { run, log } = this.#options;
    const covered = pending.effect.kind === "mirror" ? this.#takeMirrors(pending.task) : [];
    let outcome: EffectOutcome;
    try {
      outcome = await run(pending);
    } catch (error) {
      log.warn({ err: error, effect: pending.id, kind: pending.effect.kind }, "An effect failed");
      outcome = await this.#afterFailure(pending, error);
    }
    for (const effect of [pending, ...covered]) await this.#record(effect, outcome);
  }

  /** A mirror renders the newest state, so one shows all that the others waiting now would. */
  #takeMirrors(task: TaskId): PendingEffect[] {
    const waiting = this.#waiting.get(task) ?? [];
    const mirrors = waiting.filter(({ effect }) => effect.kind === "mirror");
    const others = waiting.filter(({ effect }) => effect.kind !== "mirror");
    if (mirrors.length > 0) this.#waiting.set(task, others);
    return mirrors;
  }

  async #afterFailure(pending: PendingEffect, error: unknown): Promise<EffectOutcome> {
    const why = error instanceof Error ? error.message : String(error);
    if (!isHopeless(pending, error)) return { kind: "later", until: this.#nextTry(pending, error), why };
    try {
      await this.#options.abandon(pending, why);
      return { kind: "done", outcome: `Given up after ${MAX_FAILURES} failures: ${why}` };
    } catch (cause) {
      this.#options.log.error({ err: cause, effect: pending.id }, "An effect could not be given up");
      return { kind: "later", until: this.#nextTry(pending, error), why };
    }
  }

  #nextTry(pending: PendingEffect, error: unknown): Date {
    const asked = error instanceof GitHubUnavailable ? error.retryAt : null;
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** pending.failures);
    return asked ?? new Date(this.#options.clock.now().getTime() + waitMs);
  }

  /** Until the store takes it: nobody else would run this effect as long as this process lives. */
  async #record(pending: PendingEffect, outcome: EffectOutcome): Promise<void> {
    const { outbox, clock, log } = this.#options;
    for (;;) {
      try {
        if (outcome.kind === "done") await outbox.settle(pending.id, outcome.outcome);
        else await outbox.postpone(pending.id, outcome.until, outcome.why);
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        log.error({ err: error, effect: pending.id }, "An effect's result could not be stored; trying again");
        await clock
          .waitUntil(new Date(clock.now().getTime() + FIRST_RETRY_MS), this.#stopping.signal)
          .catch(() => undefined);
      }
    }
  }

  /** Until something is due, something new comes, or the relay stops. */
  async #rest(until: Date | null): Promise<void> {
    const timer = new AbortController();
    const waits = [this.#bell.promise];
    // What is due already would end the rest at once and could not be taken: whoever is done wakes the loop.
    const crowded = this.#busy.size >= CONCURRENCY || this.#isFull();
    if (until && !crowded)
      waits.push(this.#options.clock.waitUntil(until, timer.signal).catch(() => undefined));
    await Promise.race(waits);
    timer.abort();
  }
}

/** The outbox counts as a failure too that a lease's holder was alive, and a lease that nobody ends blocks its task. */
function isHopeless({ effect, failures }: PendingEffect, error: unknown): boolean {
  if (error instanceof GitHubUnavailable || effect.kind === "expire-lease") return false;
  return failures + 1 >= MAX_FAILURES;
}
