import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../ports/clock.ts";

/** What the sender of a webhook is told: GitHub shows the sentence among the App's recent deliveries. */
export type Answer = {
  readonly status: number;
  readonly sentence: string;
  readonly headers?: { readonly [name: string]: string };
};

export const BUSY: Answer = {
  status: 503,
  sentence: "Too many deliveries are being stored at the moment.",
  headers: { "retry-after": "5" },
};

/**
 * How long the rest of a refused body is read and thrown away. A connection that is closed on a sender in the middle
 * of its body is reset, and the answer is lost with it.
 */
const LINGER_MS = 2_000;

export function send(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { status, sentence, headers }: Answer,
  clock: Clock,
): void {
  if (response.destroyed || response.headersSent) return;
  const text = `${sentence}\n`;
  const isRead = request.complete;
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...(!isRead && { connection: "close" }),
    ...headers,
  });
  if (isRead) {
    response.end(text);
    return;
  }
  // The answer is whole with its last byte; its end closes the connection.
  response.write(text);
  void readToEnd(request, clock).then(() => response.end());
}

/** Resolves at the body's end, when the sender goes away, or when neither comes in time. */
async function readToEnd(request: IncomingMessage, clock: Clock): Promise<void> {
  const read = new AbortController();
  request.once("close", () => read.abort()).resume();
  const until = new Date(clock.now().getTime() + LINGER_MS);
  await clock.waitUntil(until, read.signal).catch(() => undefined);
}
