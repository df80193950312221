import { createHash, createHmac } from "node:crypto";

import type { AppHook } from "../hub/entity/account.ts";
import type { Delivery } from "../hub/entity/delivery.ts";

export interface SendOptions {
  hook: AppHook;
  timeoutMs: number;
  /** Abandons the attempt without an outcome. */
  signal: AbortSignal;
}

export type DeliveryOutcome = Pick<
  Delivery,
  "url" | "duration" | "status" | "statusCode" | "requestHeaders" | "responseHeaders" | "responseBody"
>;

/** Posts one delivery and tells what came of it; a receiver's failure is an outcome, not an error. */
export async function sendDelivery(delivery: Delivery, options: SendOptions): Promise<DeliveryOutcome> {
  const { hook, timeoutMs } = options;
  const body = hook.contentType === "json" ? delivery.body : `payload=${encodeURIComponent(delivery.body)}`;
  const requestHeaders = deliveryHeaders(delivery, hook, body);
  const timeout = AbortSignal.timeout(timeoutMs);
  const started = performance.now();
  const answer = await post({
    url: hook.url,
    headers: requestHeaders,
    body,
    signal: AbortSignal.any([timeout, options.signal]),
  });
  const duration = Math.round(performance.now() - started) / 1000;
  const shared = { url: hook.url, requestHeaders, duration };
  if (answer.ok) return { ...shared, ...answer.outcome };
  const failure = timeout.aborted
    ? { status: "timed out", statusCode: 504 }
    : { status: "failed to connect to host", statusCode: 502 };
  return { ...shared, ...failure, responseHeaders: {}, responseBody: "" };
}

interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

type Answer =
  | { ok: true; outcome: Pick<Delivery, "status" | "statusCode" | "responseHeaders" | "responseBody"> }
  | { ok: false };

/** Beyond this GitHub cuts responses off in its record. */
const longestKeptResponse = 25_000;

async function post({ url, headers, body, signal }: Post): Promise<Answer> {
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    const responseBody = (await response.text()).slice(0, longestKeptResponse);
    const status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
    const responseHeaders = Object.fromEntries(response.headers);
    return { ok: true, outcome: { status, statusCode: response.status, responseHeaders, responseBody } };
  } catch {
    // Refused, reset, timed out, not a URL: whatever kept the receiver from answering.
    return { ok: false };
  }
}

function deliveryHeaders(delivery: Delivery, hook: AppHook, body: string): Record<string, string> {
  return {
    accept: "*/*",
    "content-type": hook.contentType === "json" ? "application/json" : "application/x-www-form-urlencoded",
    "user-agent": `GitHub-Hookshot/${createHash("sha1").update(hook.url).digest("hex").slice(0, 7)}`,
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event,
    "x-github-hook-id": String(delivery.appId),
    "x-github-hook-installation-target-id": String(delivery.appId),
    "x-github-hook-installation-target-type": "integration",
    ...(hook.secret !== null && {
      "x-hub-signature": `sha1=${createHmac("sha1", hook.secret).update(body).digest("hex")}`,
      "x-hub-signature-256": `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}`,
    }),
  };
}
