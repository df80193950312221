import { describe, expect, test } from "vitest";
import { openGitHub, type GitHubFixture } from "./github-fixture.ts";

const PENDING = {
  prefix: "baton:",
  name: "baton:pending",
  color: "ededed",
  description: "Baton has taken the issue and has not begun",
};
const TESTING = {
  prefix: "baton:",
  name: "baton:testing",
  color: "#1d76db",
  description: "Checks are running",
};

async function openIssue(fixture: GitHubFixture, labels: string[] = []): Promise<number> {
  const { data } = await fixture.as(fixture.ada).rest.issues.create({
    owner: "ada",
    repo: "engine",
    title: "Add a page",
    body: "With a heading.",
    labels,
  });
  return data.number;
}

async function labelsOf({ github, repository }: GitHubFixture, number: number): Promise<readonly string[]> {
  return [...((await github.issue(repository, number))?.labels ?? [])].sort();
}

describe("issues", () => {
  test("an issue is read with its author and labels, and one that is not there is null", async () => {
    const fixture = await openGitHub();
    const number = await openIssue(fixture, ["bug"]);
    expect(await fixture.github.issue(fixture.repository, number)).toEqual({
      title: "Add a page",
      body: "With a heading.",
      author: "ada",
      labels: ["bug"],
      state: "open",
    });
    expect(await fixture.github.issue(fixture.repository, 99)).toBeNull();
  });

  test("what did not change is answered 304, which costs nothing, and seen as before", async () => {
    const fixture = await openGitHub();
    const number = await openIssue(fixture, ["bug"]);
    const first = await fixture.github.issue(fixture.repository, number);
    expect(await fixture.github.issue(fixture.repository, number)).toEqual(first);
    await fixture
      .as(fixture.ada)
      .rest.issues.update({ owner: "ada", repo: "engine", issue_number: number, title: "T" });
    expect(await fixture.github.issue(fixture.repository, number)).toEqual({ ...first, title: "T" });
    const reads = fixture.exchanges.filter(
      ({ method, path }) => method === "GET" && path.endsWith(`/issues/${number}`),
    );
    expect(reads.map(({ status }) => status)).toEqual([200, 304, 200]);
  });

  test("one status label takes the place of another, with its colour, and other labels stay", async () => {
    const fixture = await openGitHub();
    const { github, repository } = fixture;
    const number = await openIssue(fixture, ["bug"]);
    await github.ensureLabel(repository, number, PENDING);
    expect(await labelsOf(fixture, number)).toEqual(["baton:pending", "bug"]);
    await github.ensureLabel(repository, number, TESTING);
    expect(await labelsOf(fixture, number)).toEqual(["baton:testing", "bug"]);
    const { data } = await fixture
      .as(fixture.ada)
      .rest.issues.getLabel({ owner: "ada", repo: "engine", name: "baton:testing" });
    expect(data).toMatchObject({ color: "1d76db", description: "Checks are running" });
  });

  test("a label that is there already changes nothing", async () => {
    const fixture = await openGitHub();
    const number = await openIssue(fixture);
    await fixture.github.ensureLabel(fixture.repository, number, PENDING);
    fixture.writes();
    await fixture.github.ensureLabel(fixture.repository, number, PENDING);
    expect(fixture.writes()).toEqual([]);
  });

  test("two status labels that a crash left behind become one", async () => {
    const fixture = await openGitHub();
    const number = await openIssue(fixture, ["baton:pending", "baton:testing"]);
    await fixture.github.ensureLabel(fixture.repository, number, TESTING);
    expect(await labelsOf(fixture, number)).toEqual(["baton:testing"]);
  });

  test("a label that somebody else creates in the same moment is used as it is", async () => {
    const fixture = await openGitHub();
    const first = await openIssue(fixture);
    const second = await openIssue(fixture);
    await Promise.all([
      fixture.github.ensureLabel(fixture.repository, first, PENDING),
      fixture.github.ensureLabel(fixture.repository, second, PENDING),
    ]);
    expect(await labelsOf(fixture, first)).toEqual(["baton:pending"]);
    expect(await labelsOf(fixture, second)).toEqual(["baton:pending"]);
  });

  test("removing a label that is not there is no error", async () => {
    const fixture = await openGitHub();
    const number = await openIssue(fixture, ["baton"]);
    await fixture.github.removeLabel(fixture.repository, number, "baton");
    await fixture.github.removeLabel(fixture.repository, number, "baton");
    expect(await labelsOf(fixture, number)).toEqual([]);
  });
});

describe("the status comment", () => {
  const MARKER = "<!-- baton:status:1-1-1 -->";

  async function commentsOf({ as, ada }: GitHubFixture, number: number) {
    return as(ada).paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      owner: "ada",
      repo: "engine",
      issue_number: number,
      per_page: 100,
    });
  }

  test("is written once and edited in place", async () => {
    const fixture = await openGitHub();
    const { github, repository } = fixture;
    const number = await openIssue(fixture);
    await github.ensureComment(repository, number, MARKER, `${MARKER}\nplanning`);
    await github.ensureComment(repository, number, MARKER, `${MARKER}\ntesting`);
    const comments = await commentsOf(fixture, number);
    expect(comments.map(({ body, user }) => [user?.login, body])).toEqual([
      ["baton[bot]", `${MARKER}\ntesting`],
    ]);
  });

  test("is left alone when it says what is wanted, whatever line ends GitHub keeps", async () => {
    const fixture = await openGitHub();
    const { github, repository } = fixture;
    const number = await openIssue(fixture);
    await github.ensureComment(repository, number, MARKER, `${MARKER}\r\nplanning\r\n`);
    fixture.writes();
    await github.ensureComment(repository, number, MARKER, `${MARKER}\nplanning`);
    expect(fixture.writes()).toEqual([]);
  });

  test("is not one in which somebody quotes the marker", async () => {
    const fixture = await openGitHub();
    const { github, repository } = fixture;
    const number = await openIssue(fixture);
    await fixture
      .as(fixture.ada)
      .rest.issues.createComment({ owner: "ada", repo: "engine", issue_number: number, body: `> ${MARKER}` });
    await github.ensureComment(repository, number, MARKER, "planning");
    expect((await commentsOf(fixture, number)).map(({ body }) => body)).toEqual([
      `> ${MARKER}`,
      `${MARKER}\nplanning`,
    ]);
  });

  test("is found behind a hundred others, and its duplicates are removed", async () => {
    const fixture = await openGitHub();
    const { github, repository, octokit } = fixture;
    const number = await openIssue(fixture);
    const site = { owner: "ada", repo: "engine", issue_number: number };
    for (let index = 0; index < 101; index += 1) {
      await fixture.as(fixture.ada).rest.issues.createComment({ ...site, body: `Comment ${index}` });
    }
    await octokit.rest.issues.createComment({ ...site, body: `${MARKER}\nfirst` });
    await octokit.rest.issues.createComment({ ...site, body: `${MARKER}\nsecond` });
    await github.ensureComment(repository, number, MARKER, `${MARKER}\nplanning`);
    const own = (await commentsOf(fixture, number)).filter(({ user }) => user?.login === "baton[bot]");
    expect(own.map(({ body }) => body)).toEqual([`${MARKER}\nplanning`]);
  });

  test("is cut to what GitHub takes, with its marker and a note", async () => {
    const fixture = await openGitHub();
    const { github, repository } = fixture;
    const number = await openIssue(fixture);
    await github.ensureComment(repository, number, MARKER, `${"line\n".repeat(20_000)}${MARKER}`);
    const [comment] = await commentsOf(fixture, number);
    expect(comment?.body).toMatch(/^<!-- baton:status:1-1-1 -->\nline[\s\S]+\(cut: [^)]+\)_$/);
  });
});

describe("reactions and people", () => {
  test("a reaction is given once", async () => {
    const fixture = await openGitHub();
    const { github, repository } = fixture;
    const number = await openIssue(fixture);
    const site = { owner: "ada", repo: "engine" };
    const { data: comment } = await fixture
      .as(fixture.ada)
      .rest.issues.createComment({ ...site, issue_number: number, body: "/approve" });
    await github.ensureReaction(repository, comment.id, "eyes");
    await github.ensureReaction(repository, comment.id, "eyes");
    await github.ensureReaction(repository, comment.id, "rocket");
    const { data } = await fixture
      .as(fixture.ada)
      .rest.reactions.listForIssueComment({ ...site, comment_id: comment.id });
    expect(data.map(({ content, user }) => [content, user?.login])).toEqual([
      ["eyes", "baton[bot]"],
      ["rocket", "baton[bot]"],
    ]);
  });

  test("a comment that its author deleted needs no reaction", async () => {
    const { github, repository } = await openGitHub();
    await github.ensureReaction(repository, 424242, "eyes");
  });

  test.each(["admin", "maintain", "write", "triage", "read"] as const)(
    "%s is a role of its own",
    async (role) => {
      const { forge, forgeRepository, github, repository } = await openGitHub();
      forge.hub.addCollaborator(forgeRepository, forge.hub.createUser({ login: "grace" }), role);
      expect(await github.roleOf(repository, "grace")).toBe(role);
    },
  );

  test("somebody whom GitHub does not know has no role and no id", async () => {
    const { ada, github, repository } = await openGitHub();
    expect(await github.roleOf(repository, "nobody-of-that-name")).toBe("none");
    expect(await github.userIdOf("nobody-of-that-name")).toBeNull();
    expect(await github.userIdOf("ada")).toBe(ada.id);
  });
});
