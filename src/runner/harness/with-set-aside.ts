import { mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HarnessSession } from "./harness.ts";

/**
 * Does something while what lies at the top of the work tree by these names is not there, and puts it back: some
 * programs execute what they find there. What the session made by such a name is gone then.
 */
export async function withSetAside<Done>(
  { workTree }: Pick<HarnessSession, "workTree">,
  names: readonly string[],
  work: () => Promise<Done>,
): Promise<Done> {
  if (names.length === 0) return work();
  const aside = await mkdtemp(join(dirname(workTree), "set-aside-"));
  const moved = [];
  for (const name of names) if (await move(join(workTree, name), join(aside, name))) moved.push(name);
  try {
    return await work();
  } finally {
    for (const name of names) await rm(join(workTree, name), { recursive: true, force: true });
    for (const name of moved) await rename(join(aside, name), join(workTree, name));
    await rm(aside, { recursive: true, force: true });
  }
}

async function move(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return false;
    throw cause;
  }
}
