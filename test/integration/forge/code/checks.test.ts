import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { createForgeWorld, refusal, type ForgeWorld } from "../forge-world.ts";

let world: ForgeWorld;
let sha: string;
let count = 0;

beforeAll(async () => {
  world = await createForgeWorld();
});

afterAll(() => world.close());

/** Each test has a commit of its own, for checks belong to commits. */
beforeEach(async () => {
  count += 1;
  const octokit = world.as(world.writer);
  const { data: main } = await octokit.git.getRef({ ...world.at, ref: "heads/main" });
  const { data: tip } = await octokit.git.getCommit({ ...world.at, commit_sha: main.object.sha });
  const message = `Commit ${count}`;
  const commit = { ...world.at, message, tree: tip.tree.sha, parents: [tip.sha] };
  sha = (await octokit.git.createCommit(commit)).data.sha;
  await octokit.git.createRef({ ...world.at, ref: `refs/heads/checked-${count}`, sha });
  world.events.length = 0;
});

describe("check runs", () => {
  it("live in one suite per App and commit, whose state follows theirs", async () => {
    const octokit = world.asApp();
    const plan = await octokit.checks.create({ ...world.at, name: "plan", head_sha: sha, external_id: "7" });
    const test = await octokit.checks.create({
      ...world.at,
      name: "test",
      head_sha: sha,
      status: "in_progress",
    });
    expect(test.data.check_suite?.id).toBe(plan.data.check_suite?.id);
    const suite = async () =>
      (await octokit.checks.listSuitesForRef({ ...world.at, ref: sha })).data.check_suites[0];
    expect(await suite()).toMatchObject({
      status: "in_progress",
      conclusion: null,
      latest_check_runs_count: 2,
    });

    await octokit.checks.update({ ...world.at, check_run_id: plan.data.id, conclusion: "success" });
    expect(await suite()).toMatchObject({ status: "in_progress" });
    await octokit.checks.update({
      ...world.at,
      check_run_id: test.data.id,
      status: "completed",
      conclusion: "failure",
      output: {
        title: "1 test failed",
        summary: "see below",
        annotations: [
          { path: "src/lines.txt", start_line: 2, end_line: 2, annotation_level: "failure", message: "no" },
        ],
      },
    });
    expect(await suite()).toMatchObject({ status: "completed", conclusion: "failure" });
    const annotations = await octokit.checks.listAnnotations({ ...world.at, check_run_id: test.data.id });
    expect(annotations.data).toMatchObject([{ path: "src/lines.txt", annotation_level: "failure" }]);
    expect(world.eventNames()).toEqual([
      "check_run.created",
      "check_run.created",
      "check_run.completed",
      "check_run.completed",
      "check_suite.completed",
    ]);
    expect(world.witness.problems).toEqual([]);
  });

  it("show the newest of each name unless all are asked for", async () => {
    const octokit = world.asApp();
    const create = (conclusion: "failure" | "success") =>
      octokit.checks.create({ ...world.at, name: "ci", head_sha: sha, status: "completed", conclusion });
    await create("failure");
    await create("success");
    const list = (filter: "latest" | "all") =>
      octokit.checks.listForRef({ ...world.at, ref: sha, filter }).then(({ data }) => data);
    expect((await list("latest")).check_runs.map((run) => run.conclusion)).toEqual(["success"]);
    expect((await list("all")).check_runs.map((run) => run.conclusion)).toEqual(["success", "failure"]);
    const suite = await octokit.checks.listSuitesForRef({ ...world.at, ref: sha });
    expect(suite.data.check_suites[0]?.conclusion).toBe("success");
    expect(world.witness.problems).toEqual([]);
  });

  it("are written by Apps alone, and each by the one that made it", async () => {
    const run = { ...world.at, name: "ci", head_sha: sha };
    expect(await refusal(world.as(world.owner).checks.create(run))).toEqual({
      status: 403,
      message: "You must authenticate via a GitHub App.",
    });
    expect(await refusal(world.asApp({ checks: "read" }).checks.create(run))).toMatchObject({ status: 403 });
    expect(await refusal(world.asApp().checks.create({ ...run, head_sha: "0".repeat(40) }))).toEqual({
      status: 422,
      message: `No commit found for SHA: ${"0".repeat(40)}`,
    });
    const { data } = await world.asApp().checks.create(run);
    const { hub } = world.forge;
    const other = hub.createApp({
      name: `other ${count}`,
      owner: world.owner,
      permissions: { checks: "write" },
      events: [],
    });
    hub.installApp({ app: other.app, account: world.owner });
    const { createInstallationToken } = await import("../../../../src/forge/hub/setup/create-token.ts");
    const installation = hub.store.installations.findOne({ appId: other.app.id });
    if (installation === undefined) throw new Error("The other App is not installed");
    const permissions = { checks: "write" } as const;
    const { token } = createInstallationToken(hub, { installation, permissions, repositoryIds: null });
    const update = { ...world.at, check_run_id: data.id, conclusion: "success" as const };
    expect(await refusal(world.octokit(token).checks.update(update))).toMatchObject({ status: 403 });
  });

  it("keep GitHub's limits", async () => {
    const octokit = world.asApp();
    const output = { title: "t", summary: "s" };
    const annotation = {
      path: "a",
      start_line: 1,
      end_line: 1,
      annotation_level: "notice" as const,
      message: "m",
    };
    const action = { label: "Go", description: "Do it", identifier: "go" };
    const create = (extra: object) =>
      refusal(octokit.checks.create({ ...world.at, name: "ci", head_sha: sha, ...extra }));
    expect(
      await create({ output: { ...output, annotations: Array.from({ length: 51 }, () => annotation) } }),
    ).toEqual({
      status: 422,
      message: "Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.",
    });
    expect(await create({ actions: [action, action, action, action] })).toMatchObject({ status: 422 });
    expect(await create({ actions: [{ ...action, label: "x".repeat(21) }] })).toMatchObject({ status: 422 });
    expect(await create({ output: { ...output, summary: "x".repeat(65_536) } })).toMatchObject({
      status: 422,
    });
    expect(await create({ status: "completed" })).toMatchObject({ status: 422 });
    expect(await create({ conclusion: "stale" })).toMatchObject({ status: 422 });
    expect(world.events).toEqual([]);
  });

  it("can be asked for again, run by run and suite by suite", async () => {
    const octokit = world.asApp();
    const run = { ...world.at, name: "ci", head_sha: sha, conclusion: "failure" as const };
    const { data } = await octokit.checks.create({ ...run, status: "completed" });
    world.events.length = 0;
    await octokit.checks.rerequestRun({ ...world.at, check_run_id: data.id });
    await octokit.checks.rerequestSuite({ ...world.at, check_suite_id: data.check_suite?.id ?? 0 });
    expect(world.eventNames()).toEqual(["check_run.rerequested", "check_suite.rerequested"]);
    expect(world.witness.problems).toEqual([]);
  });
});

describe("commit statuses", () => {
  it("combine by context, the newest of each", async () => {
    const octokit = world.as(world.writer);
    const set = (state: "pending" | "success" | "failure", context: string) =>
      octokit.repos.createCommitStatus({ ...world.at, sha, state, context, description: "d" });
    const combined = () =>
      octokit.repos.getCombinedStatusForRef({ ...world.at, ref: sha }).then(({ data }) => data);
    expect((await combined()).state).toBe("pending");
    await set("pending", "ci/build");
    await set("failure", "ci/lint");
    expect(await combined()).toMatchObject({ state: "failure", total_count: 2 });
    await set("success", "ci/lint");
    await set("success", "ci/build");
    expect(await combined()).toMatchObject({ state: "success", total_count: 2 });
    const all = await octokit.repos.listCommitStatusesForRef({ ...world.at, ref: `checked-${count}` });
    expect(all.data).toHaveLength(4);
    expect(world.eventNames()).toEqual(["status", "status", "status", "status"]);
    expect(
      await refusal(world.as(world.reader).repos.createCommitStatus({ ...world.at, sha, state: "success" })),
    ).toMatchObject({ status: 403 });
    expect(world.witness.problems).toEqual([]);
  });
});

describe("webhooks of code", () => {
  it("pass GitHub's schemas", () => {
    expect(world.witness.seen.webhooks).toBeGreaterThan(10);
    expect(world.witness.problems).toEqual([]);
  });
});
