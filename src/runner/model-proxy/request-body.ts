import type { IncomingMessage } from "node:http";
import { err, ok, type Result } from "../../base/result.ts";
import { asObject, type JsonObject } from "./json.ts";
import type { BodyPlace } from "./body-room.ts";
import type { Refusal } from "./wire-protocol.ts";

/** As much as the vendors take. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024;

/** What is asked, and the same as bytes. */
export type RequestBody = { readonly json: JsonObject; readonly bytes: Buffer };

/** Reads a request's JSON to its end. */
export async function readRequestBody(
  request: IncomingMessage,
  place: BodyPlace,
): Promise<Result<RequestBody, Refusal>> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    return malformed(
      `The request is compressed (${encoding.slice(0, 20)}), which the model proxy does not read.`,
    );
  }
  const bytes = await readLimited(request, place);
  if (!bytes.ok) return bytes;
  return readRequest(bytes.value);
}

/**
 * The bytes are written anew from what was read, where they differ: of a name that stands there twice, the vendor would
 * otherwise take the first and we the last.
 */
function readRequest(given: Buffer): Result<RequestBody, Refusal> {
  const text = given.toString("utf8");
  try {
    const json = asObject(JSON.parse(text));
    if (json === null) return malformed("The request is no JSON object.");
    if (JSON.stringify(json) === text) return ok({ json, bytes: given });
    return ok({ json, bytes: Buffer.from(JSON.stringify(parseExactly(text))) });
  } catch {
    return malformed("The request is not JSON.");
  }
}

/** The same request with other members. */
export function replaceMembers(body: RequestBody, json: JsonObject): RequestBody {
  if (json === body.json) return body;
  const changed = Object.keys(json).filter((name) => json[name] !== body.json[name]);
  const exact = parseExactly(body.bytes.toString("utf8")) as Record<string, unknown>;
  for (const name of changed) exact[name] = json[name];
  return { json, bytes: Buffer.from(JSON.stringify(exact)) };
}

type ExactReviver = (this: unknown, name: string, value: unknown, context: { source?: string }) => unknown;

/** What is newer than TypeScript's description of ES2024. */
const ExactJson = JSON as unknown as {
  readonly parse: (text: string, reviver: ExactReviver) => unknown;
  readonly rawJSON: (text: string) => unknown;
};

/** Numbers keep the form in which they were written: `1.0`, and more digits than a double has. */
function parseExactly(text: string): unknown {
  return ExactJson.parse(text, (_name, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source
      ? ExactJson.rawJSON(source)
      : value,
  );
}

async function readLimited(request: IncomingMessage, place: BodyPlace): Promise<Result<Buffer, Refusal>> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Whoever sends too much is answered, too: the rest is read and dropped.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) return drop(request, TOO_LARGE);
    if (!place.take(chunk.length)) return drop(request, NO_ROOM);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks));
}

const TOO_LARGE: Refusal = {
  reason: "too-large",
  message: `The request has more than ${MAX_REQUEST_BYTES} bytes, and no more are sent to the model.`,
};

const NO_ROOM: Refusal = {
  reason: "busy",
  message: "The agent asks its model more at once than the model proxy has room for.",
};

function drop(request: IncomingMessage, refusal: Refusal): Result<never, Refusal> {
  request.resume();
  return err(refusal);
}

function malformed(message: string): Result<never, Refusal> {
  return err({ reason: "malformed", message });
}
