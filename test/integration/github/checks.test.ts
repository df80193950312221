import { Probot, type ProbotOctokit } from "probot";
import { describe, expect, test } from "vitest";
import type { CheckToShow } from "../../../src/ports/github.ts";
import { rateAwareOctokit } from "../../../src/adapters/github/client/rate-aware-octokit.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import { commitFiles } from "./commit-files.ts";
import { type GitHubFixture, openGitHub } from "./github-fixture.ts";
import { silentLog } from "./silent-log.ts";

const SITE = { owner: "ada", repo: "engine" };

const PLAN: CheckToShow = {
  externalId: "1-7-1/plan",
  name: "baton/plan",
  status: "in_progress",
  conclusion: null,
  title: "Planning",
  summary: "Attempt 1 of 3.",
  detailsUrl: "https://baton.example/tasks/1-7-1",
  annotations: [],
};
const DONE: CheckToShow = { ...PLAN, status: "completed", conclusion: "success", title: "Planned" };
const POLICY: CheckToShow = {
  ...DONE,
  externalId: "policy",
  name: "baton/policy",
  conclusion: "failure",
  title: "The policy is invalid",
  annotations: [
    { path: ".github/baton.yml", line: 3, message: "`triger` is no key: did you mean `trigger`?" },
  ],
};

async function openCommit() {
  const fixture = await openGitHub();
  const ada = fixture.as(fixture.ada);
  const sha = await commitFiles(ada, SITE, {
    branch: "baton/7-page",
    from: "main",
    files: { "a.txt": "a\n" },
  });
  async function shown() {
    const { data } = await ada.rest.checks.listForRef({
      ...SITE,
      ref: sha,
      app_id: fixture.app.id,
      filter: "all",
    });
    return data.check_runs.sort((one, other) => one.id - other.id);
  }
  const ensure = (...checks: CheckToShow[]) => fixture.github.ensureChecks(fixture.repository, sha, checks);
  const observe = () => fixture.github.observeChecks(fixture.repository, sha);
  return { ...fixture, as: ada, sha, shown, ensure, observe };
}

/** A client of another App that writes checks, as a CI service does. */
async function openOtherApp({ forge, ada }: Pick<GitHubFixture, "forge" | "ada">): Promise<ProbotOctokit> {
  const { app, privateKey } = forge.hub.createApp({
    name: "Acme CI",
    owner: ada,
    permissions: { checks: "write", contents: "read", metadata: "read" },
    events: [],
  });
  const installation = forge.hub.installApp({ app, account: ada });
  const probot = new Probot({
    appId: app.id,
    privateKey,
    baseUrl: `${forge.url}/api/v3`,
    // Probot's own client writes once a second.
    Octokit: rateAwareOctokit({ clock: systemClock, writeIntervalMs: 0 }),
    log: silentLog,
  });
  return probot.auth(installation.id);
}

describe("showing checks", () => {
  test("a check is made once and brought up to date in place", async () => {
    const { ensure, shown, writes } = await openCommit();
    await ensure(PLAN);
    await ensure(DONE);
    expect(await shown()).toMatchObject([
      {
        name: "baton/plan",
        external_id: "1-7-1/plan",
        status: "completed",
        conclusion: "success",
        details_url: "https://baton.example/tasks/1-7-1",
        output: { title: "Planned", summary: "Attempt 1 of 3." },
      },
    ]);
    writes();
    await ensure(DONE);
    expect(writes()).toEqual([]);
  });

  test("several checks are told apart by their external ids", async () => {
    const { ensure, shown } = await openCommit();
    await ensure(PLAN, { ...PLAN, externalId: "1-7-1/test", name: "baton/test", status: "queued" });
    expect((await shown()).map(({ name, status }) => [name, status])).toEqual([
      ["baton/plan", "in_progress"],
      ["baton/test", "queued"],
    ]);
  });

  test("a check that was over and begins anew is a new run of the same name", async () => {
    const { ensure, shown } = await openCommit();
    await ensure(DONE);
    await ensure({ ...PLAN, title: "Planning again" });
    expect((await shown()).map(({ status, output }) => [status, output.title])).toEqual([
      ["completed", "Planned"],
      ["in_progress", "Planning again"],
    ]);
  });

  test("annotations are shown with the check, and another set replaces them", async () => {
    const { ensure, shown, as } = await openCommit();
    const annotationsOf = async (id: number) =>
      (await as.rest.checks.listAnnotations({ ...SITE, check_run_id: id })).data.map(
        ({ message }) => message,
      );
    await ensure(POLICY);
    await ensure(POLICY);
    const [first, ...others] = await shown();
    expect(others).toEqual([]);
    expect(await annotationsOf(first?.id ?? 0)).toEqual(["`triger` is no key: did you mean `trigger`?"]);
    const mended = {
      path: ".github/baton.yml",
      line: 5,
      message: "`tier` must be one of low, medium, high.",
    };
    await ensure({ ...POLICY, summary: "One error is left.", annotations: [mended] });
    expect(await annotationsOf((await shown()).at(-1)?.id ?? 0)).toEqual([mended.message]);
  });

  test("a long summary is cut to what GitHub takes", async () => {
    const { ensure, shown, writes } = await openCommit();
    const long = { ...DONE, summary: "word ".repeat(20_000) };
    await ensure(long);
    expect((await shown())[0]?.output.summary).toMatch(/\(cut: GitHub takes no more than this\)_$/);
    writes();
    await ensure(long);
    expect(writes()).toEqual([]);
  });
});

describe("observing the checks of others", () => {
  test("a commit without any has none", async () => {
    const { observe } = await openCommit();
    expect(await observe()).toEqual({ checks: [], suitesPending: false });
  });

  test("Baton's own checks are not among them", async () => {
    const { ensure, observe } = await openCommit();
    await ensure(PLAN, POLICY);
    expect(await observe()).toEqual({ checks: [], suitesPending: false });
  });

  test("commit statuses count, the newest of each context", async () => {
    const { as, sha, observe } = await openCommit();
    const report = (context: string, state: "success" | "failure" | "pending", description = "") =>
      as.rest.repos.createCommitStatus({ ...SITE, sha, context, state, description });
    await report("ci/build", "pending");
    await report("ci/build", "failure", "2 tests failed");
    await report("ci/lint", "success", "Fine");
    await report("ci/deploy", "pending");
    const { checks, suitesPending } = await observe();
    expect(checks.toSorted((one, other) => one.name.localeCompare(other.name))).toMatchObject([
      { name: "ci/build", state: "red", logTail: "2 tests failed" },
      { name: "ci/deploy", state: "pending", logTail: "" },
      { name: "ci/lint", state: "green", logTail: "" },
    ]);
    expect(suitesPending).toBe(false);
  });

  test("another App's checks count, with what they wrote where they are red", async () => {
    const opened = await openCommit();
    const other = await openOtherApp(opened);
    const { sha, observe } = opened;
    await other.rest.checks.create({ ...SITE, head_sha: sha, name: "acme/unit", status: "in_progress" });
    expect(await observe()).toMatchObject({
      checks: [{ name: "acme/unit", state: "pending" }],
      suitesPending: true,
    });
    await other.rest.checks.create({
      ...SITE,
      head_sha: sha,
      name: "acme/unit",
      status: "completed",
      conclusion: "failure",
      output: { title: "1 failed", summary: "adds two numbers", text: "expected 3, got 4" },
    });
    expect(await observe()).toMatchObject({
      checks: [
        { name: "acme/unit", state: "red", logTail: "1 failed\n\nadds two numbers\n\nexpected 3, got 4" },
      ],
    });
  });

  test("what an ended check says is green, red, or that a person must act first", async () => {
    const opened = await openCommit();
    const other = await openOtherApp(opened);
    const conclusions = [
      "action_required",
      "cancelled",
      "failure",
      "neutral",
      "skipped",
      "success",
      "timed_out",
    ] as const;
    for (const conclusion of conclusions) {
      const check = { name: conclusion, head_sha: opened.sha, output: { title: "t", summary: "s" } };
      await other.rest.checks.create({ ...SITE, ...check, status: "completed", conclusion });
    }
    const { checks } = await opened.observe();
    const states = checks.map(({ name, state }) => `${name}: ${state}`);
    expect(states.sort()).toEqual([
      "action_required: pending",
      "cancelled: red",
      "failure: red",
      "neutral: green",
      "skipped: green",
      "success: green",
      "timed_out: red",
    ]);
  });
});
