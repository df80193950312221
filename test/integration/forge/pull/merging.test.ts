import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createForgeWorld, refusal, type ForgeWorld } from "../forge-world.ts";
import type { GitClient } from "../git/git-client.ts";

let world: ForgeWorld;
let git: GitClient;

beforeEach(async () => {
  world = await createForgeWorld();
  git = await world.clone(world.tokenOf(world.writer));
});

afterEach(async () => {
  expect(world.witness.problems).toEqual([]);
  await world.close();
});

async function pull(
  branch: string,
  files: Record<string, string>,
  body = "",
): Promise<{ number: number; sha: string }> {
  await git.git("checkout", "-q", "-B", branch, "origin/main");
  const sha = await git.commit(`Work on ${branch}`, files);
  await git.git("push", "-q", "origin", branch);
  const request = { ...world.at, title: `Do ${branch}`, base: "main", head: branch, body };
  const { data } = await world.as(world.writer).pulls.create(request);
  return { number: data.number, sha };
}

function merge(number: number, options: { merge_method?: "merge" | "squash" | "rebase"; sha?: string } = {}) {
  return world.as(world.writer).pulls.merge({ ...world.at, pull_number: number, ...options });
}

async function protect(rules: object): Promise<void> {
  await world.as(world.owner).repos.updateBranchProtection({
    ...world.at,
    branch: "main",
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
    ...rules,
  });
}

describe("merging a pull request", () => {
  it("writes GitHub's merge commit, closes what it says it closes, and tells of it all", async () => {
    const octokit = world.as(world.writer);
    const { data: issue } = await octokit.issues.create({ ...world.at, title: "Broken" });
    const { data: other } = await octokit.issues.create({ ...world.at, title: "Untouched" });
    const { number, sha } = await pull(
      "fix",
      { "fix.txt": "1\n" },
      `Fixes #${issue.number}, see #${other.number}`,
    );
    world.events.length = 0;
    const { data: merged } = await merge(number, { sha });
    expect(merged).toMatchObject({ merged: true, message: "Pull Request successfully merged" });
    const { data: commit } = await octokit.repos.getCommit({ ...world.at, ref: "main" });
    expect(commit.sha).toBe(merged.sha);
    expect(commit.commit.message).toBe(`Merge pull request #${number} from octo/fix\n\nDo fix`);
    expect(commit.parents).toHaveLength(2);
    expect(commit).toMatchObject({ author: { login: "ada" }, committer: { login: "web-flow" } });
    const { data: after } = await octokit.pulls.get({ ...world.at, pull_number: number });
    expect(after).toMatchObject({
      state: "closed",
      merged: true,
      merge_commit_sha: merged.sha,
      merged_by: { login: "ada" },
    });
    expect((await octokit.pulls.listFiles({ ...world.at, pull_number: number })).data).toHaveLength(1);
    await octokit.pulls.checkIfMerged({ ...world.at, pull_number: number });
    const state = async (id: number) =>
      (await octokit.issues.get({ ...world.at, issue_number: id })).data.state;
    expect([await state(issue.number), await state(other.number)]).toEqual(["closed", "open"]);
    expect(world.eventNames()).toEqual([
      "push",
      "check_suite.requested",
      "pull_request.closed",
      "issues.closed",
    ]);
    expect(await refusal(merge(number))).toEqual({ status: 405, message: "Pull Request is not mergeable" });
  });

  it("squashes and rebases as asked, and only as the repository allows", async () => {
    const octokit = world.as(world.writer);
    const squashed = await pull("squash", { "s.txt": "1\n" });
    await git.commit("More of it", { "s.txt": "2\n" });
    await git.git("push", "-q", "origin", "squash");
    await merge(squashed.number, { merge_method: "squash" });
    const { data: squash } = await octokit.repos.getCommit({ ...world.at, ref: "main" });
    expect(squash.commit.message).toBe(`Do squash (#${squashed.number})\n\n* Work on squash\n\n* More of it`);
    expect(squash.parents).toHaveLength(1);

    const rebased = await pull("rebase", { "r.txt": "1\n" });
    await world.as(world.owner).repos.update({ ...world.at, allow_merge_commit: false });
    expect(await refusal(merge(rebased.number))).toEqual({
      status: 405,
      message: "Merge commits are not allowed on this repository.",
    });
    await merge(rebased.number, { merge_method: "rebase" });
    const { data: rebase } = await octokit.repos.getCommit({ ...world.at, ref: "main" });
    expect(rebase.commit.message).toBe("Work on rebase");
    expect(rebase.parents.map((parent) => parent.sha)).toEqual([squash.sha]);
  });

  it("is refused in conflict, on another head than expected, and to those who may not write", async () => {
    const ours = await pull("ours", { "src/lines.txt": "ours\n" });
    const theirs = await pull("theirs", { "src/lines.txt": "theirs\n" });
    await merge(ours.number);
    const octokit = world.as(world.writer);
    const { data } = await octokit.pulls.get({ ...world.at, pull_number: theirs.number });
    expect(data).toMatchObject({ mergeable: false, mergeable_state: "dirty", merge_commit_sha: null });
    expect(await refusal(merge(theirs.number))).toEqual({
      status: 405,
      message: "Pull Request has merge conflicts",
    });
    const moved = await pull("moved", { "m.txt": "m\n" });
    expect(await refusal(merge(moved.number, { sha: theirs.sha }))).toEqual({
      status: 409,
      message: "Head branch was modified. Review and try the merge again.",
    });
    const asReader = world.as(world.reader).pulls.merge({ ...world.at, pull_number: moved.number });
    expect(await refusal(asReader)).toMatchObject({ status: 403 });
    const asApp = world
      .asApp({ pull_requests: "write" })
      .pulls.merge({ ...world.at, pull_number: moved.number });
    expect(await refusal(asApp)).toEqual({ status: 403, message: "Resource not accessible by integration" });
    const branches = { ...world.at, base: "main", head: "theirs" };
    expect(await refusal(octokit.repos.merge(branches))).toEqual({ status: 409, message: "Merge conflict" });
  });

  it("is noticed when it was pushed by hand", async () => {
    const { number, sha } = await pull("byhand", { "h.txt": "h\n" });
    await git.git("checkout", "-q", "-B", "main", "origin/main");
    await git.git("merge", "-q", "--no-ff", "-m", "Merge by hand", sha);
    await git.git("push", "-q", "origin", "main");
    const { data } = await world.as(world.writer).pulls.get({ ...world.at, pull_number: number });
    expect(data).toMatchObject({ merged: true, merge_commit_sha: await git.git("rev-parse", "HEAD") });
    expect(data.changed_files).toBe(1);
  });

  it("deletes the branch where the repository wants that", async () => {
    await world.as(world.owner).repos.update({ ...world.at, delete_branch_on_merge: true });
    const { number } = await pull("tidy", { "t.txt": "t\n" });
    world.events.length = 0;
    await merge(number);
    expect(await git.git("ls-remote", "origin", "refs/heads/tidy")).toBe("");
    expect(world.eventNames()).toEqual([
      "push",
      "check_suite.requested",
      "pull_request.closed",
      "delete",
      "push",
    ]);
  });

  it("is done by Apps in the name of their bots", async () => {
    const app = world.asApp();
    const content = Buffer.from("by a bot\n").toString("base64");
    const { data: main } = await app.git.getRef({ ...world.at, ref: "heads/main" });
    await app.git.createRef({ ...world.at, ref: "refs/heads/bots", sha: main.object.sha });
    await app.repos.createOrUpdateFileContents({
      ...world.at,
      path: "bot.txt",
      message: "Leave a note",
      content,
      branch: "bots",
    });
    const { data: pull } = await app.pulls.create({ ...world.at, title: "Bots", head: "bots", base: "main" });
    expect(pull.user).toMatchObject({ login: "helper[bot]", type: "Bot" });
    const { data: review } = await world
      .as(world.writer)
      .pulls.createReview({ ...world.at, pull_number: pull.number, event: "APPROVE" });
    expect(review.state).toBe("APPROVED");
    await app.pulls.merge({ ...world.at, pull_number: pull.number });
    const { data: commit } = await app.repos.getCommit({ ...world.at, ref: "main" });
    expect(commit.author).toMatchObject({ login: "helper[bot]" });
    expect(world.events.findLast(({ name }) => name === "push")).toMatchObject({
      actor: { accountId: world.app.botId, appId: world.app.id, viaJobToken: false },
    });
    expect(
      await refusal(app.pulls.createReview({ ...world.at, pull_number: pull.number, event: "APPROVE" })),
    ).toMatchObject({
      status: 422,
      message: "Unprocessable Entity",
    });
  });

  it("needs the workflows permission for Apps that would bring workflows in", async () => {
    const { number } = await pull("ci", { ".github/workflows/new.yml": "on: push\n" });
    expect(await refusal(world.asApp().pulls.merge({ ...world.at, pull_number: number }))).toMatchObject({
      status: 403,
      message: expect.stringContaining("without `workflows` permission") as string,
    });
    await merge(number);
  });
});

describe("reviews", () => {
  it("stay their author's own until they are submitted", async () => {
    const { number } = await pull("pending", { "p.txt": "1\n" });
    const at = { ...world.at, pull_number: number };
    const reviewer = world.as(world.owner);
    const { data: draft } = await reviewer.pulls.createReview({ ...at, body: "So far" });
    expect(draft.state).toBe("PENDING");
    const author = world.as(world.writer);
    expect((await author.pulls.listReviews(at)).data).toEqual([]);
    const one = { ...at, review_id: draft.id };
    expect((await refusal(author.pulls.getReview(one))).status).toBe(404);
    await reviewer.pulls.updateReview({ ...one, body: "Well" });
    expect((await refusal(reviewer.pulls.dismissReview({ ...one, message: "x" }))).status).toBe(422);
    const { data: submitted } = await reviewer.pulls.submitReview({ ...one, event: "COMMENT" });
    expect(submitted).toMatchObject({ state: "COMMENTED", body: "Well" });
    expect((await refusal(reviewer.pulls.deletePendingReview(one))).status).toBe(422);
    expect((await refusal(reviewer.pulls.createReview({ ...at, event: "REQUEST_CHANGES" }))).status).toBe(
      422,
    );
    const { data: second } = await reviewer.pulls.createReview({ ...at });
    await reviewer.pulls.deletePendingReview({ ...at, review_id: second.id });
    expect((await author.pulls.listReviews(at)).data.map(({ id }) => id)).toEqual([draft.id]);
  });
});

describe("rules of the base branch", () => {
  it("want approving reviews of those who may write, of this very change", async () => {
    await protect({
      required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true },
    });
    const { number } = await pull("reviewed", { "r.txt": "1\n" });
    const at = { ...world.at, pull_number: number };
    const author = world.as(world.writer);
    const unreviewed = {
      status: 405,
      message: "At least 1 approving review is required by reviewers with write access.",
    };
    expect(await refusal(merge(number))).toEqual(unreviewed);
    expect((await author.pulls.get(at)).data.mergeable_state).toBe("blocked");
    expect(await refusal(author.pulls.createReview({ ...at, event: "APPROVE" }))).toMatchObject({
      status: 422,
    });
    await world.as(world.reader).pulls.createReview({ ...at, event: "APPROVE" });
    expect(await refusal(merge(number))).toEqual(unreviewed);

    const reviewer = world.as(world.owner);
    await author.pulls.requestReviewers({ ...at, reviewers: ["octo"] });
    const { data: no } = await reviewer.pulls.createReview({ ...at, event: "REQUEST_CHANGES", body: "Hm" });
    expect((await author.pulls.listRequestedReviewers(at)).data.users).toEqual([]);
    expect(await refusal(merge(number))).toEqual({
      status: 405,
      message: "1 review requesting changes by reviewers with write access.",
    });
    await reviewer.pulls.dismissReview({ ...at, review_id: no.id, message: "Settled" });
    await reviewer.pulls.createReview({ ...at, event: "APPROVE" });
    expect((await author.pulls.get(at)).data.mergeable_state).toBe("clean");

    await git.commit("Sneak in", { "r.txt": "2\n" });
    await git.git("push", "-q", "origin", "reviewed");
    expect((await author.pulls.listReviews(at)).data.map(({ state }) => state)).toEqual([
      "DISMISSED",
      "DISMISSED",
      "DISMISSED",
    ]);
    expect(await refusal(merge(number))).toEqual(unreviewed);
    await reviewer.pulls.createReview({ ...at, event: "APPROVE" });
    await merge(number);
    expect(world.eventNames().filter((name) => name.startsWith("pull_request_review"))).toEqual([
      "pull_request_review.submitted",
      "pull_request_review.submitted",
      "pull_request_review.dismissed",
      "pull_request_review.submitted",
      "pull_request_review.dismissed",
      "pull_request_review.dismissed",
      "pull_request_review.submitted",
    ]);
  });

  it("want named checks on the head, and an up-to-date head where they are strict", async () => {
    await protect({
      required_status_checks: {
        strict: true,
        contexts: [],
        checks: [{ context: "ci", app_id: world.app.id }, { context: "lint" }],
      },
    });
    const { number, sha } = await pull("checked", { "c.txt": "1\n" });
    const says = async () => (await refusal(merge(number))).message;
    expect(await says()).toBe("2 of 2 required status checks are expected.");
    const app = world.asApp();
    const run = await app.checks.create({ ...world.at, name: "ci", head_sha: sha, status: "in_progress" });
    expect(await says()).toBe("2 of 2 required status checks have not succeeded: 1 expected.");
    await world
      .as(world.writer)
      .repos.createCommitStatus({ ...world.at, sha, context: "ci", state: "success" });
    await world
      .as(world.writer)
      .repos.createCommitStatus({ ...world.at, sha, context: "lint", state: "success" });
    expect(await says()).toBe("1 of 2 required status checks have not succeeded.");
    await app.checks.update({ ...world.at, check_run_id: run.data.id, conclusion: "failure" });
    expect(await says()).toBe("1 of 2 required status checks have not succeeded: 1 failing.");
    await app.checks.update({ ...world.at, check_run_id: run.data.id, conclusion: "success" });
    const { data } = await world.as(world.writer).pulls.get({ ...world.at, pull_number: number });
    expect(data.mergeable_state).toBe("clean");
    const late = await pull("late", { "l.txt": "1\n" });
    await merge(number);
    await app.checks.create({
      ...world.at,
      name: "ci",
      head_sha: late.sha,
      conclusion: "success",
      status: "completed",
    });
    await world
      .as(world.writer)
      .repos.createCommitStatus({ ...world.at, sha: late.sha, context: "lint", state: "success" });
    const { data: behind } = await world
      .as(world.writer)
      .pulls.get({ ...world.at, pull_number: late.number });
    expect(behind).toMatchObject({ mergeable: true, mergeable_state: "behind" });
    expect(await refusal(merge(late.number))).toEqual({
      status: 409,
      message: "Head branch is out of date. Review and try the merge again.",
    });
  });

  it("bind pushes: no force, no deletion, nothing past the pull request", async () => {
    await protect({ required_pull_request_reviews: { required_approving_review_count: 1 } });
    await git.git("checkout", "-q", "-B", "main", "origin/main");
    await git.commit("Straight in", { "p.txt": "1\n" });
    const push = await git.run("push", "origin", "main");
    expect(push.stderr).toContain(
      "remote: error: GH006: Protected branch update failed for refs/heads/main.",
    );
    expect(push.stderr).toContain("remote: - Changes must be made through a pull request.");
    expect(push.stderr).toContain("! [remote rejected] main -> main (protected branch hook declined)");
    await git.git("commit", "-q", "--amend", "-m", "Other", "--allow-empty");
    await git.git("reset", "-q", "--soft", "HEAD~1");
    await git.git("checkout", "-q", "--orphan", "fresh");
    await git.commit("Fresh", {});
    expect((await git.run("push", "--force", "origin", "fresh:main")).stderr).toContain(
      "remote: - Cannot force-push to this branch",
    );
    expect((await git.run("push", "origin", ":main")).stderr).toContain(
      "(refusing to delete the current branch: refs/heads/main)",
    );
    const app = await world.clone(world.appToken());
    await app.commit("By the App", { ".github/workflows/ci.yml": "on: push\n" });
    expect((await app.run("push", "origin", "HEAD:apps-branch")).stderr).toContain(
      "(refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)",
    );
    const reader = await world.clone(world.tokenOf(world.reader));
    await reader.commit("By a reader", {});
    expect((await reader.run("push", "origin", "HEAD:mine")).stderr).toContain(
      "Permission to octo/app.git denied to rita.",
    );
  });
});
