import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Inbox } from "../../ports/task-store.ts";
import { type Answer, send } from "./answer.ts";
import { createDeadlines, type Deadlines } from "./deadlines.ts";
import { readBody } from "./read-body.ts";
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
  readonly path?: string;
  /** GitHub sends no more than 25 MB. */
  readonly maxBodyBytes?: number;
  /** Deliveries being received or stored at once; further ones are asked to come back. */
  readonly maxInFlight?: number;
  /** Bytes of their bodies held at once. */
  readonly maxBytesInFlight?: number;
  readonly bodyTimeoutMs?: number;
  /** How long the store may take: GitHub waits for 10 s. */
  readonly storeTimeoutMs?: number;
};

const DEFAULTS = {
  path: WEBHOOK_PATH,
  maxBodyBytes: 25 * 1024 * 1024,
  maxInFlight: 512,
  maxBytesInFlight: 128 * 1024 * 1024,
  bodyTimeoutMs: 8_000,
  storeTimeoutMs: 8_000,
} as const;

/** For Probot's `addHandler`: true when the request was for this path, and is answered. */
export type Ingress = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

type Settings = Required<IngressOptions> & {
  readonly bodyDeadlines: Deadlines;
  readonly storeDeadlines: Deadlines;
};

/**
 * Takes webhooks in: verified over the bytes that came, stored, and only then answered. What they mean is the worker's
 * matter. A body whose JSON is broken in the middle is stored all the same, for it was signed; the worker says so.
 */
export function createIngress(options: IngressOptions): Ingress {
  const given = { ...DEFAULTS, ...options };
  const settings: Settings = {
    ...given,
    bodyDeadlines: createDeadlines(given.clock, given.bodyTimeoutMs),
    storeDeadlines: createDeadlines(given.clock, given.storeTimeoutMs),
  };
  const load = { requests: 0, bytes: 0 };

  async function receive(request: IncomingMessage): Promise<Answer | null> {
    const head = readHead(request, settings.maxBodyBytes);
    if (!head.ok) return head.error;
    if (load.requests >= settings.maxInFlight) return BUSY;
    let reserved = 0;
    load.requests += 1;
    try {
      const body = await readBody(request, {
        maxBytes: settings.maxBodyBytes,
        deadlines: settings.bodyDeadlines,
        reserve: (bytes) => {
          if (load.bytes + bytes > settings.maxBytesInFlight) return false;
          load.bytes += bytes;
          reserved += bytes;
          return true;
        },
      });
      if (body.kind === "read") return await accept(settings, head.value, body.bytes);
      return ANSWERS[body.kind](settings);
    } finally {
      load.requests -= 1;
      load.bytes -= reserved;
    }
  }

  return async (request, response) => {
    if (request.url?.split("?", 1)[0] !== settings.path) return false;
    const answer = await receive(request);
    if (answer !== null) send({ request, response }, answer, settings.clock);
    return true;
  };
}

const BUSY: Answer = {
  status: 503,
  sentence: "Too many deliveries are being stored at the moment.",
  headers: { "retry-after": "5" },
};

const ANSWERS = {
  "too-large": ({ maxBodyBytes }: Settings) => tooLarge(maxBodyBytes),
  "too-slow": () => ({ status: 408, sentence: "The body did not come to its end in time." }),
  "no-room": () => BUSY,
  // Nobody is there to be told.
  "broken-off": () => null,
} as const;

async function accept(settings: Settings, head: WebhookHead, body: Buffer): Promise<Answer> {
  if (!isSignedBy(settings.secrets, body, head.signature)) {
    return { status: 401, sentence: "The signature is not one of the secret set for this App." };
  }
  if (!looksLikeJsonObject(body)) return { status: 400, sentence: "The body is no JSON object." };
  const { clock, inbox, log, storeDeadlines: deadlines } = settings;
  const receivedAt = clock.now().toISOString();
  return await storeDelivery(
    { inbox, deadlines, log },
    { id: head.delivery, event: head.event, body, receivedAt },
  );
}

const SPACE: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Its first and last character only: parsing the whole would cost more than verifying the signature. */
function looksLikeJsonObject(body: Buffer): boolean {
  let first = 0;
  let last = body.length - 1;
  while (SPACE.has(body[first])) first += 1;
  while (SPACE.has(body[last])) last -= 1;
  return body[first] === 0x7b && body[last] === 0x7d && first < last;
}
