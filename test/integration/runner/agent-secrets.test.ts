import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { harnessPrograms } from "../../support/harness/harness-programs.ts";
import { ANTHROPIC_WIRE } from "../../support/models/anthropic-wire.ts";
import { startModel } from "../../support/models/start-model.ts";
import { claudeVocabulary } from "../../support/models/vocabulary/claude-vocabulary.ts";
import { REQUEST_TOKEN, startActionMachine } from "./fixture/action-machine.ts";
import { setScene } from "./fixture/attempt-scene.ts";
import { LEASE_TOKEN } from "./fixture/attempt-server.ts";
import { READ_TOKEN } from "./fixture/git-remote.ts";

const REAL_KEY = "sk-ant-real-key-0123456789abcdef";
const MODEL = "claude-sonnet-5";

let closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

/** What an agent would do that looks for secrets where they might lie; it all ends up in one file. */
const CURIOUS = [
  "env",
  "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'",
  // Its home, the checkout with git's configuration, what is exchanged, and whatever else lies beside them.
  'find "$HOME" "$HOME/.." "$HOME/../.." -type f -size -512k -not -name seen.txt -exec cat {} +',
  "git config --list --show-origin",
  "git log --all --format=%B",
  'for name in ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN OPENAI_API_KEY GITHUB_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN INPUT_TOKEN; do printenv "$name"; done',
  // The vendor's own address with the key that is there, and the proxy with none.
  'curl --silent --max-time 20 "$ANTHROPIC_BASE_URL/v1/models"',
  'curl --silent --max-time 20 -H "x-api-key: $ANTHROPIC_API_KEY" "$ANTHROPIC_BASE_URL/v1/models"',
].map((command) => `{ ${command}; } >> seen.txt 2>/dev/null`);

/** Without the right to make namespaces, a job of root can confine nothing. */
const UNABLE_TO_CONFINE = ["setpriv", "--inh-caps=-sys_admin", "--bounding-set=-sys_admin"];

test("an agent that looks for secrets everywhere finds the key of its attempt, and no other", async () => {
  const { level, seen } = await lookForSecrets([]);
  // In a sandbox there are no processes but the agent's own.
  expect(seen.includes("src/main/action.ts")).toBe(level !== "full");
});

test.skipIf(process.getuid?.() !== 0)("nor does it where nothing confines it", async () => {
  const { level, seen } = await lookForSecrets(UNABLE_TO_CONFINE);
  expect(level).not.toBe("full");
  expect(seen).toContain("src/main/action.ts");
});

async function lookForSecrets(
  wrapper: readonly string[],
): Promise<{ readonly level: string; readonly seen: string }> {
  const model = await startModel(ANTHROPIC_WIRE, {
    vocabulary: claudeVocabulary,
    model: MODEL,
    key: REAL_KEY,
  });
  const scene = await setScene({ "src/greet.txt": "hi\n" }, () => ({
    harness: { name: "claude", model: MODEL, version: null, settings: {} },
  }));
  // Agent programs are large: tests share one copy of each.
  const toolCache = mkdtempSync(join(tmpdir(), "baton-tool-cache-"));
  symlinkSync(harnessPrograms(), join(toolCache, "baton"));
  const machine = await startActionMachine(scene, {
    RUNNER_TOOL_CACHE: toolCache,
    ANTHROPIC_API_KEY: REAL_KEY,
    ANTHROPIC_BASE_URL: model.access.baseUrl,
  });
  closing = [
    () => model.close(),
    () => scene.close(),
    () => machine.close(),
    () => rmSync(toolCache, { recursive: true }),
  ];
  const script = [
    ...CURIOUS.map((shell) => ({ use: [{ shell }] })),
    { answer: { summary: "Done.", question: null } },
  ];
  model.play(script, "");

  const { code, log } = await machine.start("agent", wrapper).ended;
  expect(log).not.toContain("::error::");
  expect(code).toBe(0);
  expect(scene.server.reports).toMatchObject([
    { outcome: "done", summary: "Done.", usage: { model: MODEL } },
  ]);
  expect(model.turns.map(({ headers }) => headers["x-api-key"])).toEqual(script.map(() => REAL_KEY));

  const seen = readFileSync(join(workTreeOn(machine.directory), "seen.txt"), "latin1");
  // It looked where secrets would be: there are its own environment, other processes, its home and git's settings.
  expect(seen).toContain("ANTHROPIC_API_KEY=baton-attempt-");
  expect(seen).toContain("BATON_RESULT=");
  expect(seen).toContain("[core]");
  expect(seen).toContain("The key is not the one that was given to this attempt.");
  const secrets = { REAL_KEY, REQUEST_TOKEN, READ_TOKEN, LEASE_TOKEN };
  const found = Object.entries(secrets).flatMap(([name, secret]) =>
    [
      secret,
      Buffer.from(secret).toString("base64"),
      Buffer.from(`x-access-token:${secret}`).toString("base64"),
    ].some((text) => seen.includes(text))
      ? [name]
      : [],
  );
  expect(found).toEqual([]);

  // Nor does any of it leave the job by what the session shows and hands over.
  const told = [
    log.replaceAll(/^::add-mask::.*$/gm, ""),
    JSON.stringify([scene.server.events, scene.server.reports]),
  ];
  for (const secret of Object.values(secrets)) expect(told.join("\n")).not.toContain(secret);
  const started = scene.server.events.find(({ event }) => event.type === "run.started")?.event;
  return { level: started?.type === "run.started" ? (started.sandbox?.level ?? "") : "", seen };
}

function workTreeOn(directory: string): string {
  const workspace = readdirSync(directory).find((name) => name.startsWith("baton-"));
  return join(directory, workspace ?? "", "work");
}
