import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { createForgeWorld, refusal, type ForgeWorld } from "../forge-world.ts";
import type { GitClient } from "../git/git-client.ts";

let world: ForgeWorld;
let git: GitClient;
let count = 0;
let branch: string;

beforeAll(async () => {
  world = await createForgeWorld();
  git = await world.clone(world.tokenOf(world.writer));
});

afterAll(() => world.close());

beforeEach(async () => {
  count += 1;
  branch = `topic-${count}`;
  await git.git("fetch", "-q", "origin");
  await git.git("checkout", "-q", "-B", branch, "origin/main");
  world.events.length = 0;
});

/** Pushes a commit on the test's branch; gives its id. */
async function push(files: Record<string, string>, message = "Change"): Promise<string> {
  const sha = await git.commit(message, files);
  await git.git("push", "-q", "origin", branch);
  return sha;
}

async function open(options: { draft?: boolean; body?: string; title?: string } = {}) {
  const request = { ...world.at, title: `Pull ${count}`, base: "main", head: branch, ...options };
  return (await world.as(world.writer).pulls.create(request)).data;
}

function pullEvents(): string[] {
  return world.eventNames().filter((name) => name.startsWith("pull_request"));
}

describe("pull requests", () => {
  it("open with what they change and know that they can be merged", async () => {
    const sha = await push({ "src/lines.txt": "one\ntwo\nthree\nfour\nFIVE\n", "new.txt": "n\n" });
    const opened = await open({ body: "Why not", draft: true });
    expect(opened).toMatchObject({
      state: "open",
      draft: true,
      merged: false,
      mergeable: null,
      mergeable_state: "unknown",
      commits: 1,
      additions: 2,
      deletions: 1,
      changed_files: 2,
      head: { label: `octo:${branch}`, ref: branch, sha },
      base: { ref: "main" },
    });
    const octokit = world.as(world.reader);
    const at = { ...world.at, pull_number: opened.number };
    expect((await octokit.pulls.get(at)).data).toMatchObject({ mergeable: true, mergeable_state: "draft" });
    const files = await octokit.pulls.listFiles(at);
    expect(files.data.map((file) => [file.filename, file.status, file.patch])).toEqual([
      ["new.txt", "added", "@@ -0,0 +1 @@\n+n"],
      ["src/lines.txt", "modified", "@@ -2,4 +2,4 @@ one\n two\n three\n four\n-five\n+FIVE"],
    ]);
    expect((await octokit.pulls.listCommits(at)).data.map((commit) => commit.sha)).toEqual([sha]);
    const diff = await octokit.pulls.get({ ...at, mediaType: { format: "diff" } });
    expect(diff.data).toContain("+FIVE");
    const list = await octokit.pulls.list({ ...world.at, head: `octo:${branch}` });
    expect(list.data.map(({ number }) => number)).toEqual([opened.number]);
    const byCommit = await octokit.repos.listPullRequestsAssociatedWithCommit({
      ...world.at,
      commit_sha: sha,
    });
    expect(byCommit.data.map(({ number }) => number)).toEqual([opened.number]);
    expect(await git.git("ls-remote", "origin", `refs/pull/${opened.number}/*`)).toContain(
      `${sha}\trefs/pull/${opened.number}/head`,
    );
    expect(pullEvents()).toEqual(["pull_request.opened"]);
    expect(world.witness.problems).toEqual([]);
  });

  it("are refused when there is nothing to merge or one is open already", async () => {
    const octokit = world.as(world.writer);
    await git.git("push", "-q", "origin", branch);
    const create = (extra: object) =>
      octokit.pulls
        .create({ ...world.at, title: "x", base: "main", head: branch, ...extra })
        .then(() => "opened")
        .catch((error: { status: number; response: { data: { errors?: unknown } } }) => [
          error.status,
          error.response.data.errors,
        ]);
    const custom = (message: string) => [422, [{ resource: "PullRequest", code: "custom", message }]];
    expect(await create({})).toEqual(custom(`No commits between main and ${branch}`));
    expect(await create({ head: "nothing" })).toEqual([
      422,
      [{ resource: "PullRequest", field: "head", code: "invalid" }],
    ]);
    expect(await create({ base: "nothing" })).toEqual([
      422,
      [{ resource: "PullRequest", field: "base", code: "invalid" }],
    ]);
    await push({ "x.txt": `${count}` });
    expect(await create({})).toBe("opened");
    expect(await create({})).toEqual(custom(`A pull request already exists for octo:${branch}.`));
    await git.git("checkout", "-q", "--orphan", "alone");
    await git.commit("Alone", { "a.txt": "a" });
    await git.git("push", "-q", "origin", "alone");
    expect(await create({ head: "alone" })).toEqual(
      custom("The alone branch has no history in common with main"),
    );
  });

  it("follow their head, forced or not, and close when it is deleted", async () => {
    const first = await push({ "follow.txt": "1\n" });
    const { number } = await open();
    const second = await push({ "follow.txt": "2\n" });
    const at = { ...world.at, pull_number: number };
    const octokit = world.as(world.writer);
    expect((await octokit.pulls.get(at)).data).toMatchObject({ head: { sha: second }, commits: 2 });
    expect(world.events.findLast(({ name }) => name === "pull_request")).toMatchObject({
      action: "synchronize",
      before: first,
      after: second,
    });
    await git.git("reset", "-q", "--hard", first);
    const third = await git.commit("Instead", { "follow.txt": "3\n" });
    await git.git("push", "-q", "--force", "origin", branch);
    expect((await octokit.pulls.get(at)).data).toMatchObject({ head: { sha: third }, commits: 2 });
    await git.git("push", "-q", "origin", `:${branch}`);
    expect((await octokit.pulls.get(at)).data).toMatchObject({ state: "closed", merged: false });
    expect(await refusal(octokit.pulls.update({ ...at, state: "open" }))).toMatchObject({ status: 422 });
    const timeline = await octokit.issues.listEventsForTimeline({ ...world.at, issue_number: number });
    expect(timeline.data.map(({ event }) => event)).toEqual([
      "head_ref_force_pushed",
      "head_ref_deleted",
      "closed",
    ]);
    expect(pullEvents()).toEqual([
      "pull_request.opened",
      "pull_request.synchronize",
      "pull_request.synchronize",
      "pull_request.closed",
    ]);
    expect(world.witness.problems).toEqual([]);
  });

  it("can be edited, closed, reopened and pointed at another base", async () => {
    await git.git("push", "-q", "origin", "origin/main:refs/heads/release");
    await push({ "edit.txt": `${count}\n` });
    const { number } = await open();
    const octokit = world.as(world.writer);
    const at = { ...world.at, pull_number: number };
    const edited = await octokit.pulls.update({ ...at, title: "Better", body: "More", base: "release" });
    expect(edited.data).toMatchObject({ title: "Better", body: "More", base: { ref: "release" } });
    await octokit.pulls.update({ ...at, state: "closed" });
    const later = await push({ "edit.txt": "later\n" });
    expect((await octokit.pulls.get(at)).data.head.sha).not.toBe(later);
    const reopened = await octokit.pulls.update({ ...at, state: "open" });
    expect(reopened.data).toMatchObject({ state: "open", head: { sha: later }, mergeable: true });
    expect(await refusal(world.as(world.reader).pulls.update({ ...at, title: "Mine" }))).toMatchObject({
      status: 403,
    });
    expect(pullEvents()).toEqual([
      "pull_request.opened",
      "pull_request.edited",
      "pull_request.edited",
      "pull_request.closed",
      "pull_request.reopened",
    ]);
    expect(world.witness.problems).toEqual([]);
  });

  it("come from forks", async () => {
    const octokit = world.as(world.reader);
    await octokit.repos.createFork(world.at);
    const fork = await world.clone(world.tokenOf(world.reader), "rita/app");
    await fork.git("checkout", "-q", "-b", "gift");
    const sha = await fork.commit("A gift", { "gift.txt": `${count}\n` });
    await fork.git("push", "-q", "origin", "gift");
    const compared = await octokit.repos.compareCommitsWithBasehead({
      ...world.at,
      basehead: "main...rita:gift",
    });
    expect(compared.data).toMatchObject({ status: "ahead", ahead_by: 1 });
    const create = { ...world.at, title: "A gift", base: "main", head: "rita:gift" };
    const { data: pull } = await octokit.pulls.create(create);
    expect(pull).toMatchObject({
      head: { label: "rita:gift", sha, repo: { full_name: "rita/app", fork: true } },
      base: { repo: { full_name: "octo/app" } },
      maintainer_can_modify: true,
    });
    const again = await fork.commit("More", { "gift.txt": "more\n" });
    await fork.git("push", "-q", "origin", "gift");
    const at = { ...world.at, pull_number: pull.number };
    expect((await octokit.pulls.get(at)).data).toMatchObject({ head: { sha: again }, mergeable: true });
    expect(await refusal(octokit.pulls.merge(at))).toMatchObject({ status: 403 });
    const merged = await world.as(world.writer).pulls.merge({ ...at, merge_method: "squash" });
    const commit = await octokit.repos.getCommit({ ...world.at, ref: merged.data.sha });
    expect(commit.data.author?.login).toBe("rita");
    expect(commit.data.commit.message).toContain(`A gift (#${pull.number})`);
    expect(world.witness.problems).toEqual([]);
  });

  it("turn ready and back into drafts, which cannot be merged", async () => {
    await push({ "draft.txt": `${count}\n` });
    const pull = await open({ draft: true });
    const octokit = world.as(world.writer);
    const at = { ...world.at, pull_number: pull.number };
    expect(await refusal(octokit.pulls.merge(at))).toEqual({
      status: 405,
      message: "Pull Request is still a draft",
    });
    const mutate = (name: string) =>
      octokit.graphql<Record<string, { pullRequest: { isDraft: boolean } }>>(
        `mutation($id: ID!) { ${name}(input: {pullRequestId: $id}) { pullRequest { isDraft } } }`,
        { id: pull.node_id },
      );
    expect((await mutate("markPullRequestReadyForReview"))["markPullRequestReadyForReview"]).toEqual({
      pullRequest: { isDraft: false },
    });
    expect((await octokit.pulls.get(at)).data).toMatchObject({ draft: false, mergeable_state: "clean" });
    await mutate("convertPullRequestToDraft");
    await mutate("markPullRequestReadyForReview");
    expect(pullEvents()).toEqual([
      "pull_request.opened",
      "pull_request.ready_for_review",
      "pull_request.converted_to_draft",
      "pull_request.ready_for_review",
    ]);
    await octokit.pulls.merge(at);
    expect(world.witness.problems).toEqual([]);
  });
});
