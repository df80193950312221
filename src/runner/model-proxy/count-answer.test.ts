import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelProtocol } from "../../contract/harness/harness-pins.ts";
import { createAnswerCounter, type Counted } from "./count-answer.ts";
import { WIRE_PROTOCOLS } from "./protocols/wire-protocols.ts";
import { toUsage } from "./token-count.ts";

type Figures = {
  readonly fresh: number;
  readonly cacheRead: number;
  readonly output: number;
  readonly reasoning: number;
  readonly text: string;
};

/** An answer as each vendor streams it, with the same figures. */
const STREAMS: { readonly [Name in ModelProtocol]: (figures: Figures) => readonly object[] } = {
  anthropic: ({ fresh, cacheRead, output, text }) => [
    {
      type: "message_start",
      message: {
        model: "m",
        usage: { input_tokens: fresh, cache_read_input_tokens: cacheRead, output_tokens: 1 },
      },
    },
    { type: "ping" },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: output } },
    { type: "message_stop" },
  ],
  responses: ({ fresh, cacheRead, output, reasoning, text }) => [
    { type: "response.created", response: { model: "m", usage: null } },
    { type: "response.output_text.delta", delta: text },
    {
      type: "response.completed",
      response: {
        model: "m",
        output: [{ content: [{ text }] }],
        usage: {
          input_tokens: fresh + cacheRead,
          input_tokens_details: { cached_tokens: cacheRead },
          output_tokens: output,
          output_tokens_details: { reasoning_tokens: reasoning },
        },
      },
    },
  ],
  gemini: ({ fresh, cacheRead, output, reasoning, text }) => [
    {
      modelVersion: "m",
      candidates: [{ content: { parts: [{ text }] } }],
      usageMetadata: { promptTokenCount: fresh + cacheRead },
    },
    {
      modelVersion: "m",
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: {
        promptTokenCount: fresh + cacheRead,
        cachedContentTokenCount: cacheRead,
        candidatesTokenCount: output - reasoning,
        thoughtsTokenCount: reasoning,
      },
    },
  ],
  "chat-completions": ({ fresh, cacheRead, output, reasoning, text }) => [
    { model: "m", choices: [{ delta: { content: text } }], usage: null },
    { model: "m", choices: [{ delta: {}, finish_reason: "stop" }] },
    {
      model: "m",
      choices: [],
      usage: {
        prompt_tokens: fresh + cacheRead,
        prompt_tokens_details: { cached_tokens: cacheRead },
        completion_tokens: output,
        completion_tokens_details: { reasoning_tokens: reasoning },
      },
    },
  ],
};

const PROTOCOLS = Object.keys(STREAMS) as ModelProtocol[];

const tokens = fc.nat({ max: 1_000_000 });

const figures: fc.Arbitrary<Figures> = fc
  .record({
    fresh: tokens,
    cacheRead: tokens,
    rest: tokens,
    reasoning: tokens,
    text: fc.string({ unit: "binary" }),
  })
  .map(({ rest, ...each }) => ({ ...each, output: each.reasoning + rest }));

/** How a stream may be written: ends of lines, comments, names of events, and no empty line at its end. */
const writing = fc.record({
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  hasMark: fc.boolean(),
  hasComments: fc.boolean(),
  space: fc.constantFrom("", " "),
  isCutAtEnd: fc.boolean(),
  isIndented: fc.boolean(),
});

function write(
  events: readonly object[],
  how: typeof writing extends fc.Arbitrary<infer How> ? How : never,
): Buffer {
  const { lineEnd } = how;
  const blocks = events.map((event) => {
    const comment = how.hasComments ? `: "usage": {}${lineEnd}event: x${lineEnd}` : "";
    const lines = how.isIndented ? JSON.stringify(event, null, 1).split("\n") : [JSON.stringify(event)];
    return comment + lines.map((line) => `data:${how.space}${line}${lineEnd}`).join("");
  });
  const text = blocks.join(lineEnd) + (how.isCutAtEnd ? "" : lineEnd);
  return Buffer.from((how.hasMark ? "\uFEFF" : "") + text);
}

/** Bytes in pieces that know nothing of lines or characters. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

function count(protocol: ModelProtocol, contentType: string, chunks: readonly Buffer[]): Counted {
  const counter = createAnswerCounter(WIRE_PROTOCOLS[protocol], contentType);
  for (const chunk of chunks) counter.write(chunk);
  return counter.finish(300);
}

describe.each(PROTOCOLS)("what an answer of %s used", (protocol) => {
  test("is the same however the stream is written and cut", () => {
    fc.assert(
      fc.property(figures, writing, fc.array(fc.nat(), { maxLength: 60 }), (given, how, places) => {
        const chunks = cut(write(STREAMS[protocol](given), how), places);
        const { model, tokens, isEstimate } = count(protocol, "text/event-stream; charset=utf-8", chunks);
        expect([model, isEstimate]).toEqual(["m", false]);
        expect(toUsage(tokens, model)).toEqual({
          model: "m",
          inputTokens: given.fresh + given.cacheRead,
          cacheReadInputTokens: given.cacheRead,
          cacheCreationInputTokens: 0,
          outputTokens: given.output,
          reasoningOutputTokens: protocol === "anthropic" ? null : given.reasoning,
          costMicroUsd: null,
        });
      }),
    );
  });

  test("is the same cut after every byte", () => {
    const given = { fresh: 7, cacheRead: 5, output: 9, reasoning: 3, text: 'ü🦊\u2028"usage"' };
    const bytes = write(STREAMS[protocol](given), {
      lineEnd: "\r\n",
      hasMark: true,
      hasComments: true,
      space: " ",
      isCutAtEnd: false,
      isIndented: true,
    });
    const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    const whole = count(protocol, "text/event-stream", [bytes]);
    expect(whole.isEstimate).toBe(false);
    expect(count(protocol, "text/event-stream", single)).toEqual(whole);
  });

  test("is never less than nothing, and is estimated, where the stream is garbage or breaks off", () => {
    fc.assert(
      fc.property(
        figures,
        fc.uint8Array({ maxLength: 50 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (given, garbage, share) => {
          const bytes = Buffer.from(JSON.stringify(STREAMS[protocol](given)[0]));
          const chunks = [bytes.subarray(0, bytes.length * share), Buffer.from(garbage)];
          const { tokens, isEstimate } = count(protocol, "text/event-stream", chunks);
          expect(isEstimate).toBe(true);
          expect(tokens.freshInput).toBe(100);
          expect(toUsage(tokens, null).outputTokens).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test("is read from figures that lie only as far as they can be true", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom("text/event-stream", "application/json"), (json, type) => {
        const events = [
          {
            type: "message_delta",
            usage: JSON.parse(json) as unknown,
            usageMetadata: JSON.parse(json) as unknown,
          },
          { type: "response.completed", response: { model: 1, usage: JSON.parse(json) as unknown } },
        ];
        const body =
          type === "application/json"
            ? JSON.stringify(events)
            : write(events, {
                lineEnd: "\n",
                hasMark: false,
                hasComments: false,
                space: "",
                isCutAtEnd: false,
                isIndented: false,
              });
        const { model, tokens } = count(protocol, type, [Buffer.from(body)]);
        expect(toUsage(tokens, model).inputTokens).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("an answer that is no stream", () => {
  test("of Gemini is a list of its parts, where no stream of events was asked for", () => {
    const given = { fresh: 7, cacheRead: 5, output: 9, reasoning: 3, text: "x" };
    const body = Buffer.from(JSON.stringify(STREAMS.gemini(given)));
    const counted = count("gemini", "application/json; charset=UTF-8", [
      body.subarray(0, 9),
      body.subarray(9),
    ]);
    expect(counted).toMatchObject({
      isEstimate: false,
      tokens: { freshInput: 7, cacheRead: 5, output: 9, reasoning: 3 },
    });
  });

  test("without figures is estimated from its length", () => {
    const counted = count("responses", "application/json", [
      Buffer.from('{"object":"response","model":"m"}'),
    ]);
    expect(counted).toEqual({
      model: "m",
      isEstimate: true,
      tokens: {
        freshInput: 100,
        cacheRead: 0,
        cacheWrite: 0,
        longCacheWrite: 0,
        output: 11,
        reasoning: null,
      },
    });
  });
});

test("what Anthropic writes to a cache is a part of the input, and what is kept for long is told apart", () => {
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 2,
    cache_creation_input_tokens: 4,
    cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 3 },
    output_tokens: 8,
  };
  const body = Buffer.from(JSON.stringify({ type: "message", model: "m", usage }));
  const { tokens } = count("anthropic", "application/json", [body]);
  expect(tokens.longCacheWrite).toBe(3);
  expect(toUsage(tokens, "m")).toMatchObject({
    inputTokens: 7,
    cacheReadInputTokens: 2,
    cacheCreationInputTokens: 4,
    outputTokens: 8,
  });
});
