import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const SOURCE = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int delayed(const char *name, int fd) {
  struct timespec delay = {0, DELAY_NS};
  int (*call)(int) = (int (*)(int)) dlsym(RTLD_NEXT, name);
  nanosleep(&delay, 0);
  return call(fd);
}

int fsync(int fd) { return delayed("fsync", fd); }
int fdatasync(int fd) { return delayed("fdatasync", fd); }
`;

/**
 * Environment of a program whose every fsync takes that much longer, as on a disk at the other end of a network; null
 * where there is no C compiler. `remove` when the program has ended.
 */
export async function delayFsync(
  byMs: number,
): Promise<{ readonly environment: Record<string, string>; remove(): Promise<void> } | null> {
  const folder = await mkdtemp(join(tmpdir(), "baton-fsync-"));
  // PostgreSQL runs as an account of its own.
  await chmod(folder, 0o755);
  const remove = () => rm(folder, { recursive: true });
  const [source, library] = [join(folder, "delay.c"), join(folder, "delay.so")];
  await writeFile(source, SOURCE);
  try {
    const define = `-DDELAY_NS=${byMs * 1_000_000}`;
    await promisify(execFile)("gcc", ["-shared", "-fPIC", "-O2", define, "-o", library, source, "-ldl"]);
  } catch (error) {
    await remove();
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  return { environment: { LD_PRELOAD: library }, remove };
}
