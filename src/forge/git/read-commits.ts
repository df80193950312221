import { parseIdentity, type GitIdentity } from "./git-identity.ts";
import { readObjects } from "./read-objects.ts";
import { gitText } from "./run-git.ts";

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  /** Without the newlines that git keeps at its end. */
  readonly message: string;
}

/** Reads commits by id, in the order given. A missing commit is a bug or a broken repository: it throws. */
export async function readCommits(gitDir: string, oids: readonly string[]): Promise<Commit[]> {
  const objects = await readObjects(gitDir, oids);
  return objects.map((object, index) => {
    if (object?.type !== "commit") throw new Error(`${oids[index]} is not a commit of ${gitDir}`);
    return parseCommit(object.oid, object.content);
  });
}

/** Reads one commit by its whole id; `undefined` when there is none. */
export async function readCommit(gitDir: string, oid: string): Promise<Commit | undefined> {
  const [object] = await readObjects(gitDir, [oid]);
  return object?.type === "commit" ? parseCommit(object.oid, object.content) : undefined;
}

export interface CommitWalk {
  /** Ids of the commits to start from. */
  readonly from: readonly string[];
  /** Commits that these reach are left out. */
  readonly without?: readonly string[];
  /** Only commits that change something at or under this path. */
  readonly path?: string;
  readonly order: "newest first" | "oldest first";
  readonly limit?: number;
  readonly skip?: number;
}

/** The ids of the commits that a walk meets, parents never on the wrong side of their children. */
export async function listCommitIds(gitDir: string, walk: CommitWalk): Promise<string[]> {
  const args = ["rev-list", "--topo-order", "--end-of-options", ...walk.from];
  for (const oid of walk.without ?? []) args.push(`^${oid}`);
  if (walk.path !== undefined) args.push("--", walk.path);
  const listed = await gitText(gitDir, args, { env: { GIT_LITERAL_PATHSPECS: "1" } });
  const oids = listed === "" ? [] : listed.split("\n");
  if (walk.order === "oldest first") oids.reverse();
  const skip = walk.skip ?? 0;
  return oids.slice(skip, walk.limit === undefined ? undefined : skip + walk.limit);
}

export async function listCommits(gitDir: string, walk: CommitWalk): Promise<Commit[]> {
  return readCommits(gitDir, await listCommitIds(gitDir, walk));
}

export function parseCommit(oid: string, content: Buffer): Commit {
  const text = content.toString("utf8");
  const headerEnd = text.indexOf("\n\n");
  const headers = text.slice(0, headerEnd).split("\n");
  const values = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    oid,
    tree: values("tree")[0] ?? "",
    parents: values("parent"),
    author: parseIdentity(values("author")[0] ?? ""),
    committer: parseIdentity(values("committer")[0] ?? ""),
    message: text.slice(headerEnd + 2).replace(/\n+$/, ""),
  };
}
