import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

export type DetectedProgram = {
  readonly path: string;
  /** Null where it does not say, or not in time. */
  readonly version: string | null;
};

/** The slowest agent program takes some seconds to say its version on a busy machine. */
const ANSWER_MS = 60_000;

/** The program of this name on the PATH, and the version it says it is; null when there is none. */
export async function detectProgram(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DetectedProgram | null> {
  const directories = (env["PATH"] ?? "").split(delimiter).filter((each) => each.startsWith("/"));
  for (const directory of directories) {
    const path = join(directory, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return { path, version: await versionOf(path, env) };
  }
  return null;
}

function versionOf(path: string, env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(path, ["--version"], { env: { ...env }, timeout: ANSWER_MS }, (error, stdout) => {
      const [version] = error === null ? (/\d+\.\d+\.\d+[\w.+-]*/.exec(stdout) ?? []) : [];
      resolve(version ?? null);
    });
  });
}
