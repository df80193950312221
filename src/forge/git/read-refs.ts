import type { ObjectType } from "./parse-object.ts";
import { readObject } from "./read-objects.ts";
import { gitText, runGit } from "./run-git.ts";

export interface Ref {
  readonly ref: string;
  readonly oid: string;
  readonly type: ObjectType;
}

/** The references under a prefix that ends at a `/`, or the one with exactly that name; by name. */
export async function listRefs(gitDir: string, prefix: string): Promise<Ref[]> {
  const format = "--format=%(refname) %(objectname) %(objecttype)";
  const listed = await gitText(gitDir, ["for-each-ref", format, prefix]);
  if (listed === "") return [];
  return listed.split("\n").map((line) => {
    const [ref = "", oid = "", type = ""] = line.split(" ");
    return { ref, oid, type: type as ObjectType };
  });
}

/** References whose name starts with the text, as the API's matching-refs finds them. */
export async function listRefsStartingWith(gitDir: string, start: string): Promise<Ref[]> {
  const parent = start.slice(0, start.lastIndexOf("/"));
  return (await listRefs(gitDir, parent)).filter((ref) => ref.ref.startsWith(start));
}

/** The id that a reference holds now; `undefined` when it does not exist. The name must be a valid one. */
export async function readRef(gitDir: string, ref: string): Promise<string | undefined> {
  return (await readObject(gitDir, ref))?.oid;
}

/** Whether `ancestor` is reachable from `commit` (a commit is its own ancestor). */
export async function isAncestor(gitDir: string, ancestor: string, commit: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", ancestor, commit];
  return (await runGit(gitDir, args, { answers: [0, 1] })).code === 0;
}
