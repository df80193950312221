import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The repository's files below a folder, new ones included and ignored ones left out; as git names them. */
export async function listFiles(folder: string): Promise<string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", folder];
  const { stdout } = await run("git", args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split("\0").filter((path) => path !== "" && existsSync(path));
}
