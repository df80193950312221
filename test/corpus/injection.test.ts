import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleAttempt, exampleTask } from "../support/task/example-task.ts";
import { samplePolicy } from "../support/task/sample-policy.ts";
import { briefAttempt } from "../../src/app/attempt/brief-attempt.ts";
import { PROTECTED_GLOBS } from "../../src/contract/repository-config/config-schema.ts";
import { inspectWork } from "../../src/runner/delivery/inspect-work.ts";
import { commitWorkTree } from "../../src/runner/git/commit-work-tree.ts";
import { BASE_REF, prepareWorkTree, START_REF } from "../../src/runner/git/prepare-work-tree.ts";
import { withRegion } from "../support/docs-region.ts";
import type { HostileRepository } from "../support/injection/hostile-repository.ts";
import { createHostileRepository, writeChanges } from "../support/injection/hostile-repository.ts";
import { promptOf, unquoted } from "../support/injection/prompt-of.ts";
import type { CheckoutAttempt, CommitAttempt, DeliveryAttempt } from "../support/injection/read-corpus.ts";
import { readCorpus } from "../support/injection/read-corpus.ts";

const CORPUS = await readCorpus();
const CREDENTIAL = ["the-token-", "of-this-run"].join("");

let repository: HostileRepository;
let base: string;

beforeAll(async () => {
  repository = await createHostileRepository();
  base = repository.commit({ "src/greet.ts": { file: "hi\n" }, "test/greet.test.ts": { file: "expect\n" } });
});

afterAll(() => {
  rmSync(repository.root, { recursive: true });
});

describe.each(CORPUS)("$class", (file) => {
  switch (file.defence) {
    case "prompt":
      test.each(file.attempts)("$name", ({ place, text, gone, seen }) => {
        const prompt = promptOf({ place, text });
        expect(unquoted(prompt)).toBe(unquoted(promptOf({ place, text: "x" })));
        for (const hidden of gone) expect(prompt).not.toContain(hidden);
        for (const shown of seen) expect(prompt).toContain(shown);
        expect(prompt).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Co}\p{Cs}]/u);
      });
      break;
    case "delivery":
      test.each(file.attempts)("$name", refusesToPush);
      break;
    case "checkout":
      test.each(file.attempts)("$name", doesNotLayOut);
      break;
    case "commit":
      test.each(file.attempts)("$name", doesNotRun);
      break;
  }
});

async function refusesToPush({ stage, changes, refusal }: DeliveryAttempt): Promise<void> {
  const policy = samplePolicy();
  const scope = { ...policy.scope, deny: PROTECTED_GLOBS };
  const task = exampleTask({ policy: { ...policy, scope } });
  const inspected = await inspectWork(repository.place, {
    briefing: briefAttempt(task, exampleAttempt(stage), null),
    startSha: base,
    headSha: repository.commit(changes, base),
    credentials: [CREDENTIAL],
  });
  expect(inspected.ok ? "it was not refused" : inspected.error.summary).toContain(refusal);
}

/** A checkout of a branch that began as the base did. */
async function checkOut(head: string): Promise<string> {
  const workTree = mkdtempSync(join(repository.root, "work-"));
  repository.git(["update-ref", START_REF, head]);
  repository.git(["update-ref", BASE_REF, base]);
  await prepareWorkTree(repository.place, { workTree, branch: "baton/1-x", defaultBranch: "main" });
  return workTree;
}

async function doesNotLayOut({ changes }: CheckoutAttempt): Promise<void> {
  const workTree = await checkOut(repository.commit(changes, base));
  expect(existsSync(join(workTree, "src/greet.ts"))).toBe(true);
  expect(Object.keys(changes).filter((path) => existsSync(join(workTree, path)))).toEqual([]);
}

async function doesNotRun({ changes, gitConfig, hook }: CommitAttempt): Promise<void> {
  const workTree = await checkOut(base);
  const proof = `${workTree}.pwned`;
  // The runner's git is not told the agent's variables.
  const trap = (text: string): string => text.replaceAll("$PWNED", proof);
  const git = gitOfAgent(workTree);
  writeChanges(workTree, JSON.parse(trap(JSON.stringify(changes))) as CommitAttempt["changes"]);
  for (const [key, value] of Object.entries(gitConfig)) git("config", key, trap(value));
  if (hook !== undefined) {
    mkdirSync(join(workTree, ".git/hooks"), { recursive: true });
    writeFileSync(join(workTree, ".git/hooks", hook), trap("#!/bin/sh\ntouch $PWNED\n"), { mode: 0o755 });
  }
  const work = await commitWorkTree(repository.place, { workTree, message: "Work", at: new Date() });
  expect(work.ok && work.value.headSha !== null).toBe(true);
  expect(existsSync(proof)).toBe(false);
  // What the runner did not run is a real trap: git by itself falls into it.
  for (const command of [
    ["add", "-A"],
    ["diff", "HEAD"],
    ["commit", "-m", "x"],
  ]) {
    git(...command);
  }
  expect(existsSync(proof)).toBe(true);
}

/** git as whoever sits in the checkout would call it; a trap may break the command. */
function gitOfAgent(workTree: string): (...args: readonly string[]) => void {
  const identity = ["-c", "user.name=m", "-c", "user.email=m@example.com"];
  const env = { PATH: process.env["PATH"], HOME: repository.place.homeDir };
  return (...args) => {
    spawnSync("git", ["-C", workTree, ...identity, ...args], { env, stdio: "ignore" });
  };
}

test("the corpus has at least 60 attempts, each of a name of its own", () => {
  const names = CORPUS.flatMap((file) => file.attempts.map(({ name }) => name));
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});

/** `vitest run test/corpus --update` brings the page up to date. */
test("docs/injection.md tells what stopped each of them", async () => {
  const path = new URL("../../docs/injection.md", import.meta.url);
  const page = await withRegion(await readFile(path, "utf8"), "corpus", renderCorpus());
  await expect(page).toMatchFileSnapshot(path.pathname);
});

function renderCorpus(): string {
  const rows = CORPUS.map((file) => {
    if (file.defence !== "prompt") return row(file.class, file.attempts.length, [0, 0, file.attempts.length]);
    const removed = file.attempts.filter(({ gone }) => gone.length > 0).length;
    return row(file.class, file.attempts.length, [removed, file.attempts.length - removed, 0]);
  });
  const attempts = CORPUS.flatMap((file) =>
    file.attempts.map(
      (attempt) => `| ${file.class} | ${attempt.name} | ${stoppedBy(file.defence, attempt)} |`,
    ),
  );
  return [
    "| Class | Attempts | Taken out of the prompt | Quoted as data | Refused by the runner |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "| Class | Attempt | What stops it |",
    "| --- | --- | --- |",
    ...attempts,
  ].join("\n");
}

function row(name: string, attempts: number, counts: readonly number[]): string {
  return `| ${[name, attempts, ...counts].join(" | ")} |`;
}

function stoppedBy(
  defence: (typeof CORPUS)[number]["defence"],
  attempt: (typeof CORPUS)[number]["attempts"][number],
): string {
  switch (defence) {
    case "prompt":
      return "gone" in attempt && attempt.gone.length > 0 ? "taken out of the prompt" : "quoted as data";
    case "delivery":
      return "refusal" in attempt ? `refused by the deliver job: "${attempt.refusal}"` : "";
    case "checkout":
      return "not laid out for the agent";
    case "commit":
      return "not run by the runner's git";
  }
}
