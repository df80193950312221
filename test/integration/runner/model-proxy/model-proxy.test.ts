import { once } from "node:events";
import http, { type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ModelProtocol } from "../../../../src/contract/harness/harness-pins.ts";
import type { ModelLimits } from "../../../../src/runner/model-proxy/handle-request.ts";
import { startModelProxy, type ModelProxy } from "../../../../src/runner/model-proxy/start-model-proxy.ts";
import { waitFor } from "../../../support/wait-for.ts";
import { answerEvents, answerJson, eventStream, startUpstream, type TestUpstream } from "./model-upstream.ts";

const REAL_KEY = "sk-real-key-0123456789abcdef";

/** How each vendor is asked, and how it answers with 100 tokens in, 60 of them from a cache, and 20 out. */
const CASES = {
  anthropic: {
    path: "/v1/messages?beta=true",
    request: { model: "claude-sonnet-5", max_tokens: 50 },
    keyHeader: (key: string) => ({ "x-api-key": key }),
    message: {
      type: "message",
      model: "claude-sonnet-5-20260901",
      usage: { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 20 },
    },
    events: [
      {
        type: "message_start",
        message: {
          model: "claude-sonnet-5-20260901",
          usage: { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 1 },
        },
      },
      { type: "content_block_delta", delta: { type: "text_delta", text: 'Grüße, "usage": {}' } },
      { type: "message_delta", delta: {}, usage: { output_tokens: 20 } },
      { type: "message_stop" },
    ],
    errorType: (body: unknown) => (body as { error: { type: string } }).error.type,
    wrongKey: "authentication_error",
    budget: "billing_error",
    model: "claude-sonnet-5",
  },
  responses: {
    path: "/v1/responses",
    request: { model: "gpt-5-codex", max_output_tokens: 50 },
    keyHeader: (key: string) => ({ authorization: `Bearer ${key}` }),
    message: {
      object: "response",
      model: "gpt-5-codex",
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60 },
        output_tokens: 20,
        output_tokens_details: { reasoning_tokens: 5 },
      },
    },
    events: [
      { type: "response.created", response: { model: "gpt-5-codex", usage: null } },
      { type: "response.output_text.delta", delta: "Grüße" },
      {
        type: "response.completed",
        response: {
          model: "gpt-5-codex",
          usage: {
            input_tokens: 100,
            input_tokens_details: { cached_tokens: 60 },
            output_tokens: 20,
            output_tokens_details: { reasoning_tokens: 5 },
          },
        },
      },
    ],
    errorType: (body: unknown) => (body as { error: { code: string } }).error.code,
    wrongKey: "invalid_api_key",
    budget: "insufficient_quota",
    model: "gpt-5-codex",
  },
  "chat-completions": {
    path: "/v1/chat/completions",
    request: { model: "gpt-5-nano", max_completion_tokens: 50 },
    keyHeader: (key: string) => ({ authorization: `Bearer ${key}` }),
    message: {
      object: "chat.completion",
      model: "gpt-5-nano-2025-08-07",
      usage: { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 60 }, completion_tokens: 20 },
    },
    events: [
      {
        object: "chat.completion.chunk",
        model: "gpt-5-nano-2025-08-07",
        choices: [{ delta: { content: "Grüße" } }],
        usage: null,
      },
      {
        object: "chat.completion.chunk",
        model: "gpt-5-nano-2025-08-07",
        choices: [],
        usage: { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 60 }, completion_tokens: 20 },
      },
      "[DONE]",
    ],
    errorType: (body: unknown) => (body as { error: { code: string } }).error.code,
    wrongKey: "invalid_api_key",
    budget: "insufficient_quota",
    model: "gpt-5-nano",
  },
  gemini: {
    path: "/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse",
    request: { contents: [], generationConfig: { maxOutputTokens: 50 } },
    keyHeader: (key: string) => ({ "x-goog-api-key": key }),
    message: {
      modelVersion: "gemini-3-pro",
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 15,
        thoughtsTokenCount: 5,
      },
    },
    events: [
      {
        candidates: [],
        modelVersion: "gemini-3-pro",
        usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 2 },
      },
      {
        candidates: [{ finishReason: "STOP" }],
        modelVersion: "gemini-3-pro",
        usageMetadata: {
          promptTokenCount: 100,
          cachedContentTokenCount: 60,
          candidatesTokenCount: 15,
          thoughtsTokenCount: 5,
        },
      },
    ],
    errorType: (body: unknown) => (body as { error: { status: string } }).error.status,
    wrongKey: "UNAUTHENTICATED",
    budget: "FAILED_PRECONDITION",
    model: "gemini-3-pro",
  },
} as const;

const PROTOCOLS = Object.keys(CASES) as ModelProtocol[];

let upstream: TestUpstream | null = null;
let proxy: ModelProxy | null = null;
let told: { limits: string[]; refusals: string[] } = { limits: [], refusals: [] };

afterEach(async () => {
  await proxy?.stop();
  await upstream?.close();
  proxy = upstream = null;
});

async function startBetween(
  protocol: ModelProtocol,
  answer: Parameters<typeof startUpstream>[0],
  options: {
    readonly limits?: Partial<ModelLimits>;
    readonly address?: (url: URL) => URL;
    readonly socketPath?: string;
    readonly env?: Record<string, string>;
  } = {},
): Promise<{ proxy: ModelProxy; upstream: TestUpstream }> {
  upstream = await startUpstream(answer);
  told = { limits: [], refusals: [] };
  proxy = await startModelProxy({
    upstream: {
      protocol,
      baseUrl: options.address?.(upstream.url) ?? upstream.url,
      key: REAL_KEY,
      keyKind: "api-key",
    },
    limits: { models: null, budgetMicroUsd: null, ...options.limits },
    socketPath: options.socketPath ?? null,
    env: options.env ?? {},
    onLimit: (sentence) => told.limits.push(sentence),
    onNotice: (sentence) => told.refusals.push(sentence),
  });
  return { proxy, upstream };
}

function ask(
  { baseUrl, key }: ModelProxy,
  protocol: ModelProtocol,
  change: {
    readonly path?: string;
    readonly body?: object | string;
    readonly headers?: Record<string, string>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Response> {
  const { path, request, keyHeader } = CASES[protocol];
  const body = change.body ?? { ...request, stream: true };
  return fetch(`${baseUrl}${change.path ?? path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(change.headers ?? keyHeader(key)) },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(change.signal === undefined ? {} : { signal: change.signal }),
  });
}

const USED = { inputTokens: 100, cacheReadInputTokens: 60, cacheCreationInputTokens: 0, outputTokens: 20 };

describe.each(PROTOCOLS)("the model proxy speaking %s", (protocol) => {
  const its = CASES[protocol];

  test("gives the vendor the real key and the program the vendor's answer, and counts it", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      answerEvents(response, its.events);
    });
    const answer = await ask(between.proxy, protocol);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(await answer.text()).toBe(eventStream(its.events));
    const [seen] = between.upstream.seen;
    expect(seen?.headers).toMatchObject({ ...its.keyHeader(REAL_KEY), "accept-encoding": "identity" });
    expect(JSON.stringify(seen)).not.toContain(between.proxy.key);
    await waitFor(() => expect(between.proxy.usage().usage).toMatchObject(USED));
    expect(between.proxy.usage()).toMatchObject({ requests: 1, estimated: 0 });
  });

  test("counts an answer that is no stream", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      answerJson(response, its.message);
    });
    await (await ask(between.proxy, protocol, { body: its.request })).json();
    await between.proxy.stop();
    expect(between.proxy.usage()).toMatchObject({ requests: 1, estimated: 0, usage: USED });
  });

  test("answers another key, none, and the real one, in the vendor's form, and asks nobody", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      answerJson(response, its.message);
    });
    for (const headers of [
      its.keyHeader("sk-other"),
      {},
      its.keyHeader(REAL_KEY),
      its.keyHeader(`${between.proxy.key}x`),
    ]) {
      const answer = await ask(between.proxy, protocol, { headers });
      expect(answer.status).toBe(401);
      expect(its.errorType(await answer.json())).toBe(its.wrongKey);
    }
    expect(between.upstream.seen).toEqual([]);
  });

  test("passes the vendor's own failures on as they are", async () => {
    const failure = { error: { type: "rate_limit_error", message: "Slow down." } };
    const between = await startBetween(protocol, (_seen, response) => {
      response.writeHead(429, { "content-type": "application/json", "retry-after": "7" });
      response.end(JSON.stringify(failure));
    });
    const answer = await ask(between.proxy, protocol);
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
      429,
      "7",
      failure,
    ]);
    await between.proxy.stop();
    expect(between.proxy.usage()).toEqual({ requests: 0, estimated: 0, usage: null, costMicroUsd: null });
  });

  test("answers for a vendor that cannot be reached, in its form", async () => {
    const between = await startBetween(protocol, () => undefined);
    await between.upstream.close();
    const answer = await ask(between.proxy, protocol);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain(
      `The model's address ${between.upstream.url.origin} could not be reached (ECONNREFUSED).`,
    );
  });

  test("refuses paths that no attempt needs, whatever they look like", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      answerJson(response, {});
    });
    const paths = [
      "/v1/files",
      "/v1/organizations/me",
      `${its.path.split("?")[0]}/../files`,
      "//",
      "/v1/batches",
    ];
    for (const path of paths) {
      expect(
        await statusOf(between.proxy, { method: "POST", path, headers: its.keyHeader(between.proxy.key) }),
        path,
      ).toBe(404);
    }
    expect(between.upstream.seen).toEqual([]);
    expect(told.refusals.length).toBeGreaterThan(0);
  });

  test("refuses what is no JSON, is compressed, or names no model", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      answerJson(response, its.message);
    });
    const key = its.keyHeader(between.proxy.key);
    const answers = [
      await ask(between.proxy, protocol, { body: "{" }),
      await ask(between.proxy, protocol, { body: "[]" }),
      await ask(between.proxy, protocol, { headers: { ...key, "content-encoding": "zstd" } }),
      ...(protocol === "gemini" ? [] : [await ask(between.proxy, protocol, { body: { model: "" } })]),
    ];
    for (const answer of answers) expect(answer.status).toBe(400);
    expect(between.upstream.seen).toEqual([]);
  });

  test("lets no key through that an upstream repeats, however the answer is cut", async () => {
    const text = JSON.stringify({ echo: `Bearer ${REAL_KEY}`, again: REAL_KEY });
    const between = await startBetween(protocol, async (_seen, response) => {
      response.writeHead(401, { "content-type": "application/json", "x-echo": `key ${REAL_KEY}` });
      for (const character of text) {
        response.write(character);
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    const answer = await ask(between.proxy, protocol);
    const told = JSON.stringify([[...answer.headers], await answer.text()]);
    expect(told).not.toContain(REAL_KEY);
    expect(told).toContain("*".repeat(REAL_KEY.length));
  });

  test("hands on each piece when it comes", async () => {
    let finish = (): void => undefined;
    const between = await startBetween(protocol, (_seen, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(eventStream(its.events.slice(0, 1)));
      finish = () => response.end(eventStream(its.events.slice(1)));
    });
    const answer = await ask(between.proxy, protocol);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value ?? []).toString()).toBe(eventStream(its.events.slice(0, 1)));
    finish();
    while (!(await reader.read()).done);
    await waitFor(() => expect(between.proxy.usage().usage).toMatchObject(USED));
  });

  test("breaks off where the vendor breaks off, and estimates what that was", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(eventStream([{ type: "ping" }]), () => response.destroy());
    });
    const answer = await ask(between.proxy, protocol);
    await expect(answer.text()).rejects.toThrow();
    await between.proxy.stop();
    const { usage, estimated, requests } = between.proxy.usage();
    expect([requests, estimated]).toEqual([1, 1]);
    expect(usage?.inputTokens).toBeGreaterThan(0);
    expect(usage?.outputTokens).toBeGreaterThan(0);
  });

  test("cuts all off when it is stopped, and takes nothing any more", async () => {
    const between = await startBetween(protocol, (_seen, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(eventStream(its.events.slice(0, 1)));
    });
    const answer = await ask(between.proxy, protocol);
    const ended = expect(answer.text()).rejects.toThrow();
    await between.proxy.stop();
    await ended;
    await waitFor(() => expect(between.upstream.open()).toBe(0));
    await expect(ask(between.proxy, protocol)).rejects.toThrow();
    expect(between.proxy.usage()).toMatchObject({ requests: 1 });
    expect(told.refusals).toEqual([]);
  });

  test("asks for no model but the attempt's", async () => {
    const between = await startBetween(
      protocol,
      (_seen, response) => {
        answerJson(response, its.message);
      },
      { limits: { models: [its.model] } },
    );
    expect((await ask(between.proxy, protocol)).status).toBe(200);
    const path = its.path.replace("gemini-3-pro", "gemini-3-flash");
    const body = { ...its.request, model: "another-model" };
    const answer = await ask(between.proxy, protocol, { path, body });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain(`This attempt may ask ${its.model} only`);
    expect(between.upstream.seen).toHaveLength(1);
  });
});

describe("what is the model", () => {
  test("is read once: the vendor gets what was checked, and numbers as they were written", async () => {
    const { proxy, upstream } = await startBetween(
      "anthropic",
      (_seen, response) => {
        answerJson(response, CASES.anthropic.message);
      },
      { limits: { models: ["claude-sonnet-5"] } },
    );
    const twice =
      '{"model":"claude-opus-4-1","model":"claude-sonnet-5","temperature":1.0,"seed":12345678901234567890}';
    expect((await ask(proxy, "anthropic", { body: twice })).status).toBe(200);
    expect(upstream.seen[0]?.body).toBe(
      '{"model":"claude-sonnet-5","temperature":1.0,"seed":12345678901234567890}',
    );
    const dear = '{"model":"claude-sonnet-5","model":"claude-opus-4-1"}';
    expect((await ask(proxy, "anthropic", { body: dear })).status).toBe(404);
  });

  test("a stream of chat completions is asked for its usage", async () => {
    const { proxy, upstream } = await startBetween("chat-completions", (_seen, response) => {
      answerEvents(response, CASES["chat-completions"].events);
    });
    const body =
      '{"model":"gpt-5-nano","temperature":1.0,"stream":true,"stream_options":{"x":1,"include_usage":false}}';
    await (await ask(proxy, "chat-completions", { body })).text();
    expect(upstream.seen[0]?.body).toBe(
      '{"model":"gpt-5-nano","temperature":1.0,"stream":true,"stream_options":{"x":1,"include_usage":true}}',
    );
  });
});

describe("what the vendor would do beyond answering", () => {
  test("is taken out of a request, and the session is told", async () => {
    const { proxy, upstream } = await startBetween("responses", (_seen, response) => {
      answerJson(response, CASES.responses.message);
    });
    const own = { type: "function", name: "shell" };
    const body = { model: "gpt-5-codex", tools: [own, { type: "web_search" }] };
    for (let round = 0; round < 2; round++)
      expect((await ask(proxy, "responses", { body })).status).toBe(200);
    expect(JSON.parse(upstream.seen[0]?.body ?? "")).toEqual({ model: "gpt-5-codex", tools: [own] });
    expect(told.refusals).toEqual([
      "The vendor's own tool web_search would run on machines of the vendor, so the agent does without it.",
    ]);
  });

  test("is refused where nothing else is asked for", async () => {
    const { proxy, upstream } = await startBetween("anthropic", (_seen, response) => {
      answerJson(response, CASES.anthropic.message);
    });
    const body = { model: "claude-sonnet-5", tools: [{ type: "web_search_20250305", name: "web_search" }] };
    const answer = await ask(proxy, "anthropic", { body });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(
      "The vendor's own tool web_search_20250305 is not asked for: an attempt's model only answers.",
    );
    expect(upstream.seen).toEqual([]);
  });

  test("is refused with a budget where it costs more than the table says", async () => {
    const answerIt = (_seen: unknown, response: ServerResponse): void => {
      answerJson(response, CASES.responses.message);
    };
    const { proxy } = await startBetween("responses", answerIt, { limits: { budgetMicroUsd: 1_000_000 } });
    const body = { model: "gpt-5-codex", service_tier: "priority" };
    const answer = await ask(proxy, "responses", { body });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining("Another service tier"),
    ]);
  });
});

describe("a budget", () => {
  /** A request that costs 40 × $2 + 60 × $0.20 + 20 × $10 a million. */
  const COST = 80 + 12 + 200;

  test.each(["anthropic", "responses", "chat-completions"] as const)(
    "ends what %s may ask, in words its programs understand",
    async (protocol) => {
      const its = CASES[protocol];
      const { proxy, upstream } = await startBetween(
        protocol,
        (_seen, response) => {
          answerJson(response, its.message);
        },
        { limits: { budgetMicroUsd: 1, models: null } },
      );
      await (await ask(proxy, protocol)).text();
      for (let round = 0; round < 2; round++) {
        const answer = await ask(proxy, protocol);
        // Codex tries again after 402.
        const status = protocol === "responses" ? 400 : 402;
        expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([status, "false"]);
        expect(its.errorType(await answer.json())).toBe(its.budget);
      }
      expect(told.limits).toEqual([
        "The attempt's budget of $0.000001 is used up, so the model is not asked again.",
      ]);
      expect(upstream.seen).toHaveLength(1);
    },
  );

  test("is passed by one request at most, however many are sent at once", async () => {
    const { proxy, upstream } = await startBetween(
      "anthropic",
      (_seen, response) => {
        answerJson(response, CASES.anthropic.message);
      },
      { limits: { budgetMicroUsd: 3 * COST - 1 } },
    );
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await ask(proxy, "anthropic");
        await answer.text();
        return answer.status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(upstream.seen).toHaveLength(3);
    expect(proxy.usage().costMicroUsd).toBe(3 * COST);
  });

  test("that is large enough lets requests run side by side", async () => {
    const answers: (() => void)[] = [];
    const { proxy, upstream } = await startBetween(
      "anthropic",
      (_seen, response) => {
        answers.push(() => answerJson(response, CASES.anthropic.message));
      },
      { limits: { budgetMicroUsd: 1_000_000 } },
    );
    const asked = [ask(proxy, "anthropic"), ask(proxy, "anthropic")];
    await waitFor(() => expect(upstream.seen).toHaveLength(2));
    for (const answer of answers) answer();
    for (const answer of await Promise.all(asked)) await answer.text();
  });

  test("is not escaped by hanging up before the figures come", async () => {
    let goOn = (): void => undefined;
    let finish = (): void => undefined;
    const { proxy } = await startBetween(
      "anthropic",
      (_seen, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(eventStream(CASES.anthropic.events.slice(0, 2)));
        goOn = () => response.write(eventStream([{ type: "ping" }]));
        finish = () => response.end(eventStream(CASES.anthropic.events.slice(2)));
      },
      { limits: { budgetMicroUsd: COST } },
    );
    const hangUp = new AbortController();
    const answer = await ask(proxy, "anthropic", { signal: hangUp.signal });
    const ended = expect(answer.text()).rejects.toThrow();
    hangUp.abort();
    await ended;
    // Whoever answers these has heard of the end of that one.
    const answerOther = () => statusOf(proxy, { method: "HEAD", path: "/", headers: {} });
    for (let round = 0; round < 2; round++) await answerOther();
    goOn();
    for (let round = 0; round < 2; round++) await answerOther();
    finish();
    await waitFor(() => expect(proxy.usage()).toMatchObject({ estimated: 0, costMicroUsd: COST }));
    expect((await ask(proxy, "anthropic")).status).toBe(402);
  });

  test("cannot be kept with a model that has no price, which is refused up front", async () => {
    const { proxy, upstream } = await startBetween(
      "gemini",
      (_seen, response) => {
        answerJson(response, CASES.gemini.message);
      },
      { limits: { budgetMicroUsd: 1_000_000 } },
    );
    const answer = await ask(proxy, "gemini");
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("The price table has no model gemini-3-pro");
    expect(upstream.seen).toEqual([]);
  });

  test("holds the dearer writes to a cache against itself", async () => {
    const usage = {
      input_tokens: 0,
      cache_creation_input_tokens: 1_000,
      cache_creation: { ephemeral_1h_input_tokens: 1_000 },
      output_tokens: 0,
    };
    const { proxy } = await startBetween(
      "anthropic",
      (_seen, response) => {
        answerJson(response, { ...CASES.anthropic.message, usage });
      },
      // By the table it is 2,500; for an hour it is 4,000.
      { limits: { budgetMicroUsd: 4_000 } },
    );
    await (await ask(proxy, "anthropic")).text();
    await waitFor(() => expect(proxy.usage().requests).toBe(1));
    expect((await ask(proxy, "anthropic")).status).toBe(402);
  });
});

describe("between program and vendor", () => {
  test("headers that could name another account or method do not pass, nor cookies back", async () => {
    const { proxy, upstream } = await startBetween("anthropic", (_seen, response) => {
      response.setHeader("set-cookie", "a=b");
      response.setHeader("request-id", "req_1");
      answerJson(response, CASES.anthropic.message);
    });
    const answer = await ask(proxy, "anthropic", {
      headers: {
        authorization: `Bearer ${proxy.key}`,
        "anthropic-version": "2023-06-01",
        "openai-organization": "other",
        "x-http-method-override": "DELETE",
        cookie: "a=b",
      },
    });
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("request-id")).toBe("req_1");
    const names = Object.keys(upstream.seen[0]?.headers ?? {});
    expect(names.toSorted()).toEqual([
      "accept",
      "accept-encoding",
      "anthropic-version",
      "connection",
      "content-length",
      "content-type",
      "host",
      "user-agent",
      "x-api-key",
    ]);
  });

  test("keys in the query are taken out, and the rest of it stays", async () => {
    const { proxy, upstream } = await startBetween("gemini", (_seen, response) => {
      answerEvents(response, CASES.gemini.events);
    });
    const path = `${CASES.gemini.path}&key=${proxy.key}&access_token=x`;
    expect((await ask(proxy, "gemini", { path, headers: {} })).status).toBe(200);
    expect(upstream.seen[0]?.url).toBe("/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse");
  });

  test("an upstream's own path stays in front", async () => {
    const { proxy, upstream } = await startBetween(
      "responses",
      (_seen, response) => {
        answerJson(response, CASES.responses.message);
      },
      { address: (url) => new URL("/gateway/v3/", url) },
    );
    await (await ask(proxy, "responses")).text();
    expect(upstream.seen[0]?.url).toBe("/gateway/v3/responses");
  });

  test("an answer that is compressed all the same is read", async () => {
    const { proxy } = await startBetween("anthropic", (_seen, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync(JSON.stringify({ ...CASES.anthropic.message, echo: REAL_KEY })));
    });
    const answer = await ask(proxy, "anthropic");
    expect(answer.headers.get("content-encoding")).toBeNull();
    expect(await answer.json()).toMatchObject({ type: "message", echo: "*".repeat(REAL_KEY.length) });
    await waitFor(() => expect(proxy.usage().usage).toMatchObject(USED));
  });

  test("lists of models and counts of tokens cost nothing", async () => {
    const { proxy, upstream } = await startBetween("anthropic", (_seen, response) => {
      answerJson(response, { input_tokens: 5 });
    });
    const key = { "x-api-key": proxy.key };
    await ask(proxy, "anthropic", { path: "/v1/messages/count_tokens" });
    expect(await statusOf(proxy, { method: "GET", path: "/v1/models", headers: key })).toBe(200);
    expect(upstream.seen).toHaveLength(2);
    await proxy.stop();
    expect(proxy.usage().requests).toBe(0);
  });

  test("who only looks whether somebody is there needs no key, and reaches nobody", async () => {
    const { proxy, upstream } = await startBetween("anthropic", () => undefined);
    expect(await statusOf(proxy, { method: "HEAD", path: "/", headers: {} })).toBe(200);
    expect(upstream.seen).toEqual([]);
  });

  test("a body past the limit is refused, and not kept", async () => {
    const { proxy, upstream } = await startBetween("anthropic", () => undefined);
    const body = JSON.stringify({ model: "claude-sonnet-5", text: "x".repeat(33 * 1024 * 1024) });
    const answer = await ask(proxy, "anthropic", { body });
    expect(answer.status).toBe(413);
    expect(upstream.seen).toEqual([]);
  });

  test("it is reached through a Unix socket as well", async () => {
    const dir = await mkdtemp(join(tmpdir(), "baton-proxy-"));
    const socketPath = join(dir, "model.sock");
    try {
      const { proxy } = await startBetween(
        "anthropic",
        (_seen, response) => {
          answerJson(response, CASES.anthropic.message);
        },
        { socketPath },
      );
      const request = {
        method: "POST",
        path: "/v1/messages",
        socketPath,
        headers: { "x-api-key": proxy.key },
      };
      expect(await statusOf(proxy, request, JSON.stringify(CASES.anthropic.request))).toBe(200);
    } finally {
      await proxy?.stop();
      await rm(dir, { recursive: true });
    }
  });

  test("a proxy is used only when the job's variables name one", async () => {
    const between = await startUpstream((_seen, response) => {
      answerJson(response, CASES.anthropic.message);
    });
    try {
      const options = {
        address: () => new URL("http://model.invalid/"),
        env: { HTTP_PROXY: between.url.href },
      };
      const { proxy } = await startBetween("anthropic", () => undefined, options);
      expect((await ask(proxy, "anthropic")).status).toBe(200);
      expect(between.seen[0]?.url).toBe("http://model.invalid/v1/messages?beta=true");
    } finally {
      await between.close();
    }
  });
});

/** A request with its path as it is: `fetch` would tidy it up. */
async function statusOf({ port }: ModelProxy, options: http.RequestOptions, body?: string): Promise<number> {
  const request = http.request({ host: "127.0.0.1", port, ...options });
  request.end(body);
  const [answer] = (await once(request, "response")) as [http.IncomingMessage];
  answer.resume();
  await once(answer, "end");
  return answer.statusCode ?? 0;
}
