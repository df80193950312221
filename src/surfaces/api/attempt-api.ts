import { Hono } from "hono";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import type { AppContext } from "../../app/context.ts";
import { acceptBundle, acceptReport } from "../../app/attempt/accept-report.ts";
import { acceptDelivery, handOver, loadBundle } from "../../app/attempt/deliver-work.ts";
import type { ApiProblem } from "../../app/attempt/exchange.ts";
import { isTokenOf, recordHeartbeat } from "../../app/attempt/hold-lease.ts";
import { acceptSnapshot, loadSnapshot } from "../../app/attempt/keep-snapshot.ts";
import { leaseAttempt } from "../../app/attempt/lease-attempt.ts";
import { acceptVerification, beginVerification } from "../../app/attempt/verify-work.ts";
import type { AttemptId } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import {
  API_PREFIX,
  DeliveryResult,
  HeartbeatRequest,
  VerificationResult,
} from "../../contract/attempt-api.ts";
import { MAX_SNAPSHOT_BYTES } from "../../contract/snapshot.ts";
import { MAX_BUNDLE_BYTES, MAX_REPORT_BYTES, Report } from "../../contract/report.ts";

const STATUS_OF: { readonly [code in ApiProblem["code"]]: 401 | 404 | 409 | 422 | 503 } = {
  unauthorized: 401,
  "not-found": 404,
  "lease-taken": 409,
  "lease-over": 409,
  "run-unknown": 409,
  "run-unrecorded": 503,
  "nothing-to-deliver": 409,
  "nothing-to-verify": 409,
  "head-differs": 409,
  "bundle-differs": 422,
  "bundle-missing": 422,
};

/** Heartbeats carry what a session showed: more than a report may hold, less than a bundle. */
const MAX_HEARTBEAT_BYTES = 2 * 1024 * 1024;

/** The API of the runners, as `contract/attempt-api` describes it. */
export function createAttemptApi(context: AppContext): Hono {
  const api = new Hono().basePath(`${API_PREFIX}/attempts/:attempt`);
  api.onError((error, c) => {
    context.log.error({ err: error, path: c.req.path }, "A runner's request failed");
    return fail(c, 503, "unavailable", "The server cannot answer now; try again in a moment.");
  });
  // A stranger is turned away before a byte of a large body is read.
  const known: MiddlewareHandler = async (c, next) => {
    if (await isTokenOf(context, { ...attemptOf(c), token: bearer(c) })) return next();
    return fail(c, 401, "unauthorized", "The token is not of this attempt.");
  };
  api.post("/lease", async (c) =>
    reply(c, await leaseAttempt(context, { ...attemptOf(c), idToken: bearer(c) })),
  );
  api.post("/heartbeat", known, limit(MAX_HEARTBEAT_BYTES), (c) =>
    withBody(c, HeartbeatRequest, (heartbeat) =>
      recordHeartbeat(context, { ...attemptOf(c), token: bearer(c), heartbeat }),
    ),
  );
  api.put("/snapshot", known, limit(MAX_SNAPSHOT_BYTES), async (c) => {
    const snapshot = new Uint8Array(await c.req.arrayBuffer());
    return reply(c, await acceptSnapshot(context, { ...attemptOf(c), token: bearer(c), snapshot }));
  });
  api.get("/snapshot", async (c) =>
    octets(c, await loadSnapshot(context, { ...attemptOf(c), token: bearer(c) })),
  );
  api.put("/bundle", known, limit(MAX_BUNDLE_BYTES), async (c) => {
    const bundle = new Uint8Array(await c.req.arrayBuffer());
    return reply(c, await acceptBundle(context, { ...attemptOf(c), token: bearer(c), bundle }));
  });
  api.get("/bundle", async (c) =>
    octets(c, await loadBundle(context, { ...attemptOf(c), token: bearer(c) })),
  );
  api.post("/report", known, limit(MAX_REPORT_BYTES), (c) =>
    withBody(c, Report, (report) => acceptReport(context, { ...attemptOf(c), token: bearer(c), report })),
  );
  api.post("/delivery", async (c) =>
    reply(c, await handOver(context, { ...attemptOf(c), idToken: bearer(c) })),
  );
  api.post("/delivery/result", known, limit(MAX_REPORT_BYTES), (c) =>
    withBody(c, DeliveryResult, (result) =>
      acceptDelivery(context, { ...attemptOf(c), token: bearer(c), result }),
    ),
  );
  api.post("/verification", async (c) =>
    reply(c, await beginVerification(context, { ...attemptOf(c), idToken: bearer(c) })),
  );
  api.post("/verification/result", known, limit(MAX_REPORT_BYTES), (c) =>
    withBody(c, VerificationResult, (result) =>
      acceptVerification(context, { ...attemptOf(c), token: bearer(c), result }),
    ),
  );
  return api;
}

function attemptOf(c: Context): { readonly attempt: AttemptId } {
  return { attempt: c.req.param("attempt") as AttemptId };
}

function bearer(c: Context): string {
  return /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
}

function limit(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: (c) => fail(c, 413, "too-large", `The body is larger than ${maxSize} bytes.`),
  });
}

async function withBody<Body>(
  c: Context,
  schema: z.ZodType<Body>,
  act: (body: Body) => Promise<Result<unknown, ApiProblem>>,
): Promise<Response> {
  const parsed = await readJson(c, schema);
  if (!parsed.ok) return fail(c, 422, "invalid-body", parsed.error);
  return reply(c, await act(parsed.value));
}

async function readJson<Body>(c: Context, schema: z.ZodType<Body>): Promise<Result<Body, string>> {
  let json: unknown;
  try {
    json = await c.req.json();
  } catch {
    return err("The body is not JSON.");
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const at = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  return err(`The body is off its schema: ${at}${issue?.message ?? "unknown"}.`);
}

function octets(c: Context, loaded: Result<Uint8Array, ApiProblem>): Response {
  if (!loaded.ok) return reply(c, loaded);
  return c.body(Uint8Array.from(loaded.value).buffer, 200, { "content-type": "application/octet-stream" });
}

function reply(c: Context, result: Result<unknown, ApiProblem>): Response {
  if (!result.ok) return fail(c, STATUS_OF[result.error.code], result.error.code, result.error.message);
  return result.value === null ? c.body(null, 204) : c.json(result.value as object);
}

function fail(
  c: Context,
  status: 401 | 404 | 409 | 413 | 422 | 503,
  code: string,
  message: string,
): Response {
  return c.json({ error: { code, message } }, status);
}
