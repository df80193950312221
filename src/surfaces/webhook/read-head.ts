import type { IncomingHttpHeaders } from "node:http";
import type { DeliveryId } from "../../base/ids.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Answer } from "./answer.ts";

/** What a webhook says of itself before its body. */
export type WebhookHead = {
  readonly delivery: DeliveryId;
  readonly event: string;
  readonly signature: string;
};

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EVENT = /^[a-z][a-z_]{0,63}$/;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** Refuses what cannot be a webhook of GitHub's before a byte of its body is read. */
export function readHead(
  request: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
  maxBodyBytes: number,
): Result<WebhookHead, Answer> {
  const { method, headers } = request;
  if (method !== "POST") return refuse(405, "Webhooks are sent with POST.", { allow: "POST" });
  if (!JSON_TYPE.test(headers["content-type"] ?? "")) {
    return refuse(
      415,
      "Webhooks must be JSON: set the content type of the App's webhook to application/json.",
    );
  }
  if (Number(headers["content-length"] ?? 0) > maxBodyBytes) return err(tooLarge(maxBodyBytes));
  const event = headers["x-github-event"];
  if (typeof event !== "string" || !EVENT.test(event)) {
    return refuse(400, "The header x-github-event is missing or names no event.");
  }
  const delivery = headers["x-github-delivery"];
  if (typeof delivery !== "string" || !GUID.test(delivery)) {
    return refuse(400, "The header x-github-delivery is missing or no GUID.");
  }
  const signature = headers["x-hub-signature-256"];
  if (typeof signature !== "string") {
    return refuse(401, "The header x-hub-signature-256 is missing: set a secret for the App's webhook.");
  }
  return ok({ delivery: delivery.toLowerCase() as DeliveryId, event, signature });
}

export function tooLarge(maxBodyBytes: number): Answer {
  return { status: 413, sentence: `The body is larger than ${maxBodyBytes} bytes.` };
}

function refuse(status: number, sentence: string, headers?: Answer["headers"]): Result<never, Answer> {
  return err({ status, sentence, ...(headers && { headers }) });
}
