import { createEventStreamReader } from "./event-stream.ts";
import { parseJson } from "./json.ts";
import { NO_TOKENS, type TokenCount } from "./token-count.ts";
import type { Observation, WireProtocol } from "./wire-protocol.ts";

/** What an answer used. */
export type Counted = {
  /** As the answer names it. */
  readonly model: string | null;
  readonly tokens: TokenCount;
  /** The answer ended without its own figures: these are from its length. */
  readonly isEstimate: boolean;
};

export interface AnswerCounter {
  /** The next bytes of the answer, however they were cut. */
  write(chunk: Uint8Array): void;
  /** After the last of them. `requestBytes` is how long the question was. */
  finish(requestBytes: number): Counted;
}

/** An answer that is no stream and longer says nothing to us. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** Fewer than any vendor's tokens have on average, so that an estimate is rather too high. */
export const BYTES_PER_TOKEN = 3;

/** Counts what one answer used while it passes through. `contentType` tells a stream of events from one message. */
export function createAnswerCounter(protocol: WireProtocol, contentType: string): AnswerCounter {
  const observed: Observation[] = [];
  let bytes = 0;

  function observe(message: unknown): void {
    const observation = protocol.observe(message);
    if (observation !== null) observed.push(observation);
  }

  const reader = /^text\/event-stream\b/i.test(contentType)
    ? createEventStreamReader((data) => {
        // Most events are pieces of text: those that count name what is counted.
        if (/"(?:usage|usageMetadata|model|modelVersion)"/.test(data)) observe(parseJson(data));
      })
    : createMessageReader((message) => {
        // Gemini sends a list where no stream of events was asked for.
        for (const part of Array.isArray(message) ? (message as unknown[]) : [message]) observe(part);
      });
  return {
    write(chunk) {
      bytes += chunk.length;
      reader.write(chunk);
    },
    finish(requestBytes) {
      reader.end();
      const model = observed.findLast((each) => each.model !== null)?.model ?? null;
      const tokens = observed.reduce<TokenCount>((sum, each) => ({ ...sum, ...each.tokens }), NO_TOKENS);
      if (observed.some((each) => each.isFinal)) return { model, tokens, isEstimate: false };
      return { model, tokens: estimate(tokens, { requestBytes, answerBytes: bytes }), isEstimate: true };
    },
  };
}

/** From bytes where the answer did not come to its figures: what it said before that is at least what it used. */
function estimate(
  said: TokenCount,
  { requestBytes, answerBytes }: { readonly requestBytes: number; readonly answerBytes: number },
): TokenCount {
  const saysInput = said.freshInput + said.cacheRead + said.cacheWrite > 0;
  return {
    ...said,
    freshInput: saysInput ? said.freshInput : Math.ceil(requestBytes / BYTES_PER_TOKEN),
    output: Math.max(said.output, Math.ceil(answerBytes / BYTES_PER_TOKEN)),
  };
}

function createMessageReader(onMessage: (message: unknown) => void): {
  write(chunk: Uint8Array): void;
  end(): void;
} {
  let chunks: Uint8Array[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size > MAX_MESSAGE_BYTES) chunks = [];
      else chunks.push(chunk);
    },
    end() {
      onMessage(parseJson(Buffer.concat(chunks).toString("utf8")));
    },
  };
}
