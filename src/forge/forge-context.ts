import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";

import type { Caller } from "./hub/caller.ts";
import type { Hub } from "./hub/hub.ts";
import type { RateLimiter } from "./rest/rate-limit.ts";
import type { DeliveryQueue } from "./webhooks/delivery-queue.ts";
import type { PayloadRegistry } from "./webhooks/payload-registry.ts";

export interface ForgeEnv {
  Bindings: HttpBindings;
  Variables: { caller: Caller; requestId: string };
}

type ForgeApp = Hono<ForgeEnv>;

export type ForgeRequest = Context<ForgeEnv>;

/** What every part of the forge is given when it registers its routes and listeners. */
export interface ForgeContext {
  hub: Hub;
  /** Everything the server answers, from the root. */
  http: ForgeApp;
  /** The same server below `/api/v3`: callers are authenticated, refusals rendered, answers tagged. */
  rest: ForgeApp;
  /** Counts the requests of each caller. */
  limiter: RateLimiter;
  /** Where each part says how the webhook payloads of its events are built. */
  payloads: PayloadRegistry;
  /** Sends the webhooks. */
  deliveries: DeliveryQueue;
  /** Runs once the server listens and `hub.url` is known, in the order of registration. */
  onStart: (start: () => Promise<void> | void) => void;
  /** Runs when the forge closes, in reverse order. */
  onClose: (stop: () => Promise<void> | void) => void;
}
