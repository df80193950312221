import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createAnswerCounter } from "./count-answer.ts";
import { forwardedAnswerHeaders } from "./forwarded-headers.ts";
import { createKeyScrubber } from "./scrub-key.ts";
import type { ModelUpstream } from "./model-upstream.ts";
import { decodedBody } from "./upstream-client.ts";
import type { UsageMeter } from "./usage-meter.ts";
import type { WireProtocol } from "./wire-protocol.ts";

/**
 * Hands an answer on as it comes, piece by piece, and counts what it used where it costs something. It is read to its
 * end even when the agent's program no longer listens: what the vendor bills is counted, whoever hangs up. An answer
 * that breaks off breaks off here, too.
 */
export async function forwardAnswer(
  proxying: { readonly protocol: WireProtocol; readonly upstream: ModelUpstream; readonly meter: UsageMeter },
  given: {
    readonly answer: IncomingMessage;
    readonly response: ServerResponse;
    readonly counter: { readonly requestBytes: number; readonly model: string } | null;
  },
): Promise<void> {
  const { answer, response } = given;
  const { key } = proxying.upstream;
  const status = answer.statusCode ?? 502;
  const counter = createAnswerCounter(proxying.protocol, answer.headers["content-type"] ?? "");
  const scrubber = createKeyScrubber(key);
  response.writeHead(status, forwardedAnswerHeaders(answer.headers, key));
  response.flushHeaders();
  try {
    for await (const chunk of decodedBody(answer) as AsyncIterable<Buffer>) {
      counter.write(chunk);
      await send(response, scrubber.write(chunk));
    }
    await send(response, scrubber.end());
    response.end();
  } catch {
    response.destroy();
  } finally {
    const succeeded = status >= 200 && status < 300;
    if (given.counter !== null && succeeded) {
      proxying.meter.record(given.counter.model, counter.finish(given.counter.requestBytes));
    }
  }
}

async function send(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || response.destroyed) return;
  if (response.write(bytes)) return;
  const settled = new AbortController();
  const events = ["drain", "close"].map((name) => once(response, name, { signal: settled.signal }));
  await Promise.race(events);
  settled.abort();
  await Promise.allSettled(events);
}
