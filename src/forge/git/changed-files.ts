import { runGit } from "./run-git.ts";

type ChangeStatus = "added" | "removed" | "modified" | "renamed" | "changed";

export interface ChangedFile {
  readonly path: string;
  /** Where a renamed file was before. */
  readonly previousPath?: string;
  readonly status: ChangeStatus;
  /** The blob after the change; before it for removed files. */
  readonly oid: string;
  readonly additions: number;
  readonly deletions: number;
  /** The hunks, without git's header. Absent for binary files, pure renames and very large changes. */
  readonly patch?: string;
}

/** The per-file limits past which GitHub shows no diff: raw size in bytes and lines. */
const PATCH_LIMIT_BYTES = 500 * 1024;
const PATCH_LIMIT_LINES = 20_000;

const DIFF_OPTIONS = ["-r", "--find-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index"];

/**
 * What differs between two trees or commits, by path, renames found at git's own threshold (50 %).
 * @param before `undefined` stands for the empty tree
 */
export async function listChangedFiles(
  gitDir: string,
  before: string | undefined,
  after: string,
): Promise<ChangedFile[]> {
  const ends = before === undefined ? ["--root", after] : [before, after];
  const diff = (format: readonly string[]) =>
    runGit(gitDir, ["diff-tree", "--no-commit-id", ...DIFF_OPTIONS, ...format, ...ends]);
  const [raw, text] = await Promise.all([diff(["--raw", "-z"]), diff(["-p"])]);
  const patches = splitPatches(text.stdout.toString("utf8"));
  let at = 0;
  return parseRaw(raw.stdout.toString("utf8")).map((change) => {
    // A file that became a symlink (or the reverse) is shown by git as a removal and an addition.
    const sections = patches.slice(at, at + (change.letter === "T" ? 2 : 1));
    at += sections.length;
    return describe(change, sections);
  });
}

/** The unified diff between two commits, as `git diff` prints it. */
export async function diffText(gitDir: string, before: string, after: string): Promise<Buffer> {
  const args = ["diff", "--find-renames", "--no-ext-diff", "--no-textconv", "--no-color", before, after];
  return (await runGit(gitDir, args)).stdout;
}

/** The commits that `after` has and `before` has not, as mails that `git am` applies. */
export async function patchText(gitDir: string, before: string, after: string): Promise<Buffer> {
  return (await runGit(gitDir, ["format-patch", "--stdout", `${before}..${after}`])).stdout;
}

interface RawChange {
  readonly letter: string;
  readonly oid: string;
  readonly path: string;
  readonly previousPath?: string;
}

function parseRaw(text: string): RawChange[] {
  const fields = text.split("\0");
  const changes: RawChange[] = [];
  for (let at = 0; fields[at]?.startsWith(":");) {
    const [, , before = "", after = "", status = ""] = (fields[at] ?? "").split(" ");
    const letter = status.charAt(0);
    const path = fields[at + 1] ?? "";
    if (letter === "R") {
      changes.push({ letter, oid: after, path: fields[at + 2] ?? "", previousPath: path });
      at += 3;
    } else {
      changes.push({ letter, oid: letter === "D" ? before : after, path });
      at += 2;
    }
  }
  return changes;
}

/** Lines of content start with a space, `+`, `-` or `\`, so this marker can only be a header. */
function splitPatches(text: string): string[] {
  return text.split(/^(?=diff --git )/m).filter((section) => section.startsWith("diff --git "));
}

function describe(change: RawChange, sections: readonly string[]): ChangedFile {
  const hunks = sections
    .map(hunksOf)
    .filter((part) => part !== "")
    .join("\n");
  const lines = hunks === "" ? [] : hunks.split("\n");
  const shown = hunks !== "" && hunks.length <= PATCH_LIMIT_BYTES && lines.length <= PATCH_LIMIT_LINES;
  return {
    path: change.path,
    ...(change.previousPath === undefined ? {} : { previousPath: change.previousPath }),
    status: statusOf(change.letter),
    oid: change.oid,
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
    ...(shown ? { patch: hunks } : {}),
  };
}

function hunksOf(section: string): string {
  const start = section.search(/^@@ /m);
  return start < 0 ? "" : section.slice(start).replace(/\n$/, "");
}

function statusOf(letter: string): ChangeStatus {
  switch (letter) {
    case "A":
      return "added";
    case "D":
      return "removed";
    case "R":
      return "renamed";
    case "T":
      return "changed";
    default:
      return "modified";
  }
}
