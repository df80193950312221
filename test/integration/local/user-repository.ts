import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

export type Files = Readonly<Record<string, string>>;

/** A repository as a user has it, with one commit. */
export async function createUserRepository(
  dir: string,
  { files, branch = "main" }: { readonly files: Files; readonly branch?: string },
): Promise<string> {
  await git(["init", "--quiet", `--initial-branch=${branch}`, dir]);
  await writeFiles(dir, files);
  await commitAll(dir, "Begin");
  return dir;
}

export async function commitAll(dir: string, message: string): Promise<void> {
  await git(["-C", dir, "add", "--all"]);
  const as = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  await git(["-C", dir, ...as, "commit", "--quiet", "--allow-empty", "--message", message]);
}

export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

/** Every file below a folder, `.git` included, with its mode and what is in it: equal only when nothing was touched. */
export async function fingerprint(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) return `${path} -> ${await readlink(path)}`;
    const { mode, mtimeMs } = await stat(path);
    if (!entry.isFile()) return `${path} ${mode} ${mtimeMs}`;
    return `${path} ${mode} ${mtimeMs} ${createHash("sha256")
      .update(await readFile(path))
      .digest("hex")}`;
  });
  return (await Promise.all(lines)).toSorted();
}

export async function git(args: readonly string[]): Promise<string> {
  const { stdout } = await execute("git", args);
  return stdout.trim();
}
