import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { writeMerge, writeRebase, writeSquash } from "../../../../src/forge/git/merge-commits.ts";
import { listCommits, readCommit } from "../../../../src/forge/git/read-commits.ts";
import { readFileAt, readTree } from "../../../../src/forge/git/read-tree.ts";
import { ada, createRepositoryFixture, type RepositoryFixture } from "./repository-fixture.ts";

const grace = { name: "Grace", email: "grace@example.com", at: new Date("2026-02-03T00:00:00Z") };

let repository: RepositoryFixture;
let root: string;

beforeEach(async () => {
  repository = await createRepositoryFixture();
  root = await repository.commit({ "a.txt": "1\n2\n3\n4\n5\n", "b.txt": "b\n" });
});

afterEach(() => repository.remove());

async function read(commit: string, path: string): Promise<string | undefined> {
  return (await readFileAt(repository.dir, commit, path))?.toString("utf8");
}

describe("merging without a work tree", () => {
  it("joins changes on both sides of the same file", async () => {
    const base = await repository.commit({ "a.txt": "one\n2\n3\n4\n5\n" }, root);
    const head = await repository.commit({ "a.txt": "1\n2\n3\n4\nfive\n" }, root);
    const request = { base, head, message: "Merge it", author: grace, committer: grace };
    const merge = await writeMerge(repository.dir, request);
    if (merge.kind !== "merged") throw new Error("expected a merge");
    expect(await read(merge.oid, "a.txt")).toBe("one\n2\n3\n4\nfive\n");
    expect(await readCommit(repository.dir, merge.oid)).toMatchObject({
      parents: [base, head],
      message: "Merge it",
    });

    const squash = await writeSquash(repository.dir, request);
    if (squash.kind !== "merged") throw new Error("expected a squash");
    expect(await readCommit(repository.dir, squash.oid)).toMatchObject({ parents: [base] });
    expect((await readCommit(repository.dir, squash.oid))?.tree).toBe(
      (await readCommit(repository.dir, merge.oid))?.tree,
    );
  });

  it("names the files in conflict", async () => {
    const base = await repository.commit({ "a.txt": "base\n", "b.txt": "same\n" }, root);
    const head = await repository.commit({ "a.txt": "head\n", "b.txt": "same\n" }, root);
    const request = { base, head, message: "Merge", author: grace, committer: grace };
    expect(await writeMerge(repository.dir, request)).toEqual({ kind: "conflict", paths: ["a.txt"] });
    expect(await writeSquash(repository.dir, request)).toEqual({ kind: "conflict", paths: ["a.txt"] });
  });

  it("rebases commit by commit, keeping authors and dropping what the base has already", async () => {
    const base = await repository.commit({ "a.txt": "one\n2\n3\n4\n5\n" }, root);
    const same = await repository.commit({ "a.txt": "one\n2\n3\n4\n5\n" }, root);
    const next = await repository.commit({ "c.txt": "c\n" }, same);
    const head = await repository.commit({ "b.txt": "B\n" }, next);
    const rebased = await writeRebase(repository.dir, { base, head, committer: grace });
    if (rebased.kind !== "merged") throw new Error("expected a rebase");
    const walk = { from: [rebased.oid], without: [base], order: "oldest first" } as const;
    const commits = await listCommits(repository.dir, walk);
    expect(
      commits.map((commit) => [commit.author.name, commit.committer.name, commit.parents.length]),
    ).toEqual([
      ["Ada", "Grace", 1],
      ["Ada", "Grace", 1],
    ]);
    expect(commits[0]?.parents).toEqual([base]);
    expect(commits[0]?.author.at).toEqual(ada.at);
    expect((await readTree(repository.dir, rebased.oid))?.map((entry) => entry.path)).toEqual([
      "a.txt",
      "b.txt",
      "c.txt",
    ]);
    expect(await read(rebased.oid, "b.txt")).toBe("B\n");
  });

  it("stops a rebase at the first commit that conflicts", async () => {
    const base = await repository.commit({ "b.txt": "base\n" }, root);
    const head = await repository.commit({ "b.txt": "head\n" }, await repository.commit({ c: "c\n" }, root));
    expect(await writeRebase(repository.dir, { base, head, committer: grace })).toEqual({
      kind: "conflict",
      paths: ["b.txt"],
    });
  });
});
