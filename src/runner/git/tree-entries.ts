import type { GitPlace } from "./git-place.ts";
import { gitOutput } from "./run-git.ts";

export type TreeEntry = { readonly mode: string; readonly sha: string };

/** All files of a commit by path: blobs, symlinks and submodules. */
export async function readTree(place: GitPlace, commit: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const output = await gitOutput(place, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  const entries = new Map<string, TreeEntry>();
  for (const line of output.toString("utf8").split("\0")) {
    const match = /^([0-7]{6}) (?:blob|commit) ([0-9a-f]{40})\t(.+)$/s.exec(line);
    if (match === null) continue;
    const [, mode = "", sha = "", path = ""] = match;
    entries.set(path, { mode, sha });
  }
  return entries;
}
