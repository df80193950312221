import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Briefing } from "../../../src/contract/briefing.ts";

/** What the agent does in one session. Without a key it leaves that out. */
export type AgentStep = {
  /** A line for the run's log. */
  readonly says?: string;
  /** Waits, before it changes anything, until `scene.release` was called with this name. */
  readonly waits?: string;
  readonly write?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
  /** Runs in the work tree before anything is written. */
  readonly run?: readonly string[];
  readonly symlink?: Readonly<Record<string, string>>;
  /** Written to `$BATON_RESULT` as JSON; a string is written as it is. */
  readonly result?: unknown;
  readonly exit?: number;
};

type AgentStage = "plan" | "test" | "implement" | "review";

/** The sessions of each stage in their order; the last step serves all further ones. */
export type AgentScript = Readonly<Partial<Record<AgentStage, readonly [AgentStep, ...AgentStep[]]>>>;

/** What the agent saw of one session. */
export type AgentSession = {
  readonly briefing: Briefing;
  readonly prompt: string;
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  /** The runner that started it. */
  readonly parent: number;
};

export const PLANS: AgentStep = {
  result: {
    summary: "Double what comes in.",
    plan: { text: "Write `double` in src/double.mjs, tested first.", paths: ["src/double.mjs", "test/**"] },
  },
};

export const WRITES_TESTS: AgentStep = {
  write: {
    "test/double.test.mjs": [
      'import assert from "node:assert/strict";',
      'import { test } from "node:test";',
      'import { double } from "../src/double.mjs";',
      'test("doubles a number", () => assert.equal(double(21), 42));',
      "",
    ].join("\n"),
  },
  result: { summary: "One test." },
};

export const IMPLEMENTS: AgentStep = {
  write: { "src/double.mjs": "export const double = (number) => number * 2;\n" },
  result: { summary: "It doubles." },
};

/** Fails the test that WRITES_TESTS leaves behind. */
export const IMPLEMENTS_WRONGLY: AgentStep = {
  write: { "src/double.mjs": "export const double = (number) => number;\n" },
  result: { summary: "It should double." },
};

const APPROVES: AgentStep = { result: { summary: "Reads well.", verdict: "approve" } };

const DEFAULT_SCRIPT: Required<AgentScript> = {
  plan: [PLANS],
  test: [WRITES_TESTS],
  implement: [IMPLEMENTS],
  review: [APPROVES],
};

/** Puts the agent and its script into a repository's folder. */
export async function writeAgent(
  folder: string,
  { script, records }: { readonly script: AgentScript; readonly records: string },
): Promise<void> {
  const tools = join(folder, "tools");
  await mkdir(tools, { recursive: true });
  await mkdir(records, { recursive: true });
  await cp(fileURLToPath(new URL("agent.mjs", import.meta.url)), join(tools, "agent.mjs"));
  const steps = { ...DEFAULT_SCRIPT, ...script };
  await writeFile(join(tools, "script.json"), JSON.stringify({ records, steps }, null, 2));
}

/** The sessions of a stage so far, in their order. */
export async function readSessions(records: string, stage: AgentStage): Promise<readonly AgentSession[]> {
  const names = (await readdir(records)).filter((name) => name.startsWith(`${stage}-`));
  const ordered = names.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return Promise.all(
    ordered.map(async (name) => JSON.parse(await readFile(join(records, name), "utf8")) as AgentSession),
  );
}
