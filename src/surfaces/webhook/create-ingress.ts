import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Delivery, Inbox } from "../../ports/task-store.ts";
import { type Answer, BUSY, send } from "./answer.ts";
import { createDeadlines } from "./deadlines.ts";
import { createInFlight } from "./in-flight.ts";
import { type Body, readBody } from "./read-body.ts";
import { readHead, tooLarge, type WebhookHead } from "./read-head.ts";
import { storeDelivery } from "./store-delivery.ts";
import { isSignedBy } from "./verify-signature.ts";

/** Where GitHub sends webhooks, as the App's manifest says. */
const WEBHOOK_PATH = "/api/github/webhooks";

export type IngressOptions = {
  readonly inbox: Pick<Inbox, "store">;
  /** The current one, and while it is being replaced the one before. */
  readonly secrets: readonly [string, ...string[]];
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each delivery that is new, once it is stored. */
  readonly onStored?: (delivery: Delivery) => void;
  /** Told when a delivery may be stored without `onStored` having been told of it. */
  readonly onUnsure?: () => void;
  readonly path?: string;
  /** GitHub sends no more than 25 MB. */
  readonly maxBodyBytes?: number;
  /** Deliveries being received or stored at once; further ones are asked to come back. */
  readonly maxInFlight?: number;
  /** Bytes of their bodies held at once. */
  readonly maxBytesInFlight?: number;
  /** From a request's head to its answer: GitHub waits for 10 s. */
  readonly timeoutMs?: number;
  /** Aborted when the server stops: it waits for nothing any more. */
  readonly signal?: AbortSignal;
};

const DEFAULTS = {
  onStored: () => undefined,
  onUnsure: () => undefined,
  path: WEBHOOK_PATH,
  maxBodyBytes: 25 * 1024 * 1024,
  maxInFlight: 512,
  maxBytesInFlight: 128 * 1024 * 1024,
  timeoutMs: 8_000,
} as const;

/** For Probot's `addHandler`: true when the request was for this path, and is answered. */
export type Ingress = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Takes webhooks in: verified over the bytes that came, stored, and only then answered. What they mean is the worker's
 * matter. A body whose JSON is broken in the middle is stored all the same, for it was signed; the worker says so.
 */
export function createIngress(options: IngressOptions): Ingress {
  const given = { ...DEFAULTS, ...options };
  const { clock, inbox, log, maxBodyBytes, onStored, onUnsure, secrets } = given;
  const deadlines = createDeadlines(clock, given.timeoutMs, given.signal ?? new AbortController().signal);
  const inFlight = createInFlight({ requests: given.maxInFlight, bytes: given.maxBytesInFlight });

  async function receive(request: IncomingMessage): Promise<Answer | null> {
    const head = readHead(request, maxBodyBytes);
    if (!head.ok) return head.error;
    const place = inFlight.enter();
    if (!place) return BUSY;
    const deadline = deadlines.set();
    try {
      const body = await readBody(request, { maxBytes: maxBodyBytes, deadline, reserve: place.reserve });
      if (body.kind !== "read") return answerUnread(body.kind);
      const refusal = refuse(body.bytes, head.value);
      if (refusal) return refusal;
      const { delivery: id, event } = head.value;
      const delivery = { id, event, body: body.bytes, receivedAt: clock.now().toISOString() };
      return await storeDelivery({ inbox, log, deadline, place, onStored, onUnsure }, delivery);
    } finally {
      deadline.cancel();
      place.leave();
    }
  }

  function answerUnread(why: Exclude<Body["kind"], "read">): Answer | null {
    switch (why) {
      case "too-large":
        return tooLarge(maxBodyBytes);
      case "too-slow":
        return TOO_SLOW;
      case "no-room":
        return BUSY;
      case "broken-off":
        // Nobody is there to be told.
        return null;
    }
  }

  function refuse(body: Buffer, { signature }: WebhookHead): Answer | null {
    if (!isSignedBy(secrets, body, signature)) return NOT_SIGNED;
    return looksLikeJsonObject(body) ? null : NO_JSON_OBJECT;
  }

  return async (request, response) => {
    if (request.url?.split("?", 1)[0] !== given.path) return false;
    const answer = await receive(request);
    if (answer !== null) send({ request, response }, answer, clock);
    return true;
  };
}

const TOO_SLOW: Answer = { status: 408, sentence: "The body did not come to its end in time." };
const NOT_SIGNED: Answer = {
  status: 401,
  sentence: "The signature is not one of the secret set for this App.",
};
const NO_JSON_OBJECT: Answer = { status: 400, sentence: "The body is no JSON object." };

const SPACE: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Its first and last character only: parsing the whole would cost more than verifying the signature. */
function looksLikeJsonObject(body: Buffer): boolean {
  let first = 0;
  let last = body.length - 1;
  while (SPACE.has(body[first])) first += 1;
  while (SPACE.has(body[last])) last -= 1;
  return body[first] === 0x7b && body[last] === 0x7d && first < last;
}
