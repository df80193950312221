import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";

/** Gives the folder back before the process ends. */
export type Release = () => void;

/**
 * Takes a folder for this process, by a file beside it that names the holder, so that a second start neither wipes
 * nor shares what the first one works on. The file goes with the process; one of a process that is gone is taken over.
 * @throws where the file system refuses the file.
 */
export function lockFolder(dir: string): Result<Release, string> {
  const file = `${dir}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  if (!takeFile(file)) {
    const holder = holderOf(file);
    if (holder === null) rmSync(file, { force: true });
    if (holder !== null || !takeFile(file)) {
      const who = holderOf(file) ?? holder;
      return err(
        `${dir} is in use by ${who === null ? "another process" : `process ${who}`}: end it first, or name another folder with --dir.`,
      );
    }
  }
  const release = (): void => {
    process.off("exit", release);
    rmSync(file, { force: true });
  };
  process.on("exit", release);
  return ok(release);
}

/** Links a file that has its content already, so that nobody ever reads a lock without its holder. */
function takeFile(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function holderOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    if (!(pid > 0)) return null;
    process.kill(pid, 0);
    return pid;
  } catch {
    // No file, no number in it, or no such process.
    return null;
  }
}
