import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../base/result.ts";
import { isAgentConfiguration } from "./agent-configuration.ts";
import type { GitPlace } from "./git-place.ts";
import { BASE_REF, START_REF } from "./prepare-work-tree.ts";
import { parseRawDiff } from "./raw-diff.ts";
import { GitFailed, gitOutput, gitText } from "./run-git.ts";
import { readTree } from "./tree-entries.ts";

export const WORK_REF = "refs/baton/work";

/** More than this is not read into git at all: the delivery's own limits are far below. */
const MAX_WORK_TREE_CHANGE_BYTES = 200 * 1024 * 1024;

export type CommittedWork = {
  /** Null when nothing was changed. */
  readonly headSha: string | null;
  /** Agent configuration that the session changed: it stays as it was. */
  readonly leftOut: readonly string[];
};

/**
 * Commits the work tree as it is, onto the start commit, in the runner's own repository. Ignored files stay out, and
 * so do changes to agent configuration. A work tree that git cannot take, or that is too large, is a problem in one
 * sentence.
 */
export async function commitWorkTree(
  place: GitPlace,
  work: { readonly workTree: string; readonly message: string; readonly at: Date },
): Promise<Result<CommittedWork, string>> {
  const { workTree } = work;
  const bytes = await changedBytes(place, workTree);
  if (bytes > MAX_WORK_TREE_CHANGE_BYTES) {
    return err(
      `The changed files hold ${bytes} bytes, more than the ${MAX_WORK_TREE_CHANGE_BYTES} that are looked at.`,
    );
  }
  try {
    await gitOutput(place, ["add", "--all", "."], {
      workTree,
      settings: [["advice.addEmbeddedRepo", "false"]],
    });
  } catch (cause) {
    if (!(cause instanceof GitFailed)) throw cause;
    return err(`git could not read the changed files: ${lastLine(cause.stderr)}`);
  }
  const leftOut = await leaveOutAgentConfiguration(place, workTree);
  const tree = await gitText(place, ["write-tree"]);
  if (tree === (await gitText(place, ["rev-parse", `${START_REF}^{tree}`])))
    return ok({ headSha: null, leftOut });
  const headSha = await gitText(place, ["commit-tree", tree, "-p", START_REF, "-m", work.message], {
    env: agentIdentity(work.at),
  });
  await gitOutput(place, ["update-ref", WORK_REF, headSha]);
  return ok({ headSha, leftOut });
}

/** Who the agent's commits are by; the deliver job replaces it by the App and the requester. */
function agentIdentity(at: Date): Record<string, string> {
  const date = `${Math.floor(at.getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: "Baton agent",
    GIT_AUTHOR_EMAIL: "agent@baton.invalid",
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: "Baton agent",
    GIT_COMMITTER_EMAIL: "agent@baton.invalid",
    GIT_COMMITTER_DATE: date,
  };
}

/** What `git add` would have to read, before it reads any of it. */
async function changedBytes(place: GitPlace, workTree: string): Promise<number> {
  const listed = await gitOutput(place, ["ls-files", "-z", "--others", "--modified", "--exclude-standard"], {
    workTree,
  });
  let bytes = 0;
  for (const path of new Set(listed.toString("utf8").split("\0"))) {
    if (path === "") continue;
    const stats = await lstat(join(workTree, path)).catch(() => null);
    if (stats?.isFile() === true) bytes += stats.size;
  }
  return bytes;
}

/**
 * Gives agent configuration the start commit's state in the index. Before the session it was given the base branch's
 * state in the work tree, so what differs from that was changed by the session.
 */
async function leaveOutAgentConfiguration(place: GitPlace, workTree: string): Promise<readonly string[]> {
  const raw = await gitOutput(
    place,
    ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", START_REF],
    { workTree },
  );
  const changes = parseRawDiff(raw);
  // A path that is no UTF-8 is refused by name when the work is delivered.
  if (!changes.ok) return [];
  const misplaced = changes.value.filter((change) => isAgentConfiguration(change.path));
  if (misplaced.length === 0) return [];
  const restored = misplaced
    .map(
      (change) => `${change.oldMode === "000000" ? "0" : change.oldMode} ${change.oldSha}\t${change.path}\0`,
    )
    // Removals first: a directory must be gone before a file takes its name.
    .sort((a, b) => Number(b.startsWith("0 ")) - Number(a.startsWith("0 ")));
  await gitOutput(place, ["update-index", "-z", "--index-info"], { workTree, input: restored.join("") });
  const trusted = await readTree(place, BASE_REF);
  return misplaced
    .filter((change) => (trusted.get(change.path)?.sha ?? NO_OBJECT) !== change.sha)
    .map((change) => change.path);
}

const NO_OBJECT = "0".repeat(40);

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
