import { describe, expect, test } from "vitest";
import { commitFiles } from "./commit-files.ts";
import { openGitHub } from "./github-fixture.ts";

const SITE = { owner: "ada", repo: "engine" };
const WANTED = { head: "baton/7-page", base: "main", title: "Add a page", body: "Closes #7." };

async function openBranch(files: Record<string, string> = { "page.html": "<h1>Page</h1>\n" }) {
  const fixture = await openGitHub();
  const ada = fixture.as(fixture.ada);
  const sha = await commitFiles(ada, SITE, { branch: WANTED.head, from: "main", files });
  const { github, repository } = fixture;
  const merge = (number: number, at = sha) =>
    github.merge(repository, {
      number,
      sha: at,
      method: "squash",
      title: "Add a page (#2)",
      message: "By hand.",
    });
  return { ...fixture, as: ada, sha, merge };
}

describe("opening", () => {
  test("a draft is opened from the branch, once", async () => {
    const { github, repository, sha, writes } = await openBranch();
    const pull = await github.ensurePullRequest(repository, WANTED);
    expect(await github.pullRequest(repository, pull.number)).toEqual({
      number: pull.number,
      url: pull.url,
      state: "open",
      draft: true,
      headSha: sha,
      headRef: "baton/7-page",
      headRepositoryId: repository.id,
      mergeSha: null,
    });
    writes();
    expect(await github.ensurePullRequest(repository, { ...WANTED, title: "Another title" })).toEqual(pull);
    expect(writes()).toEqual([]);
  });

  test("two at the same time open one", async () => {
    const { github, repository, as } = await openBranch();
    const [one, other] = await Promise.all([
      github.ensurePullRequest(repository, WANTED),
      github.ensurePullRequest(repository, WANTED),
    ]);
    expect(one).toEqual(other);
    expect((await as.rest.pulls.list({ ...SITE, state: "all" })).data).toHaveLength(1);
  });

  test("one that was closed does not count", async () => {
    const { github, repository } = await openBranch();
    const closed = await github.ensurePullRequest(repository, WANTED);
    await github.ensureClosed(repository, closed.number);
    const opened = await github.ensurePullRequest(repository, WANTED);
    expect(opened.number).not.toBe(closed.number);
  });

  test("a branch without a commit of its own is refused with GitHub's reason", async () => {
    const { github, repository, as } = await openGitHub().then((fixture) => ({
      ...fixture,
      as: fixture.as(fixture.ada),
    }));
    const { data } = await as.rest.git.getRef({ ...SITE, ref: "heads/main" });
    await as.rest.git.createRef({ ...SITE, ref: `refs/heads/${WANTED.head}`, sha: data.object.sha });
    await expect(github.ensurePullRequest(repository, WANTED)).rejects.toThrow(
      /^GitHub refused a pull request from baton\/7-page to main: No commits between/,
    );
  });

  test("a pull request that is not there is null", async () => {
    const { github, repository } = await openGitHub();
    expect(await github.pullRequest(repository, 99)).toBeNull();
  });
});

describe("changing", () => {
  test("a draft becomes ready for review, once", async () => {
    const { github, repository, writes } = await openBranch();
    const { number } = await github.ensurePullRequest(repository, WANTED);
    await github.ensureReadyForReview(repository, number);
    expect(await github.pullRequest(repository, number)).toMatchObject({ draft: false, state: "open" });
    writes();
    await github.ensureReadyForReview(repository, number);
    expect(writes()).toEqual([]);
  });

  test("closing is done once, and a closed one is never made ready", async () => {
    const { github, repository, writes } = await openBranch();
    const { number } = await github.ensurePullRequest(repository, WANTED);
    await github.ensureClosed(repository, number);
    expect(await github.pullRequest(repository, number)).toMatchObject({ state: "closed", mergeSha: null });
    writes();
    await github.ensureClosed(repository, number);
    await github.ensureReadyForReview(repository, number);
    expect(writes()).toEqual([]);
  });
});

describe("merging", () => {
  async function openReady(files?: Record<string, string>) {
    const opened = await openBranch(files);
    const { number } = await opened.github.ensurePullRequest(opened.repository, WANTED);
    await opened.github.ensureReadyForReview(opened.repository, number);
    return { ...opened, number };
  }

  test("the approved commit is merged, with the message given, and once", async () => {
    const { as, github, repository, merge, number, writes } = await openReady();
    const merged = await merge(number);
    expect(merged).toMatchObject({ kind: "merged" });
    const sha = await github.headOf(repository, "main");
    expect(merged).toEqual({ kind: "merged", sha });
    const { data } = await as.rest.git.getCommit({ ...SITE, commit_sha: sha ?? "" });
    expect(data.message).toBe("Add a page (#2)\n\nBy hand.");
    writes();
    expect(await merge(number)).toEqual(merged);
    expect(writes()).toEqual([]);
    expect(await github.pullRequest(repository, number)).toMatchObject({ state: "merged", mergeSha: sha });
  });

  test("a head that moved on is not merged", async () => {
    const { as, github, repository, merge, number, sha } = await openReady();
    await commitFiles(as, SITE, { branch: WANTED.head, files: { "page.html": "<h1>Other</h1>\n" } });
    expect(await merge(number)).toEqual({
      kind: "refused",
      why: `The branch has moved on from ${sha.slice(0, 7)}, so this commit was not merged.`,
    });
    expect(await github.pullRequest(repository, number)).toMatchObject({ state: "open" });
  });

  test("a conflict is told as one", async () => {
    const { as, merge, number } = await openReady({ "README.md": "# One\n" });
    await commitFiles(as, SITE, { branch: "main", files: { "README.md": "# Another\n" } });
    expect(await merge(number)).toEqual({
      kind: "refused",
      why: "The changes conflict with `main`: the branch must be updated.",
    });
  });

  test("a branch rule that wants a review is told in GitHub's words", async () => {
    const { forge, forgeRepository, merge, number } = await openReady();
    forge.hub.setBranchProtection(forgeRepository, "main", {
      requiredReviews: {
        approvingCount: 1,
        dismissStale: false,
        requireCodeOwners: false,
        requireLastPushApproval: false,
      },
      enforceAdmins: true,
    });
    const refused = await merge(number);
    expect(refused.kind).toBe("refused");
    expect(refused).toMatchObject({
      why: expect.stringMatching(/^GitHub refused the merge: .*review.*\.$/i) as string,
    });
  });

  test("a closed one is not merged", async () => {
    const { github, repository, merge, number } = await openReady();
    await github.ensureClosed(repository, number);
    expect(await merge(number)).toEqual({ kind: "refused", why: `Pull request #${number} is closed.` });
    expect(await merge(99)).toEqual({ kind: "refused", why: "There is no pull request #99 any more." });
  });
});
