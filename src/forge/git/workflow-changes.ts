import { listCommitIds } from "./read-commits.ts";
import { NO_OBJECT } from "./read-objects.ts";
import { listRefs } from "./read-refs.ts";
import { readFileAt } from "./read-tree.ts";
import type { RefUpdate } from "./update-refs.ts";
import { runGit } from "./run-git.ts";

const WORKFLOWS = ".github/workflows";

/**
 * The first workflow file that a ref update adds, changes or removes, looking at every commit that no
 * branch or tag has yet and at the difference between the tips. As on GitHub, a file that exists with
 * the same path and content on another branch is not counted.
 *
 * Must be called before the update is carried out. `undefined` when no workflow is touched.
 */
export async function findWorkflowChange(gitDir: string, update: RefUpdate): Promise<string | undefined> {
  if (update.after === NO_OBJECT) return undefined;
  const touched = await workflowChanges(gitDir, update);
  if (touched.length === 0) return undefined;
  const known = await knownWorkflowFiles(gitDir, update.ref);
  for (const file of touched) {
    if (file.oid === NO_OBJECT ? await isOnDefaultBranch(gitDir, file.path) : !known.has(keyOf(file))) {
      return file.path;
    }
  }
  return undefined;
}

function keyOf(file: TouchedFile): string {
  return `${file.oid} ${file.path}`;
}

/** A removal that the default branch has already seen may be merged into other branches. */
async function isOnDefaultBranch(gitDir: string, path: string): Promise<boolean> {
  return (await readFileAt(gitDir, "HEAD", path)) !== undefined;
}

/** The first workflow file that differs between two commits, known elsewhere or not. */
export async function findWorkflowDifference(
  gitDir: string,
  before: string,
  after: string,
): Promise<string | undefined> {
  const [first] = await diffRaw(gitDir, [before, after], "");
  return first?.path;
}

interface TouchedFile {
  readonly path: string;
  readonly oid: string;
}

async function workflowChanges(gitDir: string, update: RefUpdate): Promise<TouchedFile[]> {
  const without = (await listRefs(gitDir, "refs/heads/"))
    .concat(await listRefs(gitDir, "refs/tags/"))
    .map((ref) => ref.oid);
  const fresh = await listCommitIds(gitDir, { from: [update.after], without, order: "oldest first" });
  const lines = fresh.map((oid) => `${oid}\n`).join("");
  const perCommit = lines === "" ? [] : await diffRaw(gitDir, ["--stdin", "--root", "-m"], lines);
  const betweenTips =
    update.before === NO_OBJECT ? [] : await diffRaw(gitDir, [update.before, update.after], "");
  return [...perCommit, ...betweenTips];
}

async function diffRaw(gitDir: string, what: readonly string[], input: string): Promise<TouchedFile[]> {
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", ...what, "--", WORKFLOWS];
  const fields = (await runGit(gitDir, args, { input })).stdout.toString("utf8").split("\0");
  const files: TouchedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , , after = ""] = (fields[at] ?? "").split(" ");
    files.push({ path: fields[at + 1] ?? "", oid: after });
  }
  return files;
}

/** `<blob> <path>` of every workflow file at the tip of a branch other than the one that is updated. */
async function knownWorkflowFiles(gitDir: string, exceptRef: string): Promise<Set<string>> {
  const known = new Set<string>();
  for (const branch of await listRefs(gitDir, "refs/heads/")) {
    if (branch.ref === exceptRef) continue;
    const args = ["ls-tree", "-r", "-z", "--full-tree", branch.oid, "--", WORKFLOWS];
    for (const record of (await runGit(gitDir, args)).stdout.toString("utf8").split("\0")) {
      const [meta = "", path = ""] = record.split("\t");
      const [, , oid = ""] = meta.split(" ");
      known.add(keyOf({ oid, path }));
    }
  }
  return known;
}
