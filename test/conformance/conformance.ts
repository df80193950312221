import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPrices } from "../../src/contract/cost/price-table.ts";
import { CAPABILITIES, harnessesWith } from "../../src/contract/harness/capabilities.ts";
import { HARNESS_PINS, isPinned } from "../../src/contract/harness/harness-pins.ts";
import { harnessPrograms } from "../support/harness/harness-programs.ts";
import { waitFor } from "../support/wait-for.ts";
import type { ModelRequest } from "../support/models/wire.ts";
import { capabilityFor, CASES, type CaseName } from "./case-list.ts";
import { lastWords } from "./last-words.ts";
import { withScene, type Ran, type Scene } from "./open-scene.ts";
import { PLANTED_WORDS, plantedFiles } from "./planted-files.ts";
import { programProcesses, sessionProcesses } from "./program-processes.ts";
import type { Subject } from "./subject.ts";

type Case = (subject: Subject) => Promise<void>;

/** Tries one harness on every case: what it cannot do is tried as that. */
export function describeConformance(subject: Subject): void {
  describe.concurrent(`conformance of ${subject.name}`, () => {
    for (const name of Object.keys(CASES) as CaseName[]) {
      const capability = capabilityFor(name);
      const isSupported = capability === null || CAPABILITIES[subject.name].has(capability);
      test(`${name}: ${isSupported ? CASES[name].what : "not supported by the program"}`, () =>
        (isSupported ? SUPPORTED : UNSUPPORTED)[name]?.(subject));
    }
  });
}

const SUPPORTED: { readonly [Name in CaseName]: Case } = {
  "happy path": doWork,
  resume: goOn,
  "turn limit": stopAfterTurns,
  "budget limit": stopAtBudget,
  "structured output": answerBySchema,
  "MCP server": useMcpServer,
  "denied permission": denyWriting,
  "HTTP 401": (subject) => failFor(subject, "unauthorized", { class: "auth", retryable: false }),
  "HTTP 429": (subject) => failFor(subject, "rate-limited", { class: "rate_limit", retryable: true }),
  "HTTP 500": (subject) => failFor(subject, "server-error", { class: "server", retryable: true }),
  overloaded: (subject) => failFor(subject, "overloaded", { class: "overloaded", retryable: true }),
  "cut stream": (subject) => failFor(subject, "cut-off", { retryable: true }),
  hang: stopWhileItHangs,
  SIGINT: cancelInTool,
  SIGTERM: killProgram,
  "planted configuration": ignorePlanted,
  "missing program": missProgram,
  "wrong version": findWrongVersion,
  "unknown model": askUnknownModel,
};

const UNSUPPORTED: { readonly [Name in CaseName]?: Case } = {
  resume: beginAnew,
  "turn limit": (subject) => refuse(subject, "turns", { limits: { maxTurns: 2 } }),
  "budget limit": (subject) => refuse(subject, "budget", { limits: { budgetMicroUsd: 100_000 } }),
  // Its file is its result, as the happy path shows.
  "structured output": doWork,
  "MCP server": (subject) => refuse(subject, "mcp", { mcpServers: [PARROT] }),
};

const USAGE = { input: 1_000, cacheRead: 500, cacheWrite: 0, output: 60, reasoning: 20 };

async function doWork(subject: Subject): Promise<void> {
  const files = { "greet.txt": "hi\n", "check.sh": "grep -q hello greet.txt && echo passed\n" };
  await withScene(
    subject,
    async ({ run, workspace, events, model }) => {
      const { outcome, finished } = await run([
        { think: "First I look.", say: "I look at it.", use: [{ read: "greet.txt" }], usage: USAGE },
        { use: [{ write: "new/hello.txt", content: "hello\n" }], usage: USAGE },
        { use: [{ shell: "cp new/hello.txt greet.txt && sh check.sh" }], usage: USAGE },
        ...lastWords(subject, "The greeting is friendlier now."),
      ]);
      expect(outcome).toMatchObject({
        kind: "result",
        result: { summary: "The greeting is friendlier now." },
        exitCode: 0,
      });
      expect(finished).toMatchObject({ status: "ok", stopReason: "end_turn", error: null, signal: null });
      expect(readFileSync(join(workspace.workTree, "greet.txt"), "utf8")).toBe("hello\n");
      expect(readFileSync(join(workspace.workTree, "new/hello.txt"), "utf8")).toBe("hello\n");

      // Every tool that is shown has its result, and the model saw what the test said.
      const calls = events.filter((event) => event.type === "tool_call");
      const results = events.filter((event) => event.type === "tool_result");
      expect(calls.length).toBeGreaterThanOrEqual(3);
      expect(results.map(({ id }) => id).toSorted()).toEqual(calls.map(({ id }) => id).toSorted());
      expect(calls.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["edit", "execute"]));
      expect(results.filter(({ status }) => status !== "completed")).toEqual([]);
      expect(results.map(({ output }) => output).join("\n")).toContain("passed");
      expect(told(model.turns.at(-1), "passed")).toBe(true);
      expect(events).toContainEqual(expect.objectContaining({ type: "message", text: "I look at it." }));
      expect(events.filter((event) => event.type === "run.started")).toHaveLength(1);
      expect(events.some((event) => event.type === "raw")).toBe(true);

      expect(finished.usageTotal).toMatchObject({
        cacheReadInputTokens: 1_500,
      });
      expect(finished.usageTotal?.inputTokens).toBeGreaterThanOrEqual(4_500);
      // A price that nobody knows is not guessed.
      if (findPrices(subject.model) === null && !CAPABILITIES[subject.name].has("cost")) {
        expect(finished).toMatchObject({ costMicroUsd: null, costSource: "none" });
      } else expect(finished.costMicroUsd).toBeGreaterThan(0);
      expect(finished.modelRequests).toBeGreaterThanOrEqual(4);
    },
    files,
  );
}

async function goOn(subject: Subject): Promise<void> {
  const { transcript } = subject;
  if (transcript === undefined) throw new Error("It does not say where its sessions are kept.");
  const kept = mkdtempSync(join(tmpdir(), "baton-transcript-"));
  const file = join(kept, "transcript");
  try {
    const sessionId = await withScene(subject, async ({ run, workspace }) => {
      const script = [{ say: "The word is swordfish.", use: [{ shell: "true" }], usage: USAGE }];
      const { outcome } = await run([...script, ...lastWords(subject, "Begun.")]);
      const found = await transcript.find(workspace, outcome.sessionId ?? "");
      cpSync(found ?? "", file, { recursive: true });
      return outcome.sessionId;
    });
    await withScene(subject, async ({ run, workspace, model }) => {
      const place = transcript.place(workspace, sessionId ?? "");
      mkdirSync(dirname(place), { recursive: true });
      cpSync(file, place, { recursive: true });
      const resume = { harness: subject.name, sessionId, summary: "It was begun." };
      const script = [{ say: "On with it.", use: [{ shell: "true" }], usage: { input: 10, output: 5 } }];
      const { outcome } = await run([...script, ...lastWords(subject, "Done.")], { briefing: { resume } });
      expect(outcome).toMatchObject({ kind: "result", result: { summary: "Done." }, sessionId });
      expect(told(model.turns[0], "swordfish")).toBe(true);
      // What the other machine used was told there.
      expect(outcome.usage?.inputTokens).toBeLessThan(1_000);
      expect(outcome.usage?.inputTokens).toBeGreaterThan(0);
    });
  } finally {
    rmSync(kept, { recursive: true });
  }
}

/** What is left of the session is a summary, and a new one begins. */
async function beginAnew(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run }) => {
    const resume = { harness: subject.name, sessionId: "gone", summary: "It was begun." };
    const { outcome } = await run(lastWords(subject, "Done."), { briefing: { resume } });
    expect(outcome).toMatchObject({ kind: "result", result: { summary: "Done." } });
    expect(outcome.sessionId).not.toBe("gone");
  });
}

async function stopAfterTurns(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run, workspace }) => {
    const script = [1, 2, 3, 4].map((turn) => ({ use: [{ write: `${turn}.txt`, content: "x\n" }] }));
    const { outcome, finished } = await run(script, { briefing: { limits: { maxTurns: 2 } } });
    expect(outcome.kind).toBe("failed");
    expect(finished).toMatchObject({
      status: "error",
      stopReason: "max_turn_requests",
      error: { retryable: false },
    });
    expect(existsSync(join(workspace.workTree, "1.txt"))).toBe(true);
    expect(existsSync(join(workspace.workTree, "4.txt"))).toBe(false);
    expect(finished.usageTotal?.inputTokens).toBeGreaterThan(0);
  });
}

async function stopAtBudget(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run, workspace }) => {
    const usage = { input: 1_000_000 };
    const script = [1, 2, 3, 4].map((turn) => ({ use: [{ write: `${turn}.txt`, content: "x\n" }], usage }));
    const { outcome, finished } = await run(script, {
      model: subject.pricedModel,
      briefing: { limits: { budgetMicroUsd: 100_000 } },
    });
    expect(outcome.kind).toBe("failed");
    expect(finished).toMatchObject({ status: "error", stopReason: "budget", error: { retryable: false } });
    expect(existsSync(join(workspace.workTree, "4.txt"))).toBe(false);
    expect(finished.costMicroUsd).toBeGreaterThanOrEqual(100_000);
  });
}

async function answerBySchema(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run, workspace, model }) => {
    const plan = { text: "Do it.", paths: ["src/**"] };
    const answer = { summary: "Planned.", plan, question: null };
    const { outcome, finished } = await run([{ answer }], { briefing: { stage: "plan" } });
    expect(outcome).toMatchObject({ kind: "result", result: { summary: "Planned.", plan } });
    expect(finished.structuredOutput).toEqual(answer);
    expect(existsSync(workspace.resultFile)).toBe(false);
    expect(told(model.turns[0], "Globs of the files that it means to change.")).toBe(true);
  });
}

const PARROT = { name: "parrot", version: "1.0.0", command: ["node", "parrot.mjs"] };

async function useMcpServer(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run, events, model, workspace }) => {
    copyFileSync(new URL("parrot.mjs", import.meta.url), join(workspace.workTree, "parrot.mjs"));
    const use = [{ mcp: "parrot", tool: "repeat", input: { text: "polly" } }];
    const { outcome } = await run([{ use }, ...lastWords(subject, "Done.")], {
      briefing: { mcpServers: [PARROT] },
    });
    expect(outcome).toMatchObject({ kind: "result", result: { summary: "Done." } });
    expect(told(model.turns.at(-1), "parrot: polly")).toBe(true);
    const results = events.filter((event) => event.type === "tool_result");
    expect(results.map(({ output }) => output).join("\n")).toContain("parrot: polly");
  });
}

async function refuse(
  subject: Subject,
  capability: "turns" | "budget" | "mcp",
  briefing: Record<string, unknown>,
): Promise<void> {
  await withScene(subject, async ({ run, model }) => {
    const { outcome } = await run([{ say: "I do it all the same." }], { briefing });
    expect(outcome).toMatchObject({ kind: "failed", error: { class: "config", retryable: false } });
    expect(outcome.error?.message).toContain(`The harness "${subject.name}" cannot `);
    expect(outcome.error?.message).toContain(harnessesWith(capability).join(", "));
    expect(model.requests).toEqual([]);
  });
}

async function denyWriting(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run, workspace }) => {
    const script = [
      { use: [{ write: "forbidden.txt", content: "x\n" }] },
      ...lastWords(subject, "It is not let."),
    ];
    const { outcome, finished } = await run(script, {
      briefing: { role: { name: "reviewer", prompt: "You look.", tools: ["read", "search"] } },
    });
    expect(existsSync(join(workspace.workTree, "forbidden.txt"))).toBe(false);
    expect(outcome).toMatchObject({ kind: "result", result: { summary: "It is not let." } });
    expect(finished.status).toBe("ok");
  });
}

async function failFor(
  subject: Subject,
  fail: "unauthorized" | "rate-limited" | "server-error" | "overloaded" | "cut-off",
  error: Record<string, unknown>,
): Promise<void> {
  await withScene(subject, async ({ run, workspace }) => {
    const { outcome, finished } = await run([{ use: [{ write: "begun.txt", content: "x\n" }] }, { fail }]);
    expectFailure({ outcome, finished }, error);
    // The work so far is there to be kept.
    expect(existsSync(join(workspace.workTree, "begun.txt"))).toBe(true);
  });
}

function expectFailure({ outcome, finished }: Ran, error: Record<string, unknown>): void {
  expect(outcome.kind).toBe("failed");
  expect(finished).toMatchObject({ status: "error", stopReason: "error", error });
  // A sentence for people, and no page of JSON.
  expect(finished.error?.message).toMatch(/^[A-Z][^\n]{20,}\.?$/);
}

async function stopWhileItHangs(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run, workspace, model, cancel }) => {
    const running = run([{ fail: "hang" }]);
    await waitFor(() => {
      expect(model.turns.length).toBeGreaterThan(0);
    });
    cancel();
    const { outcome, finished } = await running;
    expect(outcome.kind).toBe("failed");
    expect(finished).toMatchObject({ status: "cancelled", stopReason: "cancelled" });
    expect(sessionProcesses(workspace.homeDir)).toEqual([]);
  });
}

/** Whether a request has a text in it: it is too long to be shown. */
function told(request: ModelRequest | undefined, text: string): boolean {
  return JSON.stringify(request?.body ?? null).includes(text);
}

/** It notes when it begins, ignores what is polite, and lasts. */
const STUBBORN_TOOL = "trap '' INT TERM; echo $$ > begun.txt; sleep 300 & wait; sleep 300";

async function cancelInTool(subject: Subject): Promise<void> {
  await withScene(subject, async (scene) => {
    const running = scene.run([{ use: [{ shell: STUBBORN_TOOL }] }]);
    await untilToolRuns(scene);
    scene.cancel();
    const { outcome, finished } = await running;
    expect(outcome.kind).toBe("failed");
    expect(finished).toMatchObject({ status: "cancelled", stopReason: "cancelled", error: null });
    // What it used until then was counted, by itself or on the way to its model.
    expect(finished.usageTotal?.inputTokens).toBeGreaterThan(0);
    expect(sessionProcesses(scene.workspace.homeDir)).toEqual([]);
  });
}

async function killProgram(subject: Subject): Promise<void> {
  await withScene(subject, async (scene) => {
    const running = scene.run([{ use: [{ shell: STUBBORN_TOOL }] }]);
    await untilToolRuns(scene);
    const findPrograms = (): readonly number[] =>
      programProcesses(scene.workspace.homeDir, harnessPrograms());
    expect(findPrograms()).not.toEqual([]);
    // A program that just then waits for another one may hand that the signal.
    await waitFor(() => {
      const programs = findPrograms();
      for (const pid of programs) terminate(pid);
      expect(programs).toEqual([]);
    });
    const { outcome, finished } = await running;
    expect(outcome.kind).toBe("failed");
    expect(finished).toMatchObject({ status: "truncated", stopReason: "error" });
    expect(sessionProcesses(scene.workspace.homeDir)).toEqual([]);
  });
}

function terminate(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // The one before took it along.
  }
}

async function untilToolRuns({ workspace }: Scene): Promise<void> {
  await waitFor(() => {
    expect(readFileSync(join(workspace.workTree, "begun.txt"), "utf8")).not.toBe("");
  });
}

async function ignorePlanted(subject: Subject): Promise<void> {
  const stranger = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(500).end();
  });
  const asked: string[] = [];
  stranger.listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  try {
    await withScene(subject, async ({ run, workspace, model }) => {
      const canary = join(workspace.tempDir, "executed");
      for (const [path, text] of Object.entries(plantedFiles({ canary, elsewhere }))) {
        mkdirSync(dirname(join(workspace.workTree, path)), { recursive: true });
        writeFileSync(join(workspace.workTree, path), text);
      }
      const { outcome } = await run([{ use: [{ shell: "true" }] }, ...lastWords(subject, "Done.")]);
      expect(outcome).toMatchObject({ kind: "result", result: { summary: "Done." } });
      expect(existsSync(canary)).toBe(false);
      expect(asked).toEqual([]);
      expect(model.requests.some((request) => told(request, PLANTED_WORDS))).toBe(false);
    });
  } finally {
    stranger.closeAllConnections();
    stranger.close();
  }
}

async function missProgram(subject: Subject): Promise<void> {
  await withBareMachine(async ({ path, toolsDir }) => {
    await withScene(subject, async ({ run, model }) => {
      const { outcome, finished } = await run([{ say: "Hello." }], { path, toolsDir });
      const { program, version } = pinOf(subject);
      expect(outcome.kind).toBe("failed");
      expect(finished.error).toMatchObject({ class: "config", retryable: false });
      expect(finished.error?.message).toContain(`The program ${program} is not on this machine`);
      expect(finished.error?.message).toContain(`@${version}" on the runner puts it there.`);
      expect(model.requests).toEqual([]);
    });
  });
}

async function findWrongVersion(subject: Subject): Promise<void> {
  await withBareMachine(async ({ path, toolsDir }) => {
    const { program, version } = pinOf(subject);
    writeFileSync(join(path, program), "#!/bin/sh\necho 0.0.7\n", { mode: 0o755 });
    await withScene(subject, async ({ run, model }) => {
      const { outcome, finished } = await run([{ say: "Hello." }], { path, toolsDir });
      expect(outcome.kind).toBe("failed");
      expect(finished.error?.message).toContain(
        `The program ${program} on this machine is version 0.0.7, not ${version}`,
      );
      expect(model.requests).toEqual([]);
    });
  });
}

/** A machine that has neither the program nor npm to install it with. */
async function withBareMachine(
  act: (machine: { readonly path: string; readonly toolsDir: string }) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "baton-bare-machine-"));
  try {
    const path = join(root, "bin");
    mkdirSync(path);
    for (const program of ["/bin/sh", "/usr/bin/env"])
      symlinkSync(program, join(path, program.split("/").at(-1) ?? ""));
    await act({ path, toolsDir: join(root, "tools") });
  } finally {
    rmSync(root, { recursive: true });
  }
}

function pinOf({ name, program = name }: Subject): { readonly program: string; readonly version: string } {
  if (!isPinned(program)) throw new Error(`${program} is no program of one version.`);
  return HARNESS_PINS[program];
}

async function askUnknownModel(subject: Subject): Promise<void> {
  await withScene(subject, async ({ run }) => {
    const ran = await run([{ say: "Hello." }], { model: "no-such-model-9" });
    expectFailure(ran, { class: "model_not_found", retryable: false });
  });
}
