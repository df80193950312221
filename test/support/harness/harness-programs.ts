import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Where tests keep the agent programs that they installed, for the next run: they are hundreds of megabytes. */
export function harnessPrograms(): string {
  const { uid } = userInfo();
  const directory = join(tmpdir(), `baton-harness-programs-${uid}`);
  mkdirSync(directory, { recursive: true });
  if (lstatSync(directory).uid !== uid) {
    throw new Error(`The directory ${directory} belongs to somebody else: what is in it is not run.`);
  }
  // A confined session is a user of its own, and has to come by.
  chmodSync(directory, 0o755);
  return directory;
}
