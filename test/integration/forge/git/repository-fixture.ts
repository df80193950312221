import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createEmptyRepository } from "../../../../src/forge/git/create-bare-repository.ts";
import type { GitIdentity } from "../../../../src/forge/git/git-identity.ts";
import { readCommit } from "../../../../src/forge/git/read-commits.ts";
import { writeBlob, writeCommit, writeTree } from "../../../../src/forge/git/write-objects.ts";

export const ada: GitIdentity = {
  name: "Ada",
  email: "ada@example.com",
  at: new Date("2026-01-02T03:04:05Z"),
};

/** A bare repository whose commits a test writes in one line each. */
export interface RepositoryFixture {
  readonly dir: string;
  /** Writes a commit with the parents' first tree changed: `null` removes a file. Gives its id. */
  commit(files: Readonly<Record<string, string | null>>, ...parents: string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function createRepositoryFixture(): Promise<RepositoryFixture> {
  const root = await mkdtemp(join(tmpdir(), "forge-repository-"));
  const dir = join(root, "repository.git");
  await createEmptyRepository(dir, "main");
  let count = 0;
  return {
    dir,
    commit: async (files, ...parents) => {
      const changes = [];
      for (const [path, content] of Object.entries(files)) {
        const oid = content === null ? null : await writeBlob(dir, content);
        changes.push({ path, mode: "100644", oid });
      }
      const [parent] = parents;
      const base = parent === undefined ? undefined : (await readCommit(dir, parent))?.tree;
      const tree = await writeTree(dir, base, changes);
      count += 1;
      return writeCommit(dir, { tree, parents, author: ada, committer: ada, message: `Commit ${count}` });
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
