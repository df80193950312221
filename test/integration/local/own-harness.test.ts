import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HARNESS_PINS } from "../../../src/contract/harness/harness-pins.ts";
import { installPackage } from "../../../src/runner/harness/install-package.ts";
import { systemTimers } from "../../../src/runner/timers.ts";
import { harnessPrograms } from "../../support/harness/harness-programs.ts";
import { ANTHROPIC_WIRE } from "../../support/models/anthropic-wire.ts";
import { startModel } from "../../support/models/start-model.ts";
import { claudeVocabulary } from "../../support/models/vocabulary/claude-vocabulary.ts";
import { waitFor } from "../../support/wait-for.ts";
import { personAt } from "./local-person.ts";
import { startLocalProcess } from "./local-process.ts";

const MODEL = "claude-sonnet-5";

test("the agent that is installed here works on the demo's repository with the terminal's key", async () => {
  const dir = await mkdtemp(join(tmpdir(), "baton-own-harness-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const model = await startModel(ANTHROPIC_WIRE, { vocabulary: claudeVocabulary, model: MODEL });
  onTestFinished(() => model.close());
  const { baseUrl, key } = model.access;
  const plan = { text: "Say it in slugs.", paths: ["src/**"] };
  model.play([{ answer: { summary: "A plan.", plan, question: null } }, { fail: "hang" }], "/");

  const local = await startLocalProcess(
    ["--harness", "claude", "--model", MODEL, "--dir", join(dir, "kept")],
    {
      PATH: [await binWithClaude(dir), process.env["PATH"]].join(delimiter),
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: baseUrl,
    },
  );
  expect(local.said()).toContain(
    "The agent is claude, and asks its model by this terminal's ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL.",
  );
  const maya = await personAt(local, join(dir, "kept"), "maya");
  const wish = { title: "Slugs of names", labels: ["baton"] };
  const { data: issue } = await maya.octokit.rest.issues.create({ ...maya.place, ...wish });
  await maya.seeComment(issue.number, "Say it in slugs.");
  // What it was asked came by the proxy, with the real key, and nobody fetched another copy of the program.
  expect(model.turns[0]?.headers["x-api-key"]).toBe(key);
  const { actions } = maya.octokit.rest;
  const run_id = await waitFor(async () => {
    const { data } = await actions.listWorkflowRunsForRepo(maya.place);
    const first = data.workflow_runs.at(-1);
    expect(first?.status).toBe("completed");
    return first?.id ?? 0;
  });
  const { data } = await actions.listJobsForWorkflowRun({ ...maya.place, run_id });
  const job_id = data.jobs.find(({ name }) => name === "agent")?.id ?? 0;
  const { data: log } = await actions.downloadJobLogsForWorkflowRun({ ...maya.place, job_id });
  expect(log).toContain("The sandbox ");
  expect(log).not.toContain("Installing @anthropic-ai/claude-code");
  // However deep the folder lies.
  expect(log).not.toContain("EINVAL");
});

/** A directory with the program, as a person has it on their PATH. */
async function binWithClaude(dir: string): Promise<string> {
  const installed = await installPackage(
    {
      directory: harnessPrograms(),
      env: process.env,
      stop: new AbortController().signal,
      timers: systemTimers,
      emit: () => undefined,
    },
    HARNESS_PINS.claude,
  );
  if (!installed.ok) throw new Error(installed.error);
  const bin = join(dir, "bin");
  await mkdir(bin);
  await symlink(installed.value, join(bin, "claude"));
  return bin;
}
