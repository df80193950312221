import { describe, expect, test } from "vitest";
import type { CheckToShow } from "../../../src/ports/github.ts";
import { type AnyGitHub, openEmulate } from "./emulate-fixture.ts";
import { openGitHub } from "./github-fixture.ts";

// The same scenarios before two stand-ins for GitHub that were written by different people: what both agree on is not
// a misunderstanding of one. They cover what `emulate` is right about.

const SITE = { owner: "ada", repo: "engine" };
const MARKER = "<!-- baton:status:1-1-1 -->";

async function openForge(): Promise<AnyGitHub> {
  const fixture = await openGitHub();
  return { ...fixture, person: fixture.as(fixture.ada) };
}

describe.each([
  ["the forge", openForge],
  ["emulate", openEmulate],
])("before %s", (_name, open) => {
  async function openIssue({ person }: AnyGitHub, labels: string[] = []): Promise<number> {
    const { data } = await person.rest.issues.create({
      ...SITE,
      title: "Add a page",
      body: "With a heading.",
      labels,
    });
    return data.number;
  }

  test("the App knows who it is", async () => {
    const { app } = await open();
    expect(app).toMatchObject({ slug: "baton", login: "baton[bot]" });
  });

  test("an issue carries one status label, and keeps its others", async () => {
    const world = await open();
    const number = await openIssue(world, ["bug"]);
    const label = { prefix: "baton:", color: "1d76db", description: "Shown by Baton" };
    await world.github.ensureLabel(world.repository, number, { ...label, name: "baton:pending" });
    await world.github.ensureLabel(world.repository, number, { ...label, name: "baton:testing" });
    const issue = await world.github.issue(world.repository, number);
    expect(issue).toMatchObject({ title: "Add a page", body: "With a heading.", state: "open" });
    expect([...(issue?.labels ?? [])].sort()).toEqual(["baton:testing", "bug"]);
    await world.github.removeLabel(world.repository, number, "bug");
    await world.github.removeLabel(world.repository, number, "bug");
    expect((await world.github.issue(world.repository, number))?.labels).toEqual(["baton:testing"]);
  });

  test("the status comment is one, whoever else quotes its marker", async () => {
    const world = await open();
    const number = await openIssue(world);
    await world.person.rest.issues.createComment({ ...SITE, issue_number: number, body: `> ${MARKER}` });
    await world.github.ensureComment(world.repository, number, MARKER, "planning");
    await world.github.ensureComment(world.repository, number, MARKER, "testing");
    const { data } = await world.person.rest.issues.listComments({ ...SITE, issue_number: number });
    expect(data.map(({ body, user }) => [user?.login, body])).toEqual([
      ["ada", `> ${MARKER}`],
      ["baton[bot]", `${MARKER}\ntesting`],
    ]);
  });

  test("a check is made once and brought up to date", async () => {
    const { github, person, repository } = await open();
    const sha = (await github.headOf(repository, repository.defaultBranch)) ?? "";
    const check: CheckToShow = {
      externalId: "1-1-1/plan",
      name: "baton/plan",
      status: "in_progress",
      conclusion: null,
      title: "Planning",
      summary: "Attempt 1 of 3.",
      detailsUrl: null,
      annotations: [],
    };
    await github.ensureChecks(repository, sha, [check]);
    const done = { ...check, status: "completed", conclusion: "success", title: "Planned" } as const;
    await github.ensureChecks(repository, sha, [done]);
    await github.ensureChecks(repository, sha, [done]);
    const { data } = await person.rest.checks.listForRef({ ...SITE, ref: sha });
    expect(data.check_runs).toMatchObject([
      { name: "baton/plan", external_id: "1-1-1/plan", status: "completed", conclusion: "success" },
    ]);
  });

  test("files are read, absent ones told as such, directories listed", async () => {
    const { github, person, repository } = await open();
    await person.rest.repos.createOrUpdateFileContents({
      ...SITE,
      path: ".github/baton.yml",
      message: "Add the policy",
      content: Buffer.from("version: 1\n").toString("base64"),
    });
    const head = await github.headOf(repository, repository.defaultBranch);
    expect(head).toMatch(/^[0-9a-f]{40}$/);
    const ref = head ?? "";
    expect(await github.readFile(repository, ".github/baton.yml", ref)).toEqual({
      kind: "found",
      text: "version: 1\n",
    });
    expect(await github.readFile(repository, ".github/absent.yml", ref)).toEqual({ kind: "absent" });
    expect(await github.headOf(repository, "baton/1-absent")).toBeNull();
  });

  test("the owner is an administrator, and a stranger nobody", async () => {
    const { github, repository } = await open();
    expect(await github.roleOf(repository, "ada")).toBe("admin");
    expect(await github.roleOf(repository, "nobody-of-that-name")).toBe("none");
  });

  test("a push token writes contents and opens no issues", async () => {
    const { github, octokit, repository } = await open();
    const token = await github.pushToken(repository);
    const { baseUrl } = octokit.request.endpoint.DEFAULTS;
    const post = (path: string, body: object) =>
      fetch(`${baseUrl}/repos/ada/engine${path}`, {
        method: "POST",
        headers: { authorization: `token ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }).then(({ status }) => status);
    expect(await post("/git/blobs", { content: "x", encoding: "utf-8" })).toBe(201);
    expect(await post("/issues", { title: "x" })).toBe(403);
  });
});
