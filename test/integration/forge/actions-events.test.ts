import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { WorkflowRun } from "../../../src/forge/hub/entity/workflow.ts";
import { createActionsProject, type ActionsProject } from "./actions-project.ts";

const files = {
  "src/main.txt": "main\n",
  "push.yml": `
name: Push
on: { push: { branches: [main, "release/**"], paths: ["src/**"] } }
jobs: { only: { runs-on: ubuntu-latest, steps: [{ run: "echo \${{ github.event.head_commit.message }} on $GITHUB_REF_NAME" }] } }
`,
  "pull.yml": `
name: Pull
on: pull_request
permissions: { contents: read }
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: |
          echo "ref=$GITHUB_REF head=$GITHUB_HEAD_REF base=$GITHUB_BASE_REF"
          echo "sha=$GITHUB_SHA checked-out=$(git rev-parse HEAD)"
          cat src/*.txt
`,
  "follow.yml": `
name: Follow
on: { workflow_run: { workflows: [Pull], types: [completed] } }
jobs: { after: { runs-on: ubuntu-latest, steps: [{ run: "echo followed \${{ github.event.workflow_run.name }} \${{ github.event.workflow_run.conclusion }}" }] } }
`,
  "loop.yml": `
name: Loop
on: { workflow_dispatch: {}, workflow_run: { workflows: [Loop], types: [completed] } }
jobs: { again: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`,
  "label.yml": `
name: Label
on: { issues: { types: [labeled] } }
permissions: { issues: write }
jobs:
  answer:
    if: github.event.label.name == 'bug'
    runs-on: ubuntu-latest
    steps:
      - shell: node {0}
        env: { TOKEN: "\${{ github.token }}" }
        run: |
          const headers = { authorization: "Bearer " + process.env.TOKEN };
          const base = process.env.GITHUB_API_URL + "/repos/" + process.env.GITHUB_REPOSITORY;
          const comment = { method: "POST", headers, body: JSON.stringify({ body: "Seen." }) };
          fetch(base + "/issues/\${{ github.event.issue.number }}/comments", comment).then(async (answer) => {
            console.log("commented", answer.status, (await answer.json()).user.login);
          });
`,
  "comment.yml": `
name: Comment
on: issue_comment
jobs: { only: { runs-on: ubuntu-latest, steps: [{ run: "echo \${{ github.actor }}" }] } }
`,
  "two.yml": `
name: Two
on: workflow_dispatch
jobs:
  one: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  two: { needs: one, if: false, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
};

let project: ActionsProject;

beforeAll(async () => {
  project = await createActionsProject(files);
});

afterAll(async () => {
  expect(project.witness.problems).toEqual([]);
  await project.close();
});

async function put(path: string, text: string, message: string, branch = "main"): Promise<void> {
  const content = Buffer.from(text).toString("base64");
  const answer = await project.rest("PUT", `contents/${path}`, { message, content, branch });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

/** Runs of a workflow, the newest first, once nothing goes on any more. */
async function settledRuns(name: string): Promise<WorkflowRun[]> {
  await project.engine.idle();
  return project.forge.hub.store.workflowRuns.find(
    {},
    { newestFirst: true, filter: (run) => run.name === name },
  );
}

describe("a push", () => {
  test("starts workflows of the pushed commit by branch and path", async () => {
    await put("src/added.txt", "x\n", "Add a file");
    const [run] = await settledRuns("Push");
    expect(run).toMatchObject({
      event: "push",
      headBranch: "main",
      ref: "refs/heads/main",
      displayTitle: "Add a file",
    });
    expect((await project.finished(run?.id ?? 0)).log("only")).toContain("Add a file on main");
    await put("docs/added.txt", "x\n", "Add a document");
    await put("src/skipped.txt", "x\n", "Add another [skip ci]");
    expect((await settledRuns("Push")).length).toBe(1);
  });

  test("of a broken workflow file shows as a failed run that says why", async () => {
    await put(".github/workflows/broken.yml", "on: push\njobs: { a: { steps: [] } }\n", "Break a workflow");
    const [run] = await settledRuns(".github/workflows/broken.yml");
    expect(run).toMatchObject({ status: "completed", conclusion: "failure" });
    const logs = await project.rest("GET", `actions/runs/${run?.id ?? 0}/logs`);
    expect(logs.status).toBe(302);
    const dispatched = await project.rest("POST", "actions/workflows/broken.yml/dispatches", { ref: "main" });
    expect(dispatched.status).toBe(422);
    expect(dispatched.body).toMatchObject({
      message: expect.stringContaining("Required property is missing: runs-on") as string,
    });
  });
});

test("a pull request runs on its test merge, reports on its head, and is followed by workflow_run", async () => {
  const head = await project.rest("GET", "git/ref/heads/main");
  const { sha } = (head.body as { object: { sha: string } }).object;
  await project.rest("POST", "git/refs", { ref: "refs/heads/feature", sha });
  await put("src/feature.txt", "feature\n", "Add a feature", "feature");
  await put("src/later.txt", "later on main\n", "Move main on");
  const opened = await project.rest("POST", "pulls", { title: "A feature", head: "feature", base: "main" });
  expect(opened.status, JSON.stringify(opened.body)).toBe(201);
  const pull = opened.body as { number: number; head: { sha: string } };
  const [run] = await settledRuns("Pull");
  expect(run).toMatchObject({
    event: "pull_request",
    conclusion: "success",
    headBranch: "feature",
    headSha: pull.head.sha,
    ref: `refs/pull/${pull.number}/merge`,
    displayTitle: "A feature",
  });
  const { log, job } = await project.finished(run?.id ?? 0);
  expect(log("check")).toContain(`ref=refs/pull/${pull.number}/merge head=feature base=main`);
  expect(log("check")).toMatch(/sha=([0-9a-f]{40}) checked-out=\1/);
  expect(log("check")).toContain("feature\nlater on main\n");
  expect(project.forge.hub.store.checkRuns.require(job("check").checkRunId).headSha).toBe(pull.head.sha);
  const checks = await project.rest("GET", `commits/${pull.head.sha}/check-runs`);
  expect(checks.body).toMatchObject({
    check_runs: [{ name: "check", conclusion: "success", app: { slug: "github-actions" } }],
  });
  const [follow] = await settledRuns("Follow");
  expect(follow).toMatchObject({ event: "workflow_run", conclusion: "success", headBranch: "main" });
  expect((await project.finished(follow?.id ?? 0)).log("after")).toContain("followed Pull success");
});

test("runs that follow upon themselves come to an end", async () => {
  await project.run("loop.yml");
  const runs = await settledRuns("Loop");
  expect(runs.map(({ event }) => event)).toEqual([
    ...["workflow_run", "workflow_run", "workflow_run", "workflow_dispatch"],
  ]);
});

test("an issue's label starts what waits for it, and what its job then does starts nothing", async () => {
  const opened = await project.rest("POST", "issues", { title: "It is broken", labels: ["bug"] });
  const { number } = opened.body as { number: number };
  const [run] = await settledRuns("Label");
  expect(run).toMatchObject({ event: "issues", displayTitle: "It is broken", conclusion: "success" });
  expect((await project.finished(run?.id ?? 0)).log("answer")).toContain("commented 201 github-actions[bot]");
  expect(await settledRuns("Comment")).toEqual([]);
  await project.rest("POST", `issues/${number}/comments`, { body: "And by hand." });
  expect((await settledRuns("Comment")).length).toBe(1);
  await project.rest("POST", `issues/${number}/labels`, { labels: ["question"] });
  const [second] = await settledRuns("Label");
  expect(second).toMatchObject({ conclusion: "skipped" });
});

interface HeardPayload {
  action?: string;
  workflow_job?: { name: string };
  check_run?: { name: string };
}

test("Apps hear of runs, jobs and checks in GitHub's order, in GitHub's shapes", async () => {
  const heard: string[] = [];
  const own = await createActionsProject(files, {
    forge: {
      onDelivery: ({ event, payload }) => {
        const { action, workflow_job: job, check_run: check } = payload as HeardPayload;
        heard.push([event, action, job?.name ?? check?.name].filter(Boolean).join(" "));
        own.witness.onDelivery({ event, payload });
      },
    },
  });
  const { hub } = own.forge;
  const { app } = hub.createApp({
    name: "listener",
    owner: own.owner,
    permissions: { actions: "read", checks: "read", contents: "read" },
    events: ["workflow_run", "workflow_job", "check_run", "check_suite", "workflow_dispatch"],
    // Nothing listens there; what matters is what is sent.
    webhookUrl: "http://127.0.0.1:9/webhook",
  });
  hub.installApp({ app, account: own.owner });
  const { run } = await own.run("two.yml");
  expect(run.conclusion).toBe("success");
  await own.deliveriesSent();
  expect(heard.filter((event) => /workflow|check/.test(event))).toEqual([
    "workflow_dispatch",
    "workflow_run requested",
    "check_run created one",
    "workflow_job queued one",
    "workflow_run in_progress",
    "workflow_job in_progress one",
    "check_run completed one",
    "workflow_job completed one",
    "check_run created two",
    "check_run completed two",
    "workflow_job completed two",
    "check_suite completed",
    "workflow_run completed",
  ]);
  expect(own.witness.problems).toEqual([]);
  await own.close();
});
