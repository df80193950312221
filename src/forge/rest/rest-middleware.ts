import { createHash, randomBytes } from "node:crypto";

import type { Next } from "hono";

import type { ForgeContext, ForgeRequest } from "../forge-context.ts";
import { authenticate } from "../hub/authenticate.ts";
import type { Exchange } from "../start-forge.ts";
import type { RateLimiter } from "./rate-limit.ts";
import { RestRefusal, unsupported } from "./rest-refusal.ts";

const documentationUrl = "https://docs.github.com/rest";

/** What every request below `/api` goes through, outermost first. */
export function registerRestMiddleware(
  { http, hub, limiter }: ForgeContext,
  onExchange: ((exchange: Exchange) => void) | undefined,
): void {
  http.onError((error, c) => {
    if (error instanceof RestRefusal) return renderRefusal(c, error);
    console.error(error);
    return c.json({ message: "Server Error" }, 500);
  });
  if (onExchange !== undefined) {
    http.use("/api/*", (c: ForgeRequest, next: Next) => observe(c, next, onExchange));
  }
  http.use("/api/*", async (c, next) => {
    c.set("requestId", randomBytes(16).toString("hex").toUpperCase());
    await next();
    c.header("x-github-request-id", c.get("requestId"));
    c.header("x-github-media-type", "github.v3; format=json");
  });
  http.use("/api/*", async (c, next) => {
    const authentication = authenticate(hub, c.req.header("authorization"));
    if (!authentication.ok) throw new RestRefusal(authentication.status, authentication.message);
    c.set("caller", authentication.caller);
    await next();
  });
  http.use("/api/*", (c: ForgeRequest, next: Next) => limitRate(c, next, limiter));
  http.use("/api/v3/*", answerConditionally);
}

/** Registered after every resource: whatever is left is GitHub's and not the forge's. */
export function registerUnsupportedEndpoints({ http }: ForgeContext): void {
  http.all("/api/*", (c) => {
    throw unsupported(`${c.req.method} ${c.req.path.replace(/^\/api\/v3/, "")}`);
  });
}

function renderRefusal(c: ForgeRequest, refusal: RestRefusal): Response {
  const body = {
    message: refusal.message,
    ...(refusal.errors && { errors: refusal.errors }),
    documentation_url: documentationUrl,
    status: String(refusal.status),
  };
  return c.body(JSON.stringify(body), refusal.status as 400, {
    "content-type": "application/json; charset=utf-8",
  });
}

async function limitRate(c: ForgeRequest, next: Next, limiter: RateLimiter): Promise<void> {
  const caller = c.get("caller");
  const counted = c.req.path !== "/api/v3/rate_limit";
  const allowed = !counted || limiter.spend(caller);
  if (allowed) await next();
  if (counted && c.res.status === 304) limiter.refund(caller);
  const budget = limiter.peek(caller);
  c.header("x-ratelimit-limit", String(budget.limit));
  c.header("x-ratelimit-remaining", String(budget.remaining));
  c.header("x-ratelimit-used", String(budget.used));
  c.header("x-ratelimit-reset", String(budget.reset));
  c.header("x-ratelimit-resource", "core");
  if (!allowed) {
    const owner = caller.kind === "anonymous" ? "this address" : `${caller.kind} requests`;
    c.res = renderRefusal(c, new RestRefusal(403, `API rate limit exceeded for ${owner}.`));
  }
}

/** ETags on JSON answers to GET, and 304 for those who have the answer already. */
async function answerConditionally(c: ForgeRequest, next: Next): Promise<void> {
  await next();
  if (c.req.method !== "GET" || c.res.status !== 200) return;
  if (!(c.res.headers.get("content-type") ?? "").startsWith("application/json")) return;
  const body = await c.res.clone().arrayBuffer();
  const etag = `W/"${createHash("sha256").update(Buffer.from(body)).digest("hex")}"`;
  c.header("etag", etag);
  c.header("cache-control", "private, max-age=60, s-maxage=60");
  c.header("vary", "Accept, Authorization, Cookie, X-GitHub-OTP");
  const known = (c.req.header("if-none-match") ?? "").split(",").map((tag) => tag.trim());
  if (known.includes(etag) || known.includes(etag.slice(2))) {
    const headers = new Headers(c.res.headers);
    headers.delete("content-type");
    headers.delete("content-length");
    c.res = new Response(null, { status: 304, headers });
  }
}

async function observe(c: ForgeRequest, next: Next, onExchange: (exchange: Exchange) => void): Promise<void> {
  // A copy: reading the request's own body as text would spoil bytes for the route.
  const requestBody = parseIfJson(await c.req.raw.clone().text());
  await next();
  const url = new URL(c.req.url);
  const isJson = (c.res.headers.get("content-type") ?? "").startsWith("application/json");
  onExchange({
    method: c.req.method,
    path: url.pathname + url.search,
    requestBody,
    status: c.res.status,
    responseBody: isJson ? parseIfJson(await c.res.clone().text()) : undefined,
  });
}

function parseIfJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
