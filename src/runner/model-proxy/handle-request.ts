import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { err, ok, type Result } from "../../base/result.ts";
import { findPrices } from "../../contract/cost/price-table.ts";
import { describeTool, findSurcharge } from "./confine-request.ts";
import { describeDollars } from "./describe-dollars.ts";
import { forwardAnswer } from "./forward-answer.ts";
import { forwardedRequestHeaders } from "./forwarded-headers.ts";
import { textAt, type JsonObject } from "./json.ts";
import type { ModelUpstream } from "./model-upstream.ts";
import { permitsModel } from "./permits-model.ts";
import { expectCost } from "./expect-cost.ts";
import type { BodyPlace, BodyRoom } from "./body-room.ts";
import { readRequestBody, replaceMembers, type RequestBody } from "./request-body.ts";
import type { Admission, Spending } from "./spending.ts";
import type { UpstreamClient } from "./upstream-client.ts";
import type { UsageMeter } from "./usage-meter.ts";
import type { Refusal, Route, WireProtocol } from "./wire-protocol.ts";

/** What an attempt may ask its model for. */
export type ModelLimits = {
  /** Names of models; null permits all of them. */
  readonly models: readonly string[] | null;
  readonly budgetMicroUsd: number | null;
};

/** One attempt's proxy, as its requests see it. */
export type Proxying = {
  readonly protocol: WireProtocol;
  readonly upstream: ModelUpstream;
  readonly client: UpstreamClient;
  /** The only key that is taken here. */
  readonly attemptKey: string;
  readonly limits: ModelLimits;
  readonly meter: UsageMeter;
  readonly spending: Spending;
  readonly room: BodyRoom;
  /** Aborted when the session is over or stopped. */
  readonly stopped: AbortSignal;
  readonly onLimit: (sentence: string) => void;
  readonly onNotice: (sentence: string) => void;
};

const IS_NOT_ASKED_FOR = "is not asked for: an attempt's model only answers.";

const WOULD_RUN_ELSEWHERE = "would run on machines of the vendor, so the agent does without it.";

const SESSION_OVER: Refusal = { reason: "busy", message: "The session is over." };

/** The vendors' names, and those of gateways in front of them. */
const MODEL_NAME = /^[\w.:/@+-]{1,200}$/;

/** One request of the agent's program, and the room that it takes here. */
type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly place: BodyPlace;
};

/** Answers one request of the agent's program: with the model's answer, or with a refusal in the vendor's form. */
export async function handleRequest(
  proxying: Proxying,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const place = proxying.room.enter();
  try {
    const answered = await answer(proxying, { request, response, place });
    if (!answered.ok) refuse(proxying, response, answered.error);
  } finally {
    place.leave();
  }
}

async function answer(proxying: Proxying, exchange: Exchange): Promise<Result<null, Refusal>> {
  const { protocol } = proxying;
  const { request, response } = exchange;
  const target = splitTarget(request.url ?? "");
  const method = request.method ?? "";
  const route = protocol.route(method, target.path);
  if (route?.kind === "greeting") {
    response.writeHead(200).end();
    return ok(null);
  }
  if (!protocol.keysOf(request.headers, target.query).some((key) => isSame(key, proxying.attemptKey))) {
    return err({ reason: "wrong-key", message: "The key is not the one that was given to this attempt." });
  }
  if (route === null) {
    const message = `An attempt has no need of ${method} ${target.path.slice(0, 200)}, so it is not passed on.`;
    return err({ reason: "no-route", message });
  }
  const asked = { ...exchange, path: pathToAsk(route, target.query) };
  if (route.kind === "generation") return generate(proxying, route, asked);
  const body = method === "GET" ? null : await readRequestBody(request, exchange.place);
  if (body?.ok === false) return body;
  return pass(proxying, asked, { body: body?.value.bytes ?? null, counter: null });
}

type Asked = Exchange & { readonly path: string };

async function generate(
  proxying: Proxying,
  route: Route & { readonly kind: "generation" },
  asked: Asked,
): Promise<Result<null, Refusal>> {
  const { protocol, limits, spending } = proxying;
  const read = await readRequestBody(asked.request, asked.place);
  if (!read.ok) return read;
  const model = route.model ?? textAt(read.value.json, "model") ?? "";
  const problem = judgeModel(limits, model) ?? judgePrice(limits, read.value.json);
  if (problem !== null) return err(problem);
  const confined = protocol.confine(read.value.json);
  if (!confined.ok) return err({ reason: "not-allowed", message: `${confined.error} ${IS_NOT_ASKED_FOR}` });
  for (const name of confined.value.withheld) {
    proxying.onNotice(`${describeTool(name)} ${WOULD_RUN_ELSEWHERE}`);
  }
  const body = replaceMembers(read.value, protocol.askForUsage(confined.value.request));
  const admission = await spending.admit(expectCost(protocol, body, model));
  if (admission.kind === "spent") return err(budgetSpent(limits));
  if (admission.kind === "closed") return err(SESSION_OVER);
  return generateAdmitted(proxying, asked, { model, body, admission });
}

async function generateAdmitted(
  proxying: Proxying,
  asked: Asked,
  given: { readonly model: string; readonly body: RequestBody; readonly admission: Admission },
): Promise<Result<null, Refusal>> {
  const { model, body, admission } = given;
  try {
    // Whoever waited may be gone by now.
    if (asked.response.destroyed) return ok(null);
    const counter = { requestBytes: body.bytes.length, model };
    return await pass(proxying, asked, { body: body.bytes, counter });
  } finally {
    admission.settle();
  }
}

async function pass(
  proxying: Proxying,
  { request, response, path }: Asked,
  sent: {
    readonly body: Buffer | null;
    readonly counter: { readonly requestBytes: number; readonly model: string } | null;
  },
): Promise<Result<null, Refusal>> {
  const { protocol, upstream, client, stopped } = proxying;
  try {
    const headers = {
      ...forwardedRequestHeaders(request.headers),
      ...protocol.authorization(upstream.key, upstream.keyKind),
    };
    const method = request.method ?? "GET";
    const answer = await client.ask({ method, path, headers, body: sent.body, signal: stopped });
    await forwardAnswer(proxying, { answer, response, counter: sent.counter });
    return ok(null);
  } catch (cause) {
    if (stopped.aborted) return err(SESSION_OVER);
    const why = cause instanceof Error ? describe(cause) : String(cause);
    const message = `The model's address ${upstream.baseUrl.origin} could not be reached (${why}).`;
    return err({ reason: "unreachable", message });
  }
}

function judgeModel({ models, budgetMicroUsd }: ModelLimits, asked: string): Refusal | null {
  if (!MODEL_NAME.test(asked)) return { reason: "malformed", message: "The request names no model." };
  if (models !== null && !permitsModel(models, asked)) {
    const message = `This attempt may ask ${models.join(" and ")} only, so ${asked} is not asked.`;
    return { reason: "model", message };
  }
  if (budgetMicroUsd !== null && findPrices(asked) === null) {
    const message = `The price table has no model ${asked}, so the attempt's budget could not be kept with it.`;
    return { reason: "not-allowed", message };
  }
  return null;
}

function judgePrice({ budgetMicroUsd }: ModelLimits, request: JsonObject): Refusal | null {
  const surcharge = budgetMicroUsd === null ? null : findSurcharge(request);
  if (surcharge === null) return null;
  const message = `${surcharge} has no price in the table, so the attempt's budget could not be kept with it.`;
  return { reason: "not-allowed", message };
}

function budgetSpent({ budgetMicroUsd }: ModelLimits): Refusal {
  const budget = describeDollars(budgetMicroUsd ?? 0);
  const message = `The attempt's budget of ${budget} is used up, so the model is not asked again.`;
  return { reason: "budget", message };
}

function refuse(proxying: Proxying, response: ServerResponse, refusal: Refusal): void {
  if (refusal.reason === "budget") proxying.onLimit(refusal.message);
  else if (refusal !== SESSION_OVER) proxying.onNotice(refusal.message);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, body } = proxying.protocol.renderRefusal(refusal);
  // Stainless's clients, which most vendors' are, ask this before they try again.
  const retry = refusal.reason === "unreachable" || refusal.reason === "busy" ? "true" : "false";
  response.writeHead(status, { "content-type": "application/json", "x-should-retry": retry });
  response.end(JSON.stringify(body));
}

function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = target.indexOf("?");
  return at === -1
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

/** Google takes keys and tokens from the query, too: only ours goes there, in a header. */
const CREDENTIALS: readonly string[] = ["key", "access_token", "oauth_token"];

function pathToAsk(route: Exclude<Route, { kind: "greeting" }>, given: URLSearchParams): string {
  const query = new URLSearchParams([...given].filter(([name]) => !CREDENTIALS.includes(name)));
  return query.size === 0 ? route.path : `${route.path}?${query.toString()}`;
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function describe(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
