import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createForgeWorld, refusal, type ForgeWorld } from "../forge-world.ts";

let world: ForgeWorld;

beforeAll(async () => {
  world = await createForgeWorld();
});

afterAll(() => world.close());

async function tip(branch = "main"): Promise<string> {
  const { data } = await world.as(world.writer).git.getRef({ ...world.at, ref: `heads/${branch}` });
  return data.object.sha;
}

describe("the Git data API", () => {
  it("writes a blob, a tree and a commit, and points a branch at it", async () => {
    const octokit = world.as(world.writer);
    const parent = await tip();
    const blob = await octokit.git.createBlob({ ...world.at, content: "aGkK", encoding: "base64" });
    const tree = await octokit.git.createTree({
      ...world.at,
      base_tree: parent,
      tree: [
        { path: "hi.txt", mode: "100644", type: "blob", sha: blob.data.sha },
        { path: "docs/a.md", mode: "100644", type: "blob", content: "# A\n" },
        { path: "src/lines.txt", mode: "100644", type: "blob", sha: null },
      ],
    });
    const commit = await octokit.git.createCommit({
      ...world.at,
      message: "Say hi",
      tree: tree.data.sha,
      parents: [parent],
    });
    expect(commit.data.author).toMatchObject({ name: "Ada", email: "ada@example.com" });
    await octokit.git.createRef({ ...world.at, ref: "refs/heads/hi", sha: commit.data.sha });

    const listed = await octokit.git.getTree({ ...world.at, tree_sha: "hi", recursive: "1" });
    expect(listed.data.tree.map((entry) => entry.path)).toEqual([
      ".github",
      ".github/workflows",
      ".github/workflows/ci.yml",
      "README.md",
      "docs",
      "docs/a.md",
      "hi.txt",
    ]);
    const read = await octokit.git.getBlob({ ...world.at, file_sha: blob.data.sha });
    expect(Buffer.from(read.data.content, "base64").toString()).toBe("hi\n");
    const compared = await octokit.repos.compareCommitsWithBasehead({ ...world.at, basehead: "main...hi" });
    expect(compared.data).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0, total_commits: 1 });
    expect(compared.data.files?.map((file) => `${file.status} ${file.filename}`)).toEqual([
      "added docs/a.md",
      "added hi.txt",
      "removed src/lines.txt",
    ]);
    expect(world.eventNames().slice(-3)).toEqual(["create", "push", "check_suite.requested"]);
    expect(world.witness.problems).toEqual([]);
  });

  it("moves, forces and deletes references as GitHub allows it", async () => {
    const octokit = world.as(world.writer);
    const first = await tip();
    const { data: commit } = await octokit.git.getCommit({ ...world.at, commit_sha: first });
    const make = async (message: string, parents: string[]) =>
      (await octokit.git.createCommit({ ...world.at, message, tree: commit.tree.sha, parents })).data.sha;
    const second = await make("Second", [first]);
    const other = await make("Other", []);
    await octokit.git.createRef({ ...world.at, ref: "refs/heads/feature/one", sha: first });
    const update = { ...world.at, ref: "heads/feature/one" };
    expect(
      await refusal(octokit.git.createRef({ ...world.at, ref: "refs/heads/feature/one", sha: first })),
    ).toEqual({
      status: 422,
      message: "Reference already exists",
    });
    expect((await octokit.git.updateRef({ ...update, sha: second })).data.object.sha).toBe(second);
    expect(await refusal(octokit.git.updateRef({ ...update, sha: other }))).toEqual({
      status: 422,
      message: "Update is not a fast forward",
    });
    await octokit.git.updateRef({ ...update, sha: other, force: true });
    expect(world.events.findLast((event) => event.name === "push")).toMatchObject({
      forced: true,
      before: second,
    });

    const matching = await octokit.git.listMatchingRefs({ ...world.at, ref: "heads/feat" });
    expect(matching.data.map((ref) => ref.ref)).toEqual(["refs/heads/feature/one"]);
    await octokit.git.deleteRef(update);
    expect(await refusal(octokit.git.deleteRef(update))).toEqual({
      status: 422,
      message: "Reference does not exist",
    });
    expect((await refusal(octokit.git.getRef(update))).status).toBe(404);
    expect(world.witness.problems).toEqual([]);
  });

  it("refuses what GitHub refuses", async () => {
    const octokit = world.as(world.writer);
    const sha = await tip();
    const ref = (name: string, target = sha) =>
      refusal(octokit.git.createRef({ ...world.at, ref: name, sha: target }));
    expect(await ref("heads/x")).toMatchObject({ status: 422 });
    expect(await ref("refs/heads/a..b")).toMatchObject({ status: 422 });
    expect(await ref("refs/pull/9/head")).toMatchObject({ status: 422 });
    expect(await ref("refs/heads/x", "0".repeat(40))).toEqual({
      status: 422,
      message: "Object does not exist",
    });
    expect(await ref("refs/heads/main/x")).toMatchObject({ status: 422 });
    expect(await refusal(octokit.git.deleteRef({ ...world.at, ref: "heads/main" }))).toMatchObject({
      status: 422,
    });
    const tree = (path: string) =>
      refusal(octokit.git.createTree({ ...world.at, tree: [{ path, mode: "100644", content: "" }] }));
    expect(await tree("../x")).toEqual({
      status: 422,
      message: "tree.path contains a malformed path component",
    });
    expect(await tree("a/.git/config")).toMatchObject({ status: 422 });
    expect(await refusal(world.as(world.reader).git.createBlob({ ...world.at, content: "x" }))).toMatchObject(
      {
        status: 403,
      },
    );
    expect(await refusal(world.octokit().git.createBlob({ ...world.at, content: "x" }))).toMatchObject({
      status: 401,
    });
    expect(await tip()).toBe(sha);
  });

  it("holds Apps without the workflows permission off workflows, by whatever way they come", async () => {
    const octokit = world.asApp();
    const parent = await tip();
    const { data: tree } = await octokit.git.createTree({
      ...world.at,
      base_tree: parent,
      tree: [{ path: ".github/workflows/ci.yml", mode: "100644", content: "on: push\n" }],
    });
    const { data: commit } = await octokit.git.createCommit({
      ...world.at,
      message: "Take over",
      tree: tree.sha,
      parents: [parent],
    });
    const create = octokit.git.createRef({ ...world.at, ref: "refs/heads/evil", sha: commit.sha });
    expect(await refusal(create)).toEqual({
      status: 403,
      message:
        "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission",
    });
  });
});

describe("commits, branches and comparisons", () => {
  it("shows commits in full, as diff, as patch and as their id", async () => {
    const octokit = world.as(world.reader);
    const sha = await tip();
    const { data } = await octokit.repos.getCommit({ ...world.at, ref: "main" });
    expect(data).toMatchObject({ sha, stats: { deletions: 0 } });
    expect(data.author).toMatchObject({ login: "octo" });
    const form = (format: string) =>
      octokit.repos
        .getCommit({ ...world.at, ref: "main", mediaType: { format } })
        .then((answer) => answer.data);
    expect(await form("sha")).toBe(sha);
    expect(await form("diff")).toContain("+For tests of the forge.");
    expect(await form("patch")).toContain("Subject: [PATCH]");
    expect(await refusal(octokit.repos.getCommit({ ...world.at, ref: "nothing" }))).toEqual({
      status: 422,
      message: "No commit found for SHA: nothing",
    });
    const list = await octokit.repos.listCommits({ ...world.at, path: "README.md" });
    expect(list.data.map((commit) => commit.sha)).toEqual([sha]);
    expect(world.witness.problems).toEqual([]);
  });

  it("lists branches with their protection and compares across them", async () => {
    const octokit = world.as(world.owner);
    const sha = await tip();
    await world.as(world.writer).git.createRef({ ...world.at, ref: "refs/heads/stable/v1", sha });
    const rules = {
      required_status_checks: { strict: true, contexts: ["ci"] },
      enforce_admins: null,
      required_pull_request_reviews: { required_approving_review_count: 2, dismiss_stale_reviews: true },
      restrictions: null,
    };
    const branch = { ...world.at, branch: "stable/v1" };
    const protection = await octokit.repos.updateBranchProtection({ ...branch, ...rules });
    expect(protection.data).toMatchObject({
      required_status_checks: { strict: true, contexts: ["ci"] },
      required_pull_request_reviews: { required_approving_review_count: 2, dismiss_stale_reviews: true },
      enforce_admins: { enabled: false },
    });
    expect((await octokit.repos.getBranchProtection(branch)).data).toEqual(protection.data);
    expect((await octokit.repos.getBranch(branch)).data).toMatchObject({
      name: "stable/v1",
      protected: true,
    });
    const listed = await octokit.repos.listBranches({ ...world.at, protected: true });
    expect(listed.data.map(({ name }) => name)).toEqual(["stable/v1"]);
    const same = await octokit.repos.compareCommitsWithBasehead({
      ...world.at,
      basehead: "stable/v1...main",
    });
    expect(same.data.status).toBe("identical");
    await octokit.repos.deleteBranchProtection(branch);
    expect(await refusal(octokit.repos.getBranchProtection(branch))).toEqual({
      status: 404,
      message: "Branch not protected",
    });
    expect(await refusal(world.as(world.writer).repos.getBranchProtection(branch))).toMatchObject({
      status: 403,
    });
    expect(world.witness.problems).toEqual([]);
  });
});
