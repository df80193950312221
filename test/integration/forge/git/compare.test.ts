import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { listChangedFiles } from "../../../../src/forge/git/changed-files.ts";
import { compareCommits } from "../../../../src/forge/git/compare-commits.ts";
import { listCommitIds } from "../../../../src/forge/git/read-commits.ts";
import { NO_OBJECT } from "../../../../src/forge/git/read-objects.ts";
import { resolveCommit } from "../../../../src/forge/git/resolve-revision.ts";
import { runGit } from "../../../../src/forge/git/run-git.ts";
import { updateRefs } from "../../../../src/forge/git/update-refs.ts";
import { findWorkflowChange } from "../../../../src/forge/git/workflow-changes.ts";
import { writeBlob, writeTree } from "../../../../src/forge/git/write-objects.ts";
import { createRepositoryFixture, type RepositoryFixture } from "./repository-fixture.ts";

let repository: RepositoryFixture;

beforeEach(async () => {
  repository = await createRepositoryFixture();
});

afterEach(() => repository.remove());

function setBranch(name: string, oid: string, before = NO_OBJECT): Promise<void> {
  return updateRefs(repository.dir, [{ ref: `refs/heads/${name}`, before, after: oid }]);
}

describe("compareCommits", () => {
  it("counts both ways from the merge base", async () => {
    const root = await repository.commit({ a: "1\n" });
    const left = await repository.commit({ b: "2\n" }, root);
    const right = await repository.commit({ d: "4\n" }, await repository.commit({ c: "3\n" }, root));
    expect(await compareCommits(repository.dir, left, right)).toEqual({
      mergeBase: root,
      aheadBy: 2,
      behindBy: 1,
    });
  });

  it("has no answer for histories that share nothing", async () => {
    const one = await repository.commit({ a: "1\n" });
    const other = await repository.commit({ b: "2\n" });
    expect(await compareCommits(repository.dir, one, other)).toBeUndefined();
  });
});

describe("listChangedFiles", () => {
  it("describes additions, changes, removals and renames as GitHub does", async () => {
    const long = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const before = await repository.commit({ "kept.txt": "a\nb\nc\n", "gone.txt": "x\n", "old.txt": long });
    const after = await repository.commit(
      { "kept.txt": "a\nB\nc", "gone.txt": null, "old.txt": null, "dir/new.txt": long, "ä ö.txt": "u\n" },
      before,
    );
    const files = await listChangedFiles(repository.dir, before, after);
    expect(files.map(({ oid: _oid, ...file }) => file)).toMatchInlineSnapshot(`
      [
        {
          "additions": 0,
          "deletions": 0,
          "path": "dir/new.txt",
          "previousPath": "old.txt",
          "status": "renamed",
        },
        {
          "additions": 0,
          "deletions": 1,
          "patch": "@@ -1 +0,0 @@
      -x",
          "path": "gone.txt",
          "status": "removed",
        },
        {
          "additions": 2,
          "deletions": 2,
          "patch": "@@ -1,3 +1,3 @@
       a
      -b
      -c
      +B
      +c
      \\ No newline at end of file",
          "path": "kept.txt",
          "status": "modified",
        },
        {
          "additions": 1,
          "deletions": 0,
          "patch": "@@ -0,0 +1 @@
      +u",
          "path": "ä ö.txt",
          "status": "added",
        },
      ]
    `);
  });

  it("gives no patch for binary files and counts nothing in them", async () => {
    const before = await repository.commit({ "image.bin": "\0\u0001" });
    const after = await repository.commit({ "image.bin": "\0\u0002\0" }, before);
    const [file] = await listChangedFiles(repository.dir, before, after);
    expect(file).toMatchObject({ status: "modified", additions: 0, deletions: 0 });
    expect(file).not.toHaveProperty("patch");
  });

  it("is not led astray by content that looks like a header or by a file that becomes a symlink", async () => {
    const before = await repository.commit({ "a.txt": "one\n", link: "plain\n", "z.txt": "1\n" });
    const target = await writeBlob(repository.dir, "a.txt");
    const tree = await writeTree(repository.dir, before, [
      {
        path: "a.txt",
        mode: "100644",
        oid: await writeBlob(repository.dir, "diff --git a/x b/x\n@@ -1 +1 @@\n"),
      },
      { path: "link", mode: "120000", oid: target },
      { path: "z.txt", mode: "100644", oid: await writeBlob(repository.dir, "2\n") },
    ]);
    const files = await listChangedFiles(repository.dir, before, tree);
    expect(files.map((file) => [file.path, file.status, file.additions, file.deletions])).toEqual([
      ["a.txt", "modified", 2, 1],
      ["link", "changed", 1, 1],
      ["z.txt", "modified", 1, 1],
    ]);
  });

  it("shows a first commit as additions", async () => {
    const root = await repository.commit({ "a.txt": "one\n" });
    expect(await listChangedFiles(repository.dir, undefined, root)).toMatchObject([
      { path: "a.txt", status: "added", patch: "@@ -0,0 +1 @@\n+one" },
    ]);
  });

  it("leaves the patch of a very large change out and still counts it", async () => {
    const before = await repository.commit({ "a.txt": "one\n" });
    const after = await repository.commit({ "a.txt": "x\n".repeat(30_000) }, before);
    const [file] = await listChangedFiles(repository.dir, before, after);
    expect(file).toMatchObject({ additions: 30_000, deletions: 1 });
    expect(file).not.toHaveProperty("patch");
  });
});

describe("resolveCommit", () => {
  it("takes branches, tags, ids and steps from them, and nothing else of git's syntax", async () => {
    const first = await repository.commit({ a: "1\n" });
    const second = await repository.commit({ a: "2\n" }, first);
    await setBranch("feature/x", second);
    await runGit(repository.dir, ["tag", "v1", first]);
    const resolve = (revision: string) => resolveCommit(repository.dir, revision);
    expect(await resolve("feature/x")).toBe(second);
    expect(await resolve("heads/feature/x")).toBe(second);
    expect(await resolve("refs/heads/feature/x")).toBe(second);
    expect(await resolve("v1")).toBe(first);
    expect(await resolve("feature/x~1")).toBe(first);
    expect(await resolve(second.slice(0, 8))).toBe(second);
    for (const bad of [
      "",
      "nothing",
      "--all",
      ":/Commit",
      "feature/x@{0}",
      "a b",
      "feature/x:a",
      "..",
      "\n",
    ]) {
      expect(await resolve(bad)).toBeUndefined();
    }
  });
});

describe("listCommitIds", () => {
  it("walks in either order, with a window and by path", async () => {
    const first = await repository.commit({ "a/x": "1\n" });
    const second = await repository.commit({ "b/y": "2\n" }, first);
    const third = await repository.commit({ "a/x": "3\n" }, second);
    const walk = { from: [third], order: "newest first" } as const;
    expect(await listCommitIds(repository.dir, walk)).toEqual([third, second, first]);
    expect(await listCommitIds(repository.dir, { ...walk, skip: 1, limit: 1 })).toEqual([second]);
    expect(await listCommitIds(repository.dir, { ...walk, path: "a" })).toEqual([third, first]);
    expect(await listCommitIds(repository.dir, { ...walk, order: "oldest first", without: [first] })).toEqual(
      [second, third],
    );
  });
});

describe("findWorkflowChange", () => {
  const ci = ".github/workflows/ci.yml";

  it("names the workflow that a new commit touches, though a later one restores it", async () => {
    const base = await repository.commit({ [ci]: "on: push\n" });
    await setBranch("main", base);
    const touched = await repository.commit({ [ci]: "on: issues\n" }, base);
    const restored = await repository.commit({ [ci]: "on: push\n" }, touched);
    const update = { ref: "refs/heads/topic", before: NO_OBJECT, after: restored };
    expect(await findWorkflowChange(repository.dir, update)).toBe(ci);
  });

  it("does not count workflows that another branch has with the same content", async () => {
    const base = await repository.commit({ a: "1\n" });
    const topic = await repository.commit({ b: "1\n" }, base);
    const main = await repository.commit({ [ci]: "on: push\n" }, base);
    await setBranch("main", main);
    await setBranch("topic", topic);
    const merged = await repository.commit({ [ci]: "on: push\n" }, topic, main);
    const update = { ref: "refs/heads/topic", before: topic, after: merged };
    expect(await findWorkflowChange(repository.dir, update)).toBeUndefined();
  });

  it("counts removals, and files that a force-push brings back from before", async () => {
    const base = await repository.commit({ [ci]: "on: issues\n" });
    const main = await repository.commit({ [ci]: "on: push\n" }, base);
    await setBranch("main", main);
    const removed = await repository.commit({ [ci]: null }, main);
    const update = { ref: "refs/heads/main", before: main };
    expect(await findWorkflowChange(repository.dir, { ...update, after: removed })).toBe(ci);
    expect(await findWorkflowChange(repository.dir, { ...update, after: base })).toBe(ci);
  });

  it("lets everything else pass", async () => {
    const base = await repository.commit({ [ci]: "on: push\n" });
    await setBranch("main", base);
    const topic = await repository.commit({ ".github/baton.yml": "a\n" }, base);
    const update = { ref: "refs/heads/topic", before: NO_OBJECT, after: topic };
    expect(await findWorkflowChange(repository.dir, update)).toBeUndefined();
  });
});
