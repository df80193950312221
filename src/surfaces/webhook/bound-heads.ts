import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../ports/clock.ts";
import { createDeadlines, type Deadline } from "./deadlines.ts";

/** From a connection, or from the answer before, to the end of a request's head: GitHub gives up after as long. */
const HEAD_TIMEOUT_MS = 10_000;

const TOO_SLOW = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

export type HeadBounds = {
  readonly clock: Clock;
  /** Aborted when the server stops: it waits for nothing any more. */
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
};

/** What is known of a connection. */
type Sender = { deadline: Deadline | null; unanswered: number };

/**
 * Closes connections on which a request's head does not come to its end in time, however steadily it drips. The server
 * itself waits for a minute, and looks every half a minute whether that is over; how often it looks cannot be set on one
 * that Probot has made. A connection that only waits for its next request, the server closes sooner.
 */
export function boundHeads(http: Server, { clock, signal, timeoutMs }: HeadBounds): void {
  const deadlines = createDeadlines(clock, timeoutMs ?? HEAD_TIMEOUT_MS, signal);
  const senders = new WeakMap<Socket, Sender>();

  function expectHead(socket: Socket, sender: Sender): void {
    if (socket.destroyed) return;
    sender.deadline = deadlines.set();
    sender.deadline.onPassed(() => socket.end(TOO_SLOW, () => socket.destroy()));
  }

  http.on("connection", (socket: Socket) => {
    const sender: Sender = { deadline: null, unanswered: 0 };
    senders.set(socket, sender);
    expectHead(socket, sender);
    socket.once("close", () => sender.deadline?.cancel());
  });
  http.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    const sender = senders.get(socket);
    if (!sender) return;
    sender.deadline?.cancel();
    sender.unanswered += 1;
    response.once("close", () => {
      sender.unanswered -= 1;
      if (sender.unanswered === 0) expectHead(socket, sender);
    });
  });
}
