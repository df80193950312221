import { describe, expect, test } from "vitest";
import { waitFor } from "../../support/wait-for.ts";
import { commitFiles } from "./commit-files.ts";
import { openGitHub } from "./github-fixture.ts";

const SITE = { owner: "ada", repo: "engine" };
const WORKFLOW = "baton.yml";

const BATON_YML = `
name: Baton
run-name: "Baton \${{ inputs.attempt }}"
on:
  workflow_dispatch:
    inputs:
      attempt: { required: true, type: string }
      server: { required: true, type: string }
permissions: {}
jobs:
  agent:
    runs-on: ubuntu-latest
    steps:
      - run: sleep 60
`;

const CI_YML = `
name: CI
on: push
permissions: {}
jobs:
  unit:
    runs-on: ubuntu-latest
    steps:
      - name: Test
        run: |
          printf '\\033[31mnot ok 1 - adds\\033[0m\\n'
          echo "expected 3, got 4"
          exit 1
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: echo fine
`;

async function openWorkflow(files: Record<string, string> = { ".github/workflows/baton.yml": BATON_YML }) {
  const fixture = await openGitHub({ files });
  const ada = fixture.as(fixture.ada);
  const dispatch = (attempt: string, workflow = WORKFLOW) =>
    fixture.github.dispatchRun(fixture.repository, { workflow, attempt, server: "https://baton.example" });
  const runs = async () => (await ada.rest.actions.listWorkflowRunsForRepo(SITE)).data.workflow_runs;
  return { ...fixture, as: ada, dispatch, runs };
}

describe("dispatching", () => {
  test("the attempt's run is started on the default branch, once", async () => {
    const { dispatch, github, repository, runs, writes } = await openWorkflow();
    const started = await dispatch("1-7-1.1");
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      event: "workflow_dispatch",
      head_branch: "main",
      display_title: "Baton 1-7-1.1",
    });
    expect(started).toEqual({ kind: "started", run: { id: run?.id, url: run?.html_url } });
    writes();
    expect(await dispatch("1-7-1.1")).toEqual(started);
    expect(writes()).toEqual([]);
    await github.cancelRun(repository, run?.id ?? 0);
  });

  test("a run of another branch's workflow is none of Baton's, whatever its name says", async () => {
    const { as, dispatch, github, repository } = await openWorkflow();
    const { data: main } = await as.rest.git.getRef({ ...SITE, ref: "heads/main" });
    await as.rest.git.createRef({ ...SITE, ref: "refs/heads/mine", sha: main.object.sha });
    const { data } = await as.rest.actions.createWorkflowDispatch({
      ...SITE,
      workflow_id: WORKFLOW,
      ref: "mine",
      inputs: { attempt: "1-7-1.1", server: "https://elsewhere.example" },
      return_run_details: true,
    });
    // Octokit's types know only the answer without details.
    const mine = data as unknown as { readonly workflow_run_id: number };
    const started = await dispatch("1-7-1.1");
    if (started.kind !== "started") throw new Error(started.why);
    expect(started.run.id).not.toBe(mine.workflow_run_id);
    await github.cancelRun(repository, started.run.id);
    await github.cancelRun(repository, mine.workflow_run_id);
  });

  test("an attempt is not taken for another whose id begins like it", async () => {
    const { dispatch, runs } = await openWorkflow();
    const twelfth = await dispatch("1-7-1.12");
    const first = await dispatch("1-7-1.1");
    expect(first).not.toEqual(twelfth);
    expect(await runs()).toHaveLength(2);
  });

  test.each([
    ["no such workflow", { "a.txt": "" }, "There is no workflow `.github/workflows/baton.yml` on `main`"],
    [
      "a workflow that something else starts",
      { ".github/workflows/baton.yml": CI_YML },
      "it must be enabled and take `workflow_dispatch`",
    ],
    [
      "a workflow that does not take the inputs",
      {
        ".github/workflows/baton.yml":
          "on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }\n",
      },
      "with `attempt`, `server` and `job`",
    ],
  ])("%s is refused with the remedy", async (_what, files, sentence) => {
    const { dispatch } = await openWorkflow(files);
    const refused = await dispatch("1-7-1.1");
    expect(refused).toMatchObject({ kind: "refused", why: expect.stringContaining(sentence) as string });
    expect(refused).toMatchObject({ why: expect.stringMatching(/^[^\n]+\.$/) as string });
  });
});

describe("cancelling", () => {
  test("a run is cancelled; one that is over or gone needs nothing", async () => {
    const { as, dispatch, github, repository } = await openWorkflow();
    const started = await dispatch("1-7-1.1");
    const id = started.kind === "started" ? started.run.id : 0;
    await github.cancelRun(repository, id);
    await waitFor(async () => {
      const { data } = await as.rest.actions.getWorkflowRun({ ...SITE, run_id: id });
      expect(data).toMatchObject({ status: "completed", conclusion: "cancelled" });
    });
    await github.cancelRun(repository, id);
    await github.cancelRun(repository, 424242);
  });
});

describe("observing jobs", () => {
  test("a red job of Actions comes with the end of its log, without times and colours", async () => {
    const { as, github, repository } = await openWorkflow({ ".github/workflows/ci.yml": CI_YML });
    const sha = await commitFiles(as, SITE, {
      branch: "baton/7-page",
      from: "main",
      files: { "a.txt": "a\n" },
    });
    const observed = await waitFor(async () => {
      const found = await github.observeChecks(repository, sha);
      expect(found.suitesPending).toBe(false);
      expect(found.checks).toHaveLength(2);
      return found;
    });
    const unit = observed.checks.find(({ name }) => name === "unit");
    expect(unit).toMatchObject({ state: "red", url: expect.stringContaining("/ada/engine/") as string });
    expect(unit?.logTail).toContain("\nnot ok 1 - adds\nexpected 3, got 4\n");
    expect(unit?.logTail).not.toMatch(/\d{4}-\d\d-\d\dT/);
    expect(observed.checks.find(({ name }) => name === "lint")).toMatchObject({
      state: "green",
      logTail: "",
    });
  });

  test("a run of Actions that has begun is pending, before any of its jobs shows", async () => {
    const { as, github, repository, runs } = await openWorkflow({
      ".github/workflows/ci.yml": CI_YML.replace("echo fine", "sleep 60"),
    });
    const sha = await commitFiles(as, SITE, {
      branch: "baton/7-page",
      from: "main",
      files: { "a.txt": "a\n" },
    });
    // Actions takes note of a push some time after it was answered.
    await waitFor(async () => expect(await runs()).not.toEqual([]));
    expect((await github.observeChecks(repository, sha)).suitesPending).toBe(true);
    for (const { id } of await runs()) await github.cancelRun(repository, id);
  });

  test("the jobs of Baton's own workflow on the same commit are left out", async () => {
    const { dispatch, github, repository, runs } = await openWorkflow();
    await dispatch("1-7-1.1");
    const [run] = await runs();
    expect(await github.observeChecks(repository, run?.head_sha ?? "")).toEqual({
      checks: [],
      suitesPending: false,
    });
    await github.cancelRun(repository, run?.id ?? 0);
  });
});
