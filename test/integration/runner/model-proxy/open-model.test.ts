import { existsSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Briefing } from "../../../../src/contract/briefing.ts";
import type { SessionEvent } from "../../../../src/contract/session-event.ts";
import { createRedactor } from "../../../../src/runner/reporting/redact.ts";
import { openModel, type OpenModel } from "../../../../src/runner/session/open-model.ts";
import { systemTimers, type Timers } from "../../../../src/runner/timers.ts";
import { waitFor } from "../../../support/wait-for.ts";
import { createTestHost } from "../fixture/test-host.ts";
import { answerJson, startUpstream, type TestUpstream } from "./model-upstream.ts";

const KEY = "sk-real-key-0123456789";
const ANSWER = {
  type: "message",
  model: "claude-sonnet-5",
  usage: { input_tokens: 1_000, output_tokens: 100 },
};

let upstream: TestUpstream | null = null;
let model: OpenModel | null = null;
let events: SessionEvent[] = [];

afterEach(async () => {
  await model?.close();
  await upstream?.close();
  model = upstream = null;
  events = [];
});

type Wanted = {
  readonly harness?: Partial<Briefing["harness"]>;
  readonly budgetMicroUsd?: number | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly passEnv?: readonly string[];
  readonly stop?: AbortSignal;
  readonly timers?: Timers;
};

async function open(wanted: Wanted = {}) {
  const redactor = createRedactor();
  const harness = {
    name: "claude",
    model: "claude-sonnet-5",
    version: null,
    settings: {},
    ...wanted.harness,
  } as const;
  const limits = { maxTurns: null, budgetMicroUsd: wanted.budgetMicroUsd ?? null };
  const opened = await openModel(
    {
      env: { ANTHROPIC_API_KEY: KEY, ...wanted.env },
      host: createTestHost({}),
      passEnv: wanted.passEnv ?? [],
      redactor,
      timers: wanted.timers ?? systemTimers,
    },
    {
      briefing: { harness, limits },
      stop: wanted.stop ?? new AbortController().signal,
      emit: (event) => events.push(event),
    },
  );
  if (opened.ok) model = opened.value;
  return { opened, redactor };
}

async function openToUpstream(wanted: Wanted = {}): Promise<OpenModel> {
  upstream = await startUpstream((_seen, response) => {
    answerJson(response, ANSWER);
  });
  const { opened } = await open({ ...wanted, env: { ANTHROPIC_BASE_URL: upstream.url.href, ...wanted.env } });
  if (!opened.ok || opened.value === null) throw new Error("The model was not opened.");
  return opened.value;
}

async function ask({ access }: OpenModel, name = "claude-sonnet-5"): Promise<Response> {
  const body = JSON.stringify({ model: name, max_tokens: 10 });
  return fetch(`${access.baseUrl}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": access.key },
    body,
  });
}

describe("opening the model of an attempt", () => {
  test("keeps the job's key, which is masked wherever it would show, and counts what is used", async () => {
    const opened = await openToUpstream();
    expect(opened.access).toMatchObject({ protocol: "anthropic", model: "claude-sonnet-5" });
    expect(opened.access.key).not.toContain(KEY);
    expect((await ask(opened)).status).toBe(200);
    expect(upstream?.seen[0]?.headers["x-api-key"]).toBe(KEY);
    expect(existsSync(opened.socketPath)).toBe(true);
    const closed = await opened.close();
    expect(closed).toMatchObject({ limit: null, wire: { requests: 1, costMicroUsd: 3_000 } });
    expect(existsSync(opened.socketPath)).toBe(false);
    const { redactor } = await open();
    expect(redactor.redact(`it is ${KEY}`)).toBe("it is ***");
  });

  test.each([
    [
      "without a key",
      { env: { ANTHROPIC_API_KEY: "" } },
      "The job has no key for the model: give the step of the agent job ANTHROPIC_API_KEY from a secret.",
    ],
    [
      "with a key that is none",
      { env: { ANTHROPIC_API_KEY: "a\nb" } },
      "ANTHROPIC_API_KEY holds something that can be no key.",
    ],
    [
      "at an address that is none",
      { env: { ANTHROPIC_BASE_URL: "https://user:pass@models.example" } },
      "ANTHROPIC_BASE_URL must be a plain http or https address, without credentials, query or fragment.",
    ],
    [
      "at an address that nobody named",
      { harness: { name: "opencode" }, env: { BATON_MODEL_KEY: KEY } },
      "The job does not say where the model is: give the agent job's step BATON_MODEL_URL.",
    ],
    [
      "with its key passed to the agent",
      { passEnv: ["EDITOR", "ANTHROPIC_API_KEY"] },
      'The input "pass-env" names ANTHROPIC_API_KEY, which holds a model\'s key: Baton gives claude a key of the ' +
        "attempt's own instead, so take the name out of the list.",
    ],
    [
      "with its key passed under another name",
      { env: { SOME_NAME: KEY }, passEnv: ["SOME_NAME"] },
      'The input "pass-env" names SOME_NAME, which holds a model\'s key: Baton gives claude a key of the ' +
        "attempt's own instead, so take the name out of the list.",
    ],
    [
      "with a budget for a model without a price",
      { harness: { model: "claude-mystery-1" }, budgetMicroUsd: 500_000 },
      "The budget of $0.50 cannot be kept with the model claude-mystery-1, which is not in the price table: name " +
        "another model in the policy, or take the budget out of it.",
    ],
  ] as const)("%s is refused in one sentence", async (_name, wanted, sentence) => {
    expect((await open(wanted)).opened).toEqual({ ok: false, error: sentence });
  });

  test.each(["command", "recording"] as const)(
    "is not for %s, which finds its model by itself",
    async (name) => {
      const { opened } = await open({ harness: { name }, passEnv: ["ANTHROPIC_API_KEY"] });
      expect(opened).toEqual({ ok: true, value: null });
    },
  );

  test.each([
    ["claude-code-acp", {}, "anthropic"],
    ["my-agent", { BATON_MODEL_KEY: KEY, BATON_MODEL_URL: "https://models.example/v1" }, "chat-completions"],
    ["gemini", { GEMINI_API_KEY: KEY }, "gemini"],
  ])("is what the agent program %s speaks, or what there is a key for", async (program, env, protocol) => {
    const { opened } = await open({ harness: { name: "acp", settings: { run: [program, "--acp"] } }, env });
    expect(opened).toMatchObject({ ok: true, value: { access: { protocol } } });
  });

  test("is not for an agent of any kind without a key", async () => {
    const harness = { name: "acp", settings: { run: ["my-agent"] } } as const;
    expect((await open({ harness, env: { ANTHROPIC_API_KEY: "" } })).opened).toEqual({
      ok: true,
      value: null,
    });
  });
});

describe("an open model", () => {
  test("is cut off when the session is stopped", async () => {
    const stop = new AbortController();
    const opened = await openToUpstream({ stop: stop.signal });
    expect((await ask(opened)).status).toBe(200);
    stop.abort();
    await waitFor(() => expect(ask(opened)).rejects.toThrow());
    expect(await opened.close()).toMatchObject({ wire: { requests: 1 } });
  });

  test("says in the session what is refused, once", async () => {
    const opened = await openToUpstream();
    await ask(opened, "claude-haiku-4-5");
    await ask(opened, "claude-haiku-4-5");
    expect(events).toEqual([
      {
        type: "notice",
        level: "warning",
        text: "This attempt may ask claude-sonnet-5 only, so claude-haiku-4-5 is not asked.",
      },
    ]);
  });

  test("ends a program that goes on after its budget, a minute later", async () => {
    const sleeping: { readonly ms: number; readonly wake: () => void }[] = [];
    const timers: Timers = {
      ...systemTimers,
      sleep: (ms) => new Promise((resolve) => sleeping.push({ ms, wake: resolve })),
    };
    const opened = await openToUpstream({ budgetMicroUsd: 3_000, timers });
    expect((await ask(opened)).status).toBe(200);
    expect(sleeping).toEqual([]);
    expect((await ask(opened)).status).toBe(402);
    expect((await ask(opened)).status).toBe(402);
    expect(sleeping.map(({ ms }) => ms)).toEqual([60_000]);
    expect(opened.overspent.aborted).toBe(false);
    sleeping[0]?.wake();
    await waitFor(() => expect(opened.overspent.aborted).toBe(true));
    const sentence = "The attempt's budget of $0.003 is used up, so the model is not asked again.";
    expect(events).toEqual([{ type: "notice", level: "error", text: sentence }]);
    expect(await opened.close()).toMatchObject({
      limit: sentence,
      wire: { requests: 1, costMicroUsd: 3_000 },
    });
  });
});
