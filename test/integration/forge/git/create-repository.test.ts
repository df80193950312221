import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  createClonedRepository,
  createSeededRepository,
} from "../../../../src/forge/git/create-bare-repository.ts";
import { listRefs } from "../../../../src/forge/git/read-refs.ts";
import { readTree } from "../../../../src/forge/git/read-tree.ts";
import { gitText } from "../../../../src/forge/git/run-git.ts";
import { createGitClient, type GitClient } from "./git-client.ts";
import { ada } from "./repository-fixture.ts";

let root: string;
let source: GitClient;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "forge-create-"));
  source = await createGitClient();
});

afterEach(async () => {
  await source.remove();
  await rm(root, { recursive: true, force: true });
});

describe("creating bare repositories", () => {
  it("seeds one from a directory, without what its .gitignore names", async () => {
    const seed = join(root, "seed");
    await mkdir(join(seed, "src"), { recursive: true });
    await writeFile(join(seed, ".gitignore"), "dist/\n");
    await writeFile(join(seed, "src", "a.js"), "1\n", { mode: 0o755 });
    await mkdir(join(seed, "dist"));
    await writeFile(join(seed, "dist", "a.js"), "built\n");
    const gitDir = join(root, "seeded.git");
    const options = { defaultBranch: "trunk", message: "Initial commit", author: ada };
    const commit = await createSeededRepository(gitDir, seed, options);

    const files = (await readTree(gitDir, commit, { recursive: true })) ?? [];
    expect(files.map((file) => `${file.mode} ${file.path}`)).toEqual([
      "100644 .gitignore",
      "040000 src",
      "100755 src/a.js",
    ]);
    expect(await gitText(gitDir, ["symbolic-ref", "HEAD"])).toBe("refs/heads/trunk");
    expect(await createSeededRepository(join(root, "again.git"), seed, options)).toBe(commit);
  });

  it("clones branches and tags of a path and leaves the source as it was", async () => {
    await source.git("init", "-q", "-b", "develop");
    const oid = await source.commit("First", { "a.txt": "1\n" });
    await source.git("tag", "v1");
    await source.git("branch", "other");
    await source.write("dirty.txt", "uncommitted\n");
    const config = await readFile(join(source.dir, ".git", "config"), "utf8");
    const gitDir = join(root, "cloned.git");

    expect(await createClonedRepository(gitDir, source.dir)).toBe("develop");
    expect((await listRefs(gitDir, "refs/")).map((ref) => `${ref.ref} ${ref.oid}`)).toEqual([
      `refs/heads/develop ${oid}`,
      `refs/heads/other ${oid}`,
      `refs/tags/v1 ${oid}`,
    ]);
    expect(await gitText(gitDir, ["config", "receive.procReceiveRefs"])).toBe("refs");
    expect(await readFile(join(gitDir, "config"), "utf8")).not.toContain("origin");
    expect(await readFile(join(source.dir, ".git", "config"), "utf8")).toBe(config);
    expect(await source.git("status", "--porcelain")).toBe("?? dirty.txt");
  });

  it("finds a default branch for a source with a detached head and for an empty one", async () => {
    const empty = await createGitClient();
    await empty.git("init", "-q", "-b", "start");
    expect(await createClonedRepository(join(root, "empty.git"), empty.dir)).toBe("start");
    await empty.remove();

    await source.git("init", "-q", "-b", "master");
    await source.commit("First", { "a.txt": "1\n" });
    await source.git("checkout", "-q", "--detach");
    expect(await createClonedRepository(join(root, "detached.git"), source.dir)).toBe("master");
  });
});
