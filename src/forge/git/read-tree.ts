import { readObject } from "./read-objects.ts";
import { runGit } from "./run-git.ts";

export interface TreeEntry {
  /** From the root of the tree that was listed. */
  readonly path: string;
  /** `100644` file, `100755` executable, `120000` symlink, `040000` directory, `160000` submodule. */
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly oid: string;
  /** In bytes; only blobs have one. */
  readonly size?: number;
}

/**
 * Lists a tree by its id (or that of a commit), directories among their files when `recursive`.
 * `undefined` when there is no such tree.
 */
export async function readTree(
  gitDir: string,
  oid: string,
  options: { readonly recursive?: boolean } = {},
): Promise<TreeEntry[] | undefined> {
  const recursion = options.recursive === true ? ["-r", "-t"] : [];
  const args = ["ls-tree", "-z", "--long", "--full-tree", ...recursion, oid];
  const { code, stdout } = await runGit(gitDir, args, { answers: [0, 128] });
  return code === 0 ? parseEntries(stdout) : undefined;
}

/** What a commit has at a path; the root is the empty path. `undefined` when there is nothing. */
export async function readEntry(
  gitDir: string,
  commit: string,
  path: string,
): Promise<TreeEntry | undefined> {
  if (path === "") {
    const tree = await readObject(gitDir, `${commit}^{tree}`);
    return tree && { path: "", mode: "040000", type: "tree", oid: tree.oid };
  }
  const args = ["ls-tree", "-z", "--long", "--full-tree", commit, "--", path];
  const env = { GIT_LITERAL_PATHSPECS: "1" };
  const { code, stdout } = await runGit(gitDir, args, { answers: [0, 128], env });
  return code === 0 ? parseEntries(stdout).find((entry) => entry.path === path) : undefined;
}

/** The bytes of a file in a commit; `undefined` when there is no file at that path. */
export async function readFileAt(gitDir: string, commit: string, path: string): Promise<Buffer | undefined> {
  const object = await readObject(gitDir, `${commit}:${path}`);
  return object?.type === "blob" ? object.content : undefined;
}

function parseEntries(stdout: Buffer): TreeEntry[] {
  const records = stdout.toString("utf8").split("\0").slice(0, -1);
  return records.map((record) => {
    const tab = record.indexOf("\t");
    const [mode = "", type = "", oid = "", size = "-"] = record.slice(0, tab).split(/ +/);
    const entry = { path: record.slice(tab + 1), mode, type: type as TreeEntry["type"], oid };
    return size === "-" ? entry : { ...entry, size: Number(size) };
  });
}
