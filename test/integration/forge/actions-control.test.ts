import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { actionsOf } from "../../../src/forge/actions/engine/actions-engine.ts";
import { readJobLog } from "../../../src/forge/actions/engine/job-logs.ts";
import { personAsActor } from "../../../src/forge/hub/caller.ts";
import { rerequestCheckRun } from "../../../src/forge/hub/check/check-run.ts";
import { startForge } from "../../../src/forge/start-forge.ts";
import { waitFor } from "../../support/wait-for.ts";
import { createActionsProject, quickGrace, type ActionsProject } from "./actions-project.ts";

/** Long enough to be cancelled, and a number by which no other run of these tests on this machine sleeps. */
const seconds = (ordinal: number): string => `${process.pid}00${ordinal}`;

const files = {
  "cancel.yml": `
on: { workflow_dispatch: { inputs: { seconds: {} } } }
jobs:
  long:
    runs-on: ubuntu-latest
    steps:
      - run: |
          (setsid sleep \${{ inputs.seconds }} &)
          echo started
          sleep \${{ inputs.seconds }}
      - run: echo not reached
      - { if: always(), run: echo cleaning up }
      - { if: cancelled(), run: echo was cancelled }
  dependent: { needs: long, runs-on: ubuntu-latest, steps: [{ run: echo no }] }
  always: { needs: long, if: always(), runs-on: ubuntu-latest, steps: [{ run: "echo result \${{ needs.long.result }}" }] }
`,
  "signals.yml": `
on: workflow_dispatch
jobs:
  graceful:
    runs-on: ubuntu-latest
    steps:
      - shell: node {0}
        run: |
          process.on("SIGINT", () => { console.log("interrupted, saving"); process.exit(0); });
          setInterval(() => undefined, 1000);
          console.log("started");
  stubborn:
    runs-on: ubuntu-latest
    steps:
      - shell: node {0}
        run: |
          process.on("SIGINT", () => console.log("no to SIGINT"));
          process.on("SIGTERM", () => console.log("no to SIGTERM"));
          setInterval(() => undefined, 1000);
          console.log("started");
`,
  "patient.yml": `
on: workflow_dispatch
jobs:
  patient:
    runs-on: ubuntu-latest
    steps:
      - { if: always(), run: "echo started; sleep ${seconds(3)}" }
      - { if: always(), run: echo never }
`,
  "timeouts.yml": `
on: workflow_dispatch
jobs:
  step:
    runs-on: ubuntu-latest
    steps:
      - { run: sleep ${seconds(4)}, timeout-minutes: 0.005, continue-on-error: true }
      - run: echo went on
      - { name: Slow one, run: sleep ${seconds(4)}, timeout-minutes: 0.005 }
  job:
    runs-on: ubuntu-latest
    timeout-minutes: 0.01
    steps:
      - run: sleep ${seconds(4)}
      - { if: always(), run: "echo status \${{ job.status }}" }
`,
  "group.yml": `
on: { workflow_dispatch: { inputs: { replace: { type: boolean, default: false } } } }
concurrency: { group: "deploy-\${{ github.ref }}", cancel-in-progress: "\${{ inputs.replace }}" }
jobs:
  hold: { runs-on: ubuntu-latest, steps: [{ run: "echo started; while [ ! -e '\${{ vars.GATE }}' ]; do sleep 0.05; done" }] }
`,
  "job-group.yml": `
on: workflow_dispatch
concurrency: top
jobs:
  first: { concurrency: shared, runs-on: ubuntu-latest, steps: [{ run: "date +%s%N; sleep 0.2; date +%s%N" }] }
  second: { concurrency: shared, runs-on: ubuntu-latest, steps: [{ run: "date +%s%N; sleep 0.2; date +%s%N" }] }
  deadlocked: { concurrency: TOP, runs-on: ubuntu-latest, steps: [{ run: echo no }] }
`,
  "matrix.yml": `
on: workflow_dispatch
jobs:
  fast: { runs-on: ubuntu-latest, strategy: { matrix: { n: [1, 2] } }, steps: [{ run: "[ \${{ matrix.n }} = 2 ] || sleep ${seconds(5)}; exit 1" }] }
  slow:
    runs-on: ubuntu-latest
    strategy: { fail-fast: false, max-parallel: 1, matrix: { n: [1, 2, 3] } }
    steps: [{ run: "mkdir '\${{ vars.GATE }}-lock' && sleep 0.1 && rmdir '\${{ vars.GATE }}-lock' && [ \${{ matrix.n }} != 1 ]" }]
`,
  "flaky.yml": `
on: workflow_dispatch
jobs:
  solid: { runs-on: ubuntu-latest, outputs: { at: "\${{ steps.s.outputs.at }}" }, steps: [{ id: s, run: 'echo "at=attempt $GITHUB_RUN_ATTEMPT" >> "$GITHUB_OUTPUT"' }] }
  flaky: { needs: solid, runs-on: ubuntu-latest, steps: [{ run: 'echo "solid ran at \${{ needs.solid.outputs.at }}"; [ "$GITHUB_RUN_ATTEMPT" != 1 ]' }] }
  after: { needs: flaky, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
};

let project: ActionsProject;
let gate: string;

beforeAll(async () => {
  project = await createActionsProject(files, { settings: { parallelJobs: 4 } });
  gate = join(project.directory, "gate");
  project.engine.setVariable({
    repositoryId: project.repository.id,
    kind: "variable",
    name: "GATE",
    value: gate,
  });
});

afterAll(async () => {
  expect(project.witness.problems).toEqual([]);
  await project.close();
});

/** Waits until every running job of a run has printed a mark. */
async function untilPrinted(runId: number, mark: string, jobs = 1): Promise<void> {
  const { store } = project.forge.hub;
  await waitFor(() => {
    const logs = store.workflowJobs
      .find({ runId })
      .map((job) => readJobLog(project.engine.files, job.id) ?? "");
    expect(logs.filter((log) => log.includes(`Z ${mark}\n`)).length).toBe(jobs);
  });
}

/** Processes whose command line holds a text that only the test's steps use. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command.includes(text) && !command.includes("vitest") ? [command] : [];
      } catch {
        return [];
      }
    });
}

async function untilThere(text: string): Promise<void> {
  await waitFor(() => expect(processesWith(text)).not.toEqual([]));
}

/** A process that was killed shows until its turn on a processor comes, in which it ends. */
async function untilGone(text: string): Promise<void> {
  await waitFor(() => expect(processesWith(text)).toEqual([]));
}

describe("cancelling a run", () => {
  test("ends its processes, detached ones too, and runs only what asks for it", async () => {
    const runId = await project.dispatch("cancel.yml", { seconds: seconds(1) });
    await untilPrinted(runId, "started");
    await waitFor(() => expect(processesWith(`sleep ${seconds(1)}`)).toHaveLength(2));
    expect(await project.rest("POST", `actions/runs/${runId}/cancel`)).toMatchObject({
      status: 202,
      body: {},
    });
    const { run, job, log } = await project.finished(runId);
    expect(run.conclusion).toBe("cancelled");
    expect(["long", "dependent", "always"].map((name) => job(name).conclusion)).toEqual([
      "cancelled",
      "skipped",
      "success",
    ]);
    expect(job("long").steps.map(({ conclusion }) => conclusion)).toEqual([
      ...["success", "cancelled", "skipped", "success", "success", "success"],
    ]);
    expect(log("long")).toContain("##[error]The operation was canceled.");
    expect(log("always")).toContain("\nresult cancelled\n");
    await untilGone(`sleep ${seconds(1)}`);
    expect((await project.rest("POST", `actions/runs/${runId}/cancel`)).status).toBe(409);
  });

  test("interrupts first, then terminates, then kills", async () => {
    // A process has to come to its turn on a busy machine before it is asked more firmly.
    project.engine.configure({ grace: { ...quickGrace, interruptMs: 1500, terminateMs: 1500 } });
    onTestFinished(() => project.engine.configure({ grace: quickGrace }));
    const runId = await project.dispatch("signals.yml");
    await untilPrinted(runId, "started", 2);
    project.engine.cancel(runId);
    const { job, log } = await project.finished(runId);
    expect(log("graceful")).toContain("\ninterrupted, saving\n");
    expect(log("stubborn")).toContain("\nno to SIGINT\nno to SIGTERM\n");
    expect([job("graceful").conclusion, job("stubborn").conclusion]).toEqual(["cancelled", "cancelled"]);
  });

  test("lets a step with always() go on until it is forced", async () => {
    const runId = await project.dispatch("patient.yml");
    await untilPrinted(runId, "started");
    project.engine.cancel(runId);
    await untilThere(`sleep ${seconds(3)}`);
    expect((await project.rest("POST", `actions/runs/${runId}/force-cancel`)).status).toBe(202);
    const { run, log } = await project.finished(runId);
    expect(run.conclusion).toBe("cancelled");
    expect(log("patient")).not.toContain("\nnever\n");
    await untilGone(`sleep ${seconds(3)}`);
  });
});

test("a step and a job that take too long are ended", async () => {
  const { job, log } = await project.run("timeouts.yml");
  expect(job("step").steps.map(({ conclusion }) => conclusion)).toEqual([
    ...["success", "success", "success", "failure", "success"],
  ]);
  expect(log("step")).toContain("\nwent on\n");
  expect(log("step")).toContain("##[error]The action 'Slow one' has timed out after 0.005 minutes.");
  expect(job("job").conclusion).toBe("cancelled");
  expect(log("job")).toContain("##[error]The job has exceeded the maximum execution time of 0.01 minutes.");
  expect(log("job")).toContain("\nstatus cancelled\n");
  await untilGone(`sleep ${seconds(4)}`);
});

describe("a concurrency group", () => {
  test("has one run in progress and one pending; a newer one takes the pending place", async () => {
    const { store } = project.forge.hub;
    const first = await project.dispatch("group.yml");
    await untilPrinted(first, "started");
    const second = await project.dispatch("group.yml");
    await waitFor(() => expect(store.workflowRuns.require(second).status).toBe("pending"));
    const third = await project.dispatch("group.yml");
    expect((await project.finished(second)).run.conclusion).toBe("cancelled");
    expect(store.workflowRuns.require(first).status).toBe("in_progress");
    const replacing = await project.dispatch("group.yml", { replace: true });
    expect((await project.finished(first)).run.conclusion).toBe("cancelled");
    expect((await project.finished(third)).run.conclusion).toBe("cancelled");
    await untilPrinted(replacing, "started");
    await writeFile(gate, "");
    expect((await project.finished(replacing)).run.conclusion).toBe("success");
  });

  test("of jobs keeps them apart, and cannot be the one that the run holds", async () => {
    const { job, log } = await project.run("job-group.yml");
    const times = (name: string): number[] =>
      [...log(name).matchAll(/^(\d{19})$/gm)].map(([digits]) => Number(digits));
    const [a = [], b = []] = [times("first"), times("second")].sort((x, y) => (x[0] ?? 0) - (y[0] ?? 0));
    expect(a[1]).toBeLessThan(b[0] ?? 0);
    expect(job("deadlocked").conclusion).toBe("failure");
    expect(log("deadlocked")).toContain("a deadlock was detected for concurrency group: 'TOP'");
  });
});

test("a failing cell cancels its matrix unless told otherwise, and max-parallel is kept", async () => {
  const { job } = await project.run("matrix.yml");
  expect([job("fast (1)").conclusion, job("fast (2)").conclusion]).toEqual(["cancelled", "failure"]);
  expect(["slow (1)", "slow (2)", "slow (3)"].map((name) => job(name).conclusion)).toEqual([
    "failure",
    "success",
    "success",
  ]);
});

test("failed jobs run again with what succeeded before, one job with what depends on it, or all", async () => {
  const first = await project.run("flaky.yml");
  const { id } = first.run;
  expect(first.run.conclusion).toBe("failure");
  expect((await project.rest("POST", `actions/runs/${id}/rerun-failed-jobs`)).status).toBe(201);
  const second = await project.finished(id);
  expect(second.run).toMatchObject({ conclusion: "success", runAttempt: 2, runNumber: 1 });
  expect(second.jobs.map((job) => `${job.name} ${job.runAttempt}`)).toEqual([
    ...["solid 1", "flaky 1", "after 1", "flaky 2", "after 2"],
  ]);
  expect(second.log("flaky")).toContain("solid ran at attempt 1");
  expect((await project.rest("POST", `actions/jobs/${second.job("solid").id}/rerun`)).status).toBe(201);
  const third = await project.finished(id);
  expect(third.log("flaky")).toContain("solid ran at attempt 3");
  expect((await project.rest("GET", `actions/runs/${id}/attempts/1`)).body).toMatchObject({
    run_attempt: 1,
    conclusion: "failure",
  });
  expect((await project.rest("GET", `actions/runs/${id}/attempts/2/jobs`)).body).toMatchObject({
    total_count: 2,
  });
});

test("asking for a job's check again runs the job again", async () => {
  const { hub } = project.forge;
  const { run, job } = await project.run("flaky.yml");
  const check = hub.store.checkRuns.require(job("flaky").checkRunId);
  rerequestCheckRun(hub, { run: check, actor: personAsActor(project.owner) });
  await project.until(() => hub.store.workflowRuns.require(run.id).runAttempt === 2);
  const again = await project.finished(run.id);
  expect(again.run.conclusion).toBe("success");
  expect(again.job("solid").runAttempt).toBe(1);
});

describe("a forge that ends", () => {
  test("leaves no process, and its next start reports the runs as lost", async () => {
    const own = await createActionsProject(files);
    const { forge, engine, directory } = own;
    const runId = await own.dispatch("cancel.yml", { seconds: seconds(6) });
    await untilThere(`sleep ${seconds(6)}`);
    const [job] = forge.hub.store.workflowJobs.find({ runId });
    await forge.close();
    await untilGone(`sleep ${seconds(6)}`);
    await untilGone(directory);

    const again = await startForge({ dir: join(directory, "forge") });
    const { store } = again.hub;
    expect(store.workflowRuns.require(runId)).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(store.workflowJobs.require(job?.id ?? 0)).toMatchObject({
      status: "completed",
      conclusion: "failure",
    });
    expect(readJobLog(engine.files, job?.id ?? 0)).toContain(
      "The runner has lost communication with the server",
    );
    expect((await actionsOf(again.hub).rerun(runId, { kind: "all" }, own.owner.id)).ok).toBe(true);
    await untilThere(`sleep ${seconds(6)}`);
    await again.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("leaves no process when it is killed, either", async () => {
    const directory = await mkdtemp(join(tmpdir(), "forge-killed-"));
    const program = new URL("actions-lone-forge.ts", import.meta.url);
    const child = fork(program, [directory, seconds(7)], { execArgv: [], stdio: "inherit" });
    await untilThere(`sleep ${seconds(7)}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    await untilGone(`sleep ${seconds(7)}`);
    await untilGone(directory);
    await rm(directory, { recursive: true, force: true });
  });
});
