import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";

import { registerActions } from "./actions/register-actions.ts";
import type { ForgeContext, ForgeEnv } from "./forge-context.ts";
import { registerGit } from "./git/register-git.ts";
import { registerGraphql } from "./graphql/register-graphql.ts";
import { Hub } from "./hub/hub.ts";
import { registerOidc } from "./oidc/register-oidc.ts";
import { registerAccountResources } from "./rest/register-account-resources.ts";
import { registerCodeResources } from "./rest/register-code-resources.ts";
import { registerIssueResources } from "./rest/register-issue-resources.ts";
import { RateLimiter } from "./rest/rate-limit.ts";
import { registerRestMiddleware, registerUnsupportedEndpoints } from "./rest/rest-middleware.ts";
import { registerWeb } from "./web/register-web.ts";
import { DeliveryQueue } from "./webhooks/delivery-queue.ts";
import { PayloadRegistry } from "./webhooks/payload-registry.ts";
import { registerWebhooks } from "./webhooks/register-webhooks.ts";

export interface ForgeOptions {
  /** Where all state is kept; a forge started again on it goes on where it was. */
  dir: string;
  /** 0, the default, takes a free one. */
  port?: number;
  host?: string;
  now?: () => Date;
  /** Sees every finished REST or GraphQL exchange; for checks against GitHub's own description. */
  onExchange?: (exchange: Exchange) => void;
  /** Sees every webhook as it is first sent. */
  onDelivery?: DeliveryObserver;
  /** The rate limit of each caller, as GitHub counts it; 5,000 by default. */
  requestsPerHour?: number;
  /** How long a receiver of webhooks may take; GitHub's ten seconds by default. */
  webhookTimeoutMs?: number;
}

export type DeliveryObserver = (delivery: { event: string; payload: unknown }) => void;

const defaultRequestsPerHour = 5000;
const defaultWebhookTimeoutMs = 10_000;

export interface Exchange {
  method: string;
  /** Path and query as requested, with the `/api/v3` or `/api/graphql` prefix. */
  path: string;
  requestBody: unknown;
  status: number;
  responseBody: unknown;
}

export interface Forge {
  /** Without a trailing slash. REST is below `/api/v3`. */
  url: string;
  hub: Hub;
  close(): Promise<void>;
}

export async function startForge(options: ForgeOptions): Promise<Forge> {
  const hub = new Hub({ directory: options.dir, ...(options.now !== undefined && { now: options.now }) });
  const http = new Hono<ForgeEnv>();
  const starts: (() => Promise<void> | void)[] = [];
  const stops: (() => Promise<void> | void)[] = [];
  const context: ForgeContext = {
    hub,
    http,
    rest: http.basePath("/api/v3"),
    limiter: new RateLimiter(options.requestsPerHour ?? defaultRequestsPerHour, () => hub.date()),
    payloads: new PayloadRegistry(hub),
    deliveries: new DeliveryQueue(hub, {
      timeoutMs: options.webhookTimeoutMs ?? defaultWebhookTimeoutMs,
      onDelivery: options.onDelivery,
    }),
    onStart: (start) => starts.push(start),
    onClose: (stop) => stops.unshift(stop),
  };

  registerRestMiddleware(context, options.onExchange);
  registerAccountResources(context);
  registerIssueResources(context);
  registerCodeResources(context);
  registerGraphql(context);
  registerGit(context);
  registerActions(context);
  registerOidc(context);
  registerWebhooks(context);
  registerUnsupportedEndpoints(context);
  registerWeb(context);

  const server = createAdaptorServer({ fetch: http.fetch }) as Server;
  const stop = async (): Promise<void> => {
    const closed = closeServer(server);
    for (const stopPart of stops) await stopPart();
    await closed;
    hub.close();
  };
  let stopping: Promise<void> | undefined;
  const close = (): Promise<void> => (stopping ??= stop());
  try {
    hub.url = await listen(server, options);
    for (const start of starts) await start();
  } catch (error) {
    await close();
    throw error;
  }
  return { url: hub.url, hub, close };
}

function listen(server: Server, { port = 0, host = "127.0.0.1" }: ForgeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address() as AddressInfo;
      resolve(`http://${host}:${address.port}`);
    });
  });
}

/** How long requests that are under way may take to finish. */
const closingGraceMs = 2000;

/** Takes no more requests, lets those under way finish, and cuts off the rest. */
function closeServer(server: Server): Promise<void> {
  const cutOff = setTimeout(() => {
    server.closeAllConnections();
  }, closingGraceMs);
  return new Promise((resolve) => {
    // The only error is that the server does not listen, which is what is wanted.
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
  });
}
