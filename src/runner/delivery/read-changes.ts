import { ok, type Result } from "../../base/result.ts";
import type { GitPlace } from "../git/git-place.ts";
import { parseRawDiff, type RawChange } from "../git/raw-diff.ts";
import { gitOutput } from "../git/run-git.ts";
import { SUBMODULE_MODE, type ChangedFile } from "./changed-file.ts";

const STATUS = { A: "added", M: "modified", D: "deleted", T: "type-changed" } as const;
const ABSENT = "000000";

/** What really differs between two commits, whatever anybody reported. */
export async function readChanges(
  place: GitPlace,
  startSha: string,
  headSha: string,
): Promise<Result<readonly ChangedFile[], string>> {
  const raw = await gitOutput(place, [
    "diff-tree",
    "-r",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--ignore-submodules=none",
    startSha,
    headSha,
  ]);
  const changes = parseRawDiff(raw);
  if (!changes.ok) return changes;
  const sizes = await readSizes(place, changes.value);
  return ok(
    changes.value.map((change) => ({
      path: change.path,
      oldMode: change.oldMode,
      mode: change.mode,
      status: STATUS[change.status],
      bytes: sizes.get(change.sha) ?? 0,
      sha: change.mode === ABSENT ? null : change.sha,
      oldSha: change.oldMode === ABSENT ? null : change.oldSha,
    })),
  );
}

async function readSizes(
  place: GitPlace,
  changes: readonly RawChange[],
): Promise<ReadonlyMap<string, number>> {
  const shas = changes
    .filter((change) => change.mode !== ABSENT && change.mode !== SUBMODULE_MODE)
    .map((change) => change.sha);
  const lines = await gitOutput(place, ["cat-file", "--batch-check=%(objectname) %(objectsize)"], {
    input: shas.map((sha) => `${sha}\n`).join(""),
  });
  const sizes = new Map<string, number>();
  for (const line of lines.toString("latin1").split("\n")) {
    const [sha = "", size = ""] = line.split(" ");
    if (/^\d+$/.test(size)) sizes.set(sha, Number(size));
  }
  return sizes;
}
