import type { EffectId, TaskId } from "../../base/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { Log } from "../../ports/log.ts";
import type { Outbox, PendingEffect } from "../../ports/task-store.ts";
import { MAX_TURN } from "../../ports/task-store.ts";
import { StoreUnavailable } from "../../ports/store-unavailable.ts";
import type { TakeTurn, TurnEnd } from "../../ports/turn-transport.ts";
import type { EffectOutcome } from "../run-effect.ts";

export type TurnParts = {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  /** Does the effect; a throw means "later", at `retryAt` of the error where it has one. */
  readonly run: (effect: PendingEffect) => Promise<EffectOutcome>;
  /** Told before an effect is given up. A throw means that it is tried once more. */
  readonly abandon: (effect: PendingEffect, why: string) => Promise<void>;
  /** Ends a turn after the effect that is under way. */
  readonly signal: AbortSignal;
};

/**
 * After this many failures an effect is given up: its outcome says so, and the log has each reason. What waits for
 * GitHub or the store to come back waits as long as they are away, and that is no failure.
 */
const MAX_FAILURES = 12;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10 * 60_000;
/** Of effects whose waits are remembered; when there are more, all pauses begin again with the shortest. */
const MAX_WAITING = 10_000;

/** How often an effect has waited out an outage: only its next pause depends on this, so it need not outlive the process. */
type Waits = Map<EffectId, number>;

/** What a try came to. */
type Tried = { readonly outcome: EffectOutcome; readonly isFailure: boolean };

/**
 * Takes turns: claims a task, runs what is due of it one after the other, and releases it. An effect leaves the outbox
 * only with its result, so whatever was under way when the process died runs again. A turn whose claim is lost ends with
 * the effect that is under way.
 */
export function createTurnTaker(parts: TurnParts): TakeTurn {
  const waits: Waits = new Map();
  return async (task) => {
    const { outbox, clock, log, signal } = parts;
    if (signal.aborted) return "not-now";
    let effects: readonly PendingEffect[] | null;
    try {
      effects = await outbox.claim(task, clock.now());
    } catch (error) {
      log.warn({ err: error, task }, "A task's effects cannot be read; they are tried again");
      return "not-now";
    }
    if (!effects) return "not-now";
    try {
      return await runInOrder(parts, waits, { task, effects });
    } finally {
      // The next who claims it waits for this by itself. What cannot be released was lost with its connection.
      outbox.release(task).catch((error: unknown) => {
        log.warn({ err: error, task }, "A task could not be released");
      });
    }
  };
}

async function runInOrder(
  parts: TurnParts,
  waits: Waits,
  { task, effects }: { readonly task: TaskId; readonly effects: readonly PendingEffect[] },
): Promise<TurnEnd> {
  const mayGoOn = () => !parts.signal.aborted && parts.outbox.holds(task);
  let isAll = effects.length < MAX_TURN;
  let waiting = effects;
  for (let next = waiting[0]; next && mayGoOn(); next = waiting[0]) {
    const together = allDoneBy(next, waiting);
    waiting = waiting.filter((effect) => !together.includes(effect));
    const tried = await tryOne(parts, waits, next);
    if (tried.outcome.kind === "later") isAll = false;
    await Promise.all(together.map((effect) => record(parts, effect, tried)));
  }
  if (effects.length === 0) return "not-now";
  return isAll && waiting.length === 0 ? "all-done" : "look-again";
}

/** A mirror renders the newest state, so one shows all that the others waiting now would. */
function allDoneBy(next: PendingEffect, waiting: readonly PendingEffect[]): readonly PendingEffect[] {
  return next.effect.kind === "mirror" ? waiting.filter(({ effect }) => effect.kind === "mirror") : [next];
}

async function tryOne(parts: TurnParts, waits: Waits, pending: PendingEffect): Promise<Tried> {
  const { clock, log } = parts;
  const waited = waits.get(pending.id) ?? 0;
  waits.delete(pending.id);
  try {
    return { outcome: await parts.run(pending), isFailure: false };
  } catch (error) {
    log.warn({ err: error, effect: pending.id, kind: pending.effect.kind }, "An effect failed");
    if (!(error instanceof GitHubUnavailable || error instanceof StoreUnavailable)) {
      return { outcome: await afterFailure(parts, pending, error), isFailure: true };
    }
    if (waits.size >= MAX_WAITING) waits.clear();
    waits.set(pending.id, waited + 1);
    const retryAt = error instanceof GitHubUnavailable ? error.retryAt : null;
    const until = retryAt ?? afterPause(clock.now(), waited);
    return { outcome: { kind: "later", until, why: error.message }, isFailure: false };
  }
}

async function afterFailure(
  { abandon, clock, log }: TurnParts,
  pending: PendingEffect,
  error: unknown,
): Promise<EffectOutcome> {
  const why = error instanceof Error ? error.message : String(error);
  const later = { kind: "later", until: afterPause(clock.now(), pending.failures), why } as const;
  if (!isHopeless(pending)) return later;
  try {
    await abandon(pending, why);
    return { kind: "done", outcome: `Given up after ${MAX_FAILURES} failures: ${why}` };
  } catch (cause) {
    log.error({ err: cause, effect: pending.id }, "An effect could not be given up");
    return later;
  }
}

/** A lease that nobody ends blocks its task. */
function isHopeless({ effect, failures }: PendingEffect): boolean {
  return effect.kind !== "expire-lease" && failures + 1 >= MAX_FAILURES;
}

/** A pause that doubles with each time `before`. */
function afterPause(now: Date, before: number): Date {
  return new Date(now.getTime() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** before));
}

/** Until the store takes it: nobody else runs this effect as long as this process has the task. */
async function record(
  parts: TurnParts,
  pending: PendingEffect,
  { outcome, isFailure }: Tried,
): Promise<void> {
  const { outbox, clock, log, signal } = parts;
  for (;;) {
    try {
      if (outcome.kind === "done") await outbox.settle(pending.id, outcome.outcome);
      else await outbox.postpone(pending.id, { until: outcome.until, why: outcome.why, isFailure });
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error, effect: pending.id }, "An effect's result could not be stored; trying again");
      await clock.waitUntil(new Date(clock.now().getTime() + FIRST_RETRY_MS), signal).catch(() => undefined);
    }
  }
}
