import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../ports/clock.ts";

/** What the sender of a webhook is told: GitHub shows the sentence among the App's recent deliveries. */
export type Answer = {
  readonly status: number;
  readonly sentence: string;
  readonly headers?: { readonly [name: string]: string };
};

/**
 * How long the rest of a refused body is read and thrown away. A connection that is closed on a sender in the middle
 * of its body is reset, and the answer is lost with it.
 */
const LINGER_MS = 2_000;

export function send(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  answer: Answer,
  clock: Clock,
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8", ...answer.headers });
  response.end(`${answer.sentence}\n`);
  if (!request.complete) linger(request, clock);
}

function linger(request: IncomingMessage, clock: Clock): void {
  const read = new AbortController();
  request.once("close", () => read.abort()).resume();
  clock.waitUntil(new Date(clock.now().getTime() + LINGER_MS), read.signal).then(
    () => request.socket.destroy(),
    // Aborted: the sender came to the end of its body, or went away.
    () => undefined,
  );
}
