import type { Probot } from "probot";
import type { Intent } from "../../app/intent.ts";
import type { DeliveryId } from "../../base/ids.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Clock } from "../../ports/clock.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { Log } from "../../ports/log.ts";
import { StoreUnavailable } from "../../ports/store-unavailable.ts";
import type { Delivery, Inbox } from "../../ports/task-store.ts";
import { type Bell, createBell } from "./bell.ts";
import { createDeliveryQueue, type DeliveryQueue, type Held } from "./delivery-queue.ts";
import { createHandedOver, type HandedOver } from "./handed-over.ts";
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
  /** Deliveries opened ahead of their turn, and fetched at once. */
  readonly batch?: number;
  /** Bytes of deliveries kept between being stored and being opened. */
  readonly maxBytesHandedOver?: number;
};

export type WebhookWorker = {
  /** Works on a delivery that was just stored. */
  take(delivery: Delivery): void;
  /** Looks soon for deliveries that may be stored although nobody was told so. */
  look(): void;
  /** Works until aborted, then lets what was begun come to its end. Never throws. */
  run(signal: AbortSignal): Promise<void>;
};

const DEFAULTS = { concurrency: 64, batch: 64, maxBytesHandedOver: 64 * 1024 * 1024 } as const;

/** What waits for a later try does not keep others from being worked on, up to so many. */
const MAX_IN_HAND = 2_000;

/** What another server on the same store took in, and did not come to work on, is anybody's. */
const LOOK_AGAIN_MS = 5 * 60_000;

/** After this many failures for a reason of its own, a delivery is given up; outages it waits out. */
const MAX_FAILURES = 8;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** The store is nobody else's: to ask it again costs little, and when it is back, work goes on soon. */
const LONGEST_PAUSE_FOR_STORE_MS = 30_000;

type ProbotEvent = Parameters<Probot["receive"]>[0];

type Work = { readonly name: string; readonly payload: object | null; readonly intent: Intent };

type State = {
  readonly options: WebhookWorkerOptions & Required<Pick<WebhookWorkerOptions, keyof typeof DEFAULTS>>;
  readonly handedOver: HandedOver;
  readonly queue: DeliveryQueue<Work>;
  readonly bell: Bell;
  readonly running: Set<Promise<void>>;
  /** Of the deliveries on their way through Probot. */
  readonly intents: Map<string, Intent>;
  /** How those ended that Probot has handed to us. */
  readonly results: Map<string, Result<void, unknown>>;
  /** Aborted, or null before the start: nothing is begun. */
  atWork: AbortSignal | null;
  fetching: Promise<void> | null;
  /** After a look at the store that failed. */
  fetchNotBefore: Date | null;
};

/**
 * Hands stored deliveries to Probot's handlers, in order for each issue and in parallel across them. Each ends with
 * one outcome: what its intent came to, why it was ignored, or that it was given up and why.
 */
export function createWebhookWorker(options: WebhookWorkerOptions): WebhookWorker {
  const { handle, own, probot } = options;
  const given = { ...DEFAULTS, ...options };
  const state: State = {
    options: given,
    handedOver: createHandedOver(given.maxBytesHandedOver),
    queue: createDeliveryQueue(),
    bell: createBell(),
    running: new Set(),
    intents: new Map(),
    results: new Map(),
    atWork: null,
    fetching: null,
    fetchNotBefore: null,
  };

  // Other handlers on the same Probot get the same events; what fails in them is theirs, and Probot logs it.
  probot.onAny(async ({ id, name, payload }) => {
    const intent = state.intents.get(id) ?? readIntent({ name, payload }, own);
    state.results.set(id, await attempt(() => handle(intent, id as DeliveryId)));
  });

  let isPromised = false;

  function goOnSoon(): void {
    if (isPromised) return;
    isPromised = true;
    // Those that were stored together are answered first.
    setImmediate(() => {
      isPromised = false;
      goOn(state);
    });
  }

  return {
    take(delivery) {
      state.handedOver.add(delivery);
      goOnSoon();
    },
    look() {
      state.handedOver.missSome();
      goOnSoon();
    },
    async run(signal) {
      state.atWork = signal;
      state.handedOver.missSome();
      let lookAgainAt = inMs(options.clock, LOOK_AGAIN_MS);
      while (!signal.aborted) {
        goOn(state);
        // A time that has passed would be waited for without a pause, and nothing else could happen meanwhile.
        const fetchAt = isTooEarly(state) ? state.fetchNotBefore : null;
        const until = firstOf(state.queue.nextTryAt(options.clock.now()), fetchAt, lookAgainAt);
        await state.bell.rung({ clock: options.clock, until, signal });
        if (options.clock.now() < lookAgainAt) continue;
        state.handedOver.missSome();
        lookAgainAt = inMs(options.clock, LOOK_AGAIN_MS);
      }
      await Promise.all([...state.running, state.fetching]);
    },
  };
}

function inMs(clock: Clock, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}

function firstOf(...times: readonly (Date | null)[]): Date {
  return new Date(Math.min(...times.flatMap((time) => (time === null ? [] : [time.getTime()]))));
}

/** Opens and starts what there is room for, and reads the store where it holds more than was handed over. */
function goOn(state: State): void {
  const { handedOver, queue, running, options } = state;
  if (state.atWork?.aborted !== false) return;
  for (let next = takeNext(state); next !== null; next = takeNext(state)) enqueue(state, next);
  while (running.size < options.concurrency) {
    const held = queue.start(options.clock.now());
    if (held === null) break;
    const job = work(state, held).finally(() => {
      running.delete(job);
      goOn(state);
    });
    running.add(job);
  }
  if (!handedOver.missesSome() || !hasRoom(state) || state.fetching || isTooEarly(state)) return;
  state.fetching = fetchMore(state).finally(() => {
    state.fetching = null;
    goOn(state);
  });
}

function takeNext(state: State): Delivery | null {
  return hasRoom(state) ? state.handedOver.next() : null;
}

function hasRoom({ queue, options }: State): boolean {
  return queue.size() < MAX_IN_HAND && queue.size() - queue.postponed() < options.batch;
}

function isTooEarly({ fetchNotBefore, options }: State): boolean {
  return fetchNotBefore !== null && options.clock.now() < fetchNotBefore;
}

async function fetchMore(state: State): Promise<void> {
  const { queue, options, handedOver } = state;
  const { batch, clock, inbox, log } = options;
  const caughtUp = handedOver.catchUp();
  try {
    const deliveries = await inbox.pending(batch, queue.ids());
    handedOver.haveRead(deliveries);
    for (const delivery of deliveries) enqueue(state, delivery);
    if (deliveries.length === 0) caughtUp();
    state.fetchNotBefore = null;
  } catch (error) {
    log.error({ err: error }, "Stored deliveries could not be fetched");
    state.fetchNotBefore = inMs(clock, FIRST_PAUSE_MS);
    state.bell.ring();
  }
}

function enqueue({ queue, options }: State, delivery: Delivery): void {
  // It may have been fetched in the moment between being stored and being handed over.
  if (queue.has(delivery.id)) return;
  const work = open(delivery, options.own);
  queue.add(delivery.id, laneOf(work.intent), work);
}

async function work(state: State, held: Held<Work>): Promise<void> {
  const { options, intents, results } = state;
  const { id } = held;
  const { name, payload, intent } = held.work;
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
  else await afterFailure(state, held, result.error);
}

async function attempt(job: () => Promise<void>): Promise<Result<void, unknown>> {
  try {
    return ok(await job());
  } catch (error) {
    return err(error);
  }
}

async function afterFailure(state: State, held: Held<Work>, error: unknown): Promise<void> {
  const { clock, log } = state.options;
  const { id, failures, waits } = held;
  const outage = error instanceof GitHubUnavailable || error instanceof StoreUnavailable;
  log.warn({ delivery: id, failures, waits, err: error }, "A delivery could not be worked on");
  if (!outage && failures + 1 >= MAX_FAILURES && (await giveUp(state, id, error))) return;
  const pauseMs = pauseAfter(error, outage ? waits : failures);
  const retryAt = error instanceof GitHubUnavailable ? error.retryAt : null;
  state.queue.postpone(id, nextTry(clock.now(), pauseMs, retryAt), outage);
  // Whoever sleeps until the next pause is over has to look at the time again.
  state.bell.ring();
}

async function giveUp({ options, queue }: State, id: DeliveryId, error: unknown): Promise<boolean> {
  const reason = error instanceof Error ? error.message : String(error);
  try {
    await options.inbox.settle(id, `Given up after ${MAX_FAILURES} failures: ${reason}`);
    queue.finish(id);
    return true;
  } catch (cause) {
    options.log.error({ delivery: id, err: cause }, "A delivery could not be given up");
    return false;
  }
}

/** A pause that doubles with each time `before`. */
function pauseAfter(error: unknown, before: number): number {
  const longestMs = error instanceof StoreUnavailable ? LONGEST_PAUSE_FOR_STORE_MS : LONGEST_PAUSE_MS;
  return Math.min(FIRST_PAUSE_MS * 2 ** before, longestMs);
}

/** When GitHub said, or after a pause; never at once, which would be a loop. */
function nextTry(now: Date, pauseMs: number, retryAt: Date | null): Date {
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
