import type { z } from "zod";
import { err, ok, type Result } from "../../base/result.ts";
import { API_PREFIX, ApiError } from "../../contract/attempt-api.ts";
import type { Timers } from "../timers.ts";
import { exchange, type Answer, type Patience } from "./http-exchange.ts";

/** The server understood and said no; `message` is its sentence for the run's log. */
export type ServerRefusal = { readonly status: number; readonly code: string; readonly message: string };

/** The server, and the attempt that all calls are about. */
export type ServerAddress = {
  readonly server: URL;
  readonly attempt: string;
  readonly timers: Timers;
};

export type ServerCall = {
  /** As the object of "The server did not take …". */
  readonly what: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly token: string;
  /** JSON, or bytes as they are. */
  readonly body?: object | Uint8Array<ArrayBuffer>;
  readonly patience: Patience;
  readonly maxBytes?: number;
};

/** More than any answer but a bundle needs. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** The answer's bytes. Throws ServerUnavailable, and for an answer that is over the call's limit. */
export async function callServer(
  address: ServerAddress,
  call: ServerCall,
): Promise<Result<Buffer, ServerRefusal>> {
  const limit = call.maxBytes ?? MAX_ANSWER_BYTES;
  const url = urlOf(address, call.path);
  const send = async (signal: AbortSignal): Promise<Answer> => {
    const response = await fetch(url, {
      method: call.method,
      headers: { authorization: `Bearer ${call.token}`, ...contentType(call.body) },
      ...(call.body === undefined ? {} : { body: encode(call.body) }),
      // A redirect could carry the token to another host.
      redirect: "error",
      signal,
    });
    return { status: response.status, body: await readLimited(response, limit) };
  };
  const { patience } = call;
  const answer = await exchange(call.what, send, { patience, timers: address.timers });
  if (answer.body === null) throw new Error(`The server's answer to ${call.what} is over ${limit} bytes.`);
  const succeeded = answer.status >= 200 && answer.status < 300;
  return succeeded ? ok(answer.body) : err(toRefusal(answer.status, answer.body));
}

/**
 * The same with the answer read. One that is off its schema means that server and action are of versions that do not
 * fit: it throws, since no try mends that.
 */
export async function callServerFor<Schema extends z.ZodType>(
  schema: Schema,
  address: ServerAddress,
  call: ServerCall,
): Promise<Result<z.infer<Schema>, ServerRefusal>> {
  const answer = await callServer(address, call);
  if (!answer.ok) return answer;
  const parsed = schema.safeParse(parseJson(answer.value));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  throw new Error(
    `The server answered ${call.what} in a form that this version of the action does not know ` +
      `(${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}).`,
  );
}

/** The same for a call whose answer is empty. */
export async function tellServer(
  address: ServerAddress,
  call: ServerCall,
): Promise<Result<null, ServerRefusal>> {
  const answer = await callServer(address, call);
  return answer.ok ? ok(null) : answer;
}

function urlOf({ server, attempt }: ServerAddress, path: string): string {
  return `${server.href.replace(/\/+$/, "")}${API_PREFIX}/attempts/${encodeURIComponent(attempt)}${path}`;
}

function contentType(body: ServerCall["body"]): Record<string, string> {
  if (body === undefined) return {};
  return { "content-type": body instanceof Uint8Array ? "application/octet-stream" : "application/json" };
}

function encode(body: NonNullable<ServerCall["body"]>): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? body : JSON.stringify(body);
}

function toRefusal(status: number, answer: Buffer): ServerRefusal {
  const parsed = ApiError.safeParse(parseJson(answer));
  if (parsed.success) return { status, ...parsed.data.error };
  return { status, code: "unknown", message: `The server answered ${status} without giving a reason.` };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Null when there is more than `maxBytes`. */
async function readLimited(response: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body === null) return Buffer.alloc(0);
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
