import type { Probot } from "probot";
import type { Intent } from "../../app/intent.ts";
import type { DeliveryId } from "../../base/ids.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Clock } from "../../ports/clock.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { Log } from "../../ports/log.ts";
import type { Delivery, Inbox } from "../../ports/task-store.ts";
import { type Bell, createBell } from "./bell.ts";
import { createDeliveryQueue, type DeliveryQueue, type Held } from "./delivery-queue.ts";
import { ignored, type OwnTraces } from "./intents/reader.ts";
import { readIntent } from "./intents/read-intent.ts";
import { laneOf } from "./lane-of.ts";

export type WebhookWorkerOptions = {
  readonly probot: Pick<Probot, "onAny" | "receive">;
  readonly inbox: Pick<Inbox, "pending" | "settle">;
  /** Carries out the intent and settles the delivery. What it throws is tried again. */
  readonly handle: (intent: Intent, delivery: DeliveryId) => Promise<void>;
  readonly own: OwnTraces;
  readonly clock: Clock;
  readonly log: Log;
  /** Deliveries worked on at once. */
  readonly concurrency?: number;
  /** Deliveries fetched at once. */
  readonly batch?: number;
};

export type WebhookWorker = {
  /** Something may have come: called after every delivery that was stored. */
  wake(): void;
  /** Works until aborted, then lets what was begun come to its end. Never throws. */
  run(signal: AbortSignal): Promise<void>;
};

/** After this many tries in vain, a delivery that fails for a reason of its own is given up. */
const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

type ProbotEvent = Parameters<Probot["receive"]>[0];

type Work = { readonly name: string; readonly payload: object | null; readonly intent: Intent };

type State = {
  readonly options: WebhookWorkerOptions & { readonly concurrency: number; readonly batch: number };
  readonly queue: DeliveryQueue<Work>;
  readonly bell: Bell;
  readonly running: Set<Promise<void>>;
  /** Of the deliveries on their way through Probot. */
  readonly intents: Map<string, Intent>;
  /** How those ended that Probot has handed to us. */
  readonly results: Map<string, Result<void, unknown>>;
  /** Whether the store may hold deliveries that are not in the queue. */
  mayHaveMore: boolean;
};

/**
 * Hands stored deliveries to Probot's handlers, in order for each issue and in parallel across them. Each ends with
 * one outcome: what its intent came to, why it was ignored, or that it was given up and why.
 */
export function createWebhookWorker(options: WebhookWorkerOptions): WebhookWorker {
  const { handle, own, probot } = options;
  const state: State = {
    options: { concurrency: 8, batch: 64, ...options },
    queue: createDeliveryQueue(),
    bell: createBell(),
    running: new Set(),
    intents: new Map(),
    results: new Map(),
    mayHaveMore: false,
  };

  // Other handlers on the same Probot get the same events; what fails in them is theirs, and Probot logs it.
  probot.onAny(async ({ id, name, payload }) => {
    const intent = state.intents.get(id) ?? readIntent({ name, payload }, own);
    state.results.set(id, await attempt(() => handle(intent, id as DeliveryId)));
  });

  return {
    wake() {
      state.mayHaveMore = true;
      state.bell.ring();
    },
    async run(signal) {
      state.mayHaveMore = true;
      while (!signal.aborted) {
        const until = await fetchAndStart(state);
        await state.bell.rung({ clock: options.clock, until, signal });
      }
      await Promise.allSettled(state.running);
    },
  };
}

/** When to look again, if nothing rings before. */
async function fetchAndStart(state: State): Promise<Date | null> {
  const { clock, log } = state.options;
  try {
    await fetchMore(state);
    startAll(state);
    return state.queue.nextTryAt(clock.now());
  } catch (error) {
    log.error({ err: error }, "Stored deliveries could not be fetched");
    state.mayHaveMore = true;
    return new Date(clock.now().getTime() + FIRST_PAUSE_MS);
  }
}

async function fetchMore(state: State): Promise<void> {
  const { queue, options } = state;
  const { batch, inbox, own } = options;
  if (!state.mayHaveMore || queue.size() - queue.postponed() >= batch) return;
  state.mayHaveMore = false;
  const inHand = queue.ids();
  const limit = inHand.size + batch;
  const deliveries = await inbox.pending(limit);
  if (deliveries.length >= limit) state.mayHaveMore = true;
  // What was in hand when the store was asked may be settled by now, and is listed all the same.
  for (const delivery of deliveries.filter(({ id }) => !inHand.has(id))) {
    const work = open(delivery, own);
    queue.add(delivery.id, laneOf(work.intent), work);
  }
}

function startAll(state: State): void {
  const { queue, running, options } = state;
  while (running.size < options.concurrency) {
    const held = queue.start(options.clock.now());
    if (held === null) return;
    const job = work(state, held).finally(() => {
      running.delete(job);
      state.bell.ring();
    });
    running.add(job);
  }
}

async function work(state: State, { id, work, failures }: Held<Work>): Promise<void> {
  const { options, intents, results } = state;
  const { name, payload, intent } = work;
  let result: Result<void, unknown>;
  if (payload === null) {
    result = await attempt(() => options.handle(intent, id));
  } else {
    intents.set(id, intent);
    const received = await attempt(() => options.probot.receive({ id, name, payload } as ProbotEvent));
    // Without a result of ours, Probot failed before it came to us, and its own failure is what counts.
    result = results.get(id) ?? received;
    intents.delete(id);
    results.delete(id);
  }
  if (result.ok) state.queue.finish(id);
  else await afterFailure(state, { id, tries: failures + 1, error: result.error });
}

async function attempt(job: () => Promise<void>): Promise<Result<void, unknown>> {
  try {
    return ok(await job());
  } catch (error) {
    return err(error);
  }
}

type Failed = { readonly id: DeliveryId; readonly tries: number; readonly error: unknown };

async function afterFailure(state: State, { id, tries, error }: Failed): Promise<void> {
  const { clock, log } = state.options;
  const outage = error instanceof GitHubUnavailable;
  log.warn({ delivery: id, tries, err: error }, "A delivery could not be worked on");
  if (!outage && tries >= MAX_TRIES && (await giveUp(state, { id, tries, error }))) return;
  state.queue.postpone(id, nextTry(clock.now(), tries, outage ? error.retryAt : null), outage);
}

async function giveUp({ options, queue }: State, { id, tries, error }: Failed): Promise<boolean> {
  const reason = error instanceof Error ? error.message : String(error);
  try {
    await options.inbox.settle(id, `Given up after ${tries} tries: ${reason}`);
    queue.finish(id);
    return true;
  } catch (cause) {
    options.log.error({ delivery: id, err: cause }, "A delivery could not be given up");
    return false;
  }
}

/** When GitHub said, or after a pause that doubles; never at once, which would be a loop. */
function nextTry(now: Date, tries: number, retryAt: Date | null): Date {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  const wantedMs = retryAt?.getTime() ?? now.getTime() + pauseMs;
  return new Date(Math.max(wantedMs, now.getTime() + FIRST_PAUSE_MS));
}

/** What a stored body says, be it broken: then there is no payload, and the intent says why. */
function open({ event: name, body }: Delivery, own: OwnTraces): Work {
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"),
    );
    if (typeof payload === "object" && payload !== null && !Array.isArray(payload)) {
      return { name, payload, intent: readIntent({ name, payload }, own) };
    }
    return { name, payload: null, intent: ignored("The body is no JSON object.") };
  } catch {
    return { name, payload: null, intent: ignored("The body is no JSON.") };
  }
}
