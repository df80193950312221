import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../../base/result.ts";
import { planFile, type PlannedFile, type WantedFile } from "./file-plan.ts";

/** Compares the wanted files with the work tree. A path that a symlink leads elsewhere is a problem. */
export async function planInWorkTree(
  root: string,
  wanted: readonly WantedFile[],
): Promise<Result<readonly PlannedFile[], string>> {
  const planned: PlannedFile[] = [];
  for (const file of wanted) {
    const link = await findSymlink(root, file.path);
    if (link !== null) return err(`${link} is a symlink, so ${file.path} is not written through it.`);
    planned.push(planFile(file, await readFile(join(root, file.path), "utf8").catch(onlyIfAbsent)));
  }
  return ok(planned);
}

export async function writeToWorkTree(root: string, files: readonly PlannedFile[]): Promise<void> {
  for (const file of files) {
    if (file.state === "same") continue;
    await mkdir(dirname(join(root, file.path)), { recursive: true });
    await writeFile(join(root, file.path), file.text);
  }
}

async function findSymlink(root: string, path: string): Promise<string | null> {
  const parts = path.split("/");
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join("/");
    const stats = await lstat(join(root, part)).catch(onlyIfAbsent);
    if (stats?.isSymbolicLink() === true) return part;
  }
  return null;
}

function onlyIfAbsent(cause: unknown): null {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
  throw cause;
}
