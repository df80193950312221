import { NO_OBJECT } from "./read-objects.ts";
import { GitFailure, runGit } from "./run-git.ts";

export interface RefUpdate {
  /** Full name. */
  readonly ref: string;
  /** What the reference holds now; `NO_OBJECT` when it does not exist. */
  readonly before: string;
  /** What it shall hold; `NO_OBJECT` removes it. */
  readonly after: string;
}

/**
 * Carries out all updates or none. An update whose reference no longer holds `before` fails the call,
 * as does a name that conflicts with another (`a` and `a/b`).
 */
export async function updateRefs(gitDir: string, updates: readonly RefUpdate[]): Promise<void> {
  const commands = updates.map(({ ref, before, after }) =>
    after === NO_OBJECT ? `delete ${ref}\0${before}\0` : `update ${ref}\0${after}\0${before}\0`,
  );
  await runGit(gitDir, ["update-ref", "--stdin", "-z", "--no-deref"], { input: commands.join("") });
}

/** As `updateRefs`, for callers to whom a lost race or a conflicting name is an answer. */
export async function tryUpdateRefs(gitDir: string, updates: readonly RefUpdate[]): Promise<boolean> {
  try {
    await updateRefs(gitDir, updates);
    return true;
  } catch (error) {
    if (error instanceof GitFailure && error.code === 128) return false;
    throw error;
  }
}
