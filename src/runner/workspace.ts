import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createRepository } from "./git/create-repository.ts";
import type { GitPlace } from "./git/git-place.ts";

/** The directories of one job, all fresh. */
export type Workspace = {
  /** The runner's own repository. */
  readonly place: GitPlace;
  /** What the agent or the verify command works in. */
  readonly workTree: string;
  readonly homeDir: string;
  readonly tempDir: string;
  readonly promptFile: string;
  readonly briefingFile: string;
  readonly resultFile: string;
  /** One folder for each skill of the briefing. */
  readonly skillsDir: string;
  readonly bundleFile: string;
  /** The work so far, packed. */
  readonly snapshotFile: string;
};

export async function createWorkspace(parent: string, path: string): Promise<Workspace> {
  await mkdir(parent, { recursive: true });
  const root = await mkdtemp(join(parent, "baton-"));
  const place = { gitDir: join(root, "repository.git"), homeDir: join(root, "git-home"), path };
  const exchangeDir = join(root, "exchange");
  const workspace = {
    place,
    workTree: join(root, "work"),
    homeDir: join(root, "home"),
    tempDir: join(root, "tmp"),
    promptFile: join(exchangeDir, "prompt.md"),
    briefingFile: join(exchangeDir, "briefing.json"),
    resultFile: join(exchangeDir, "result.json"),
    skillsDir: join(exchangeDir, "skills"),
    bundleFile: join(root, "work.bundle"),
    snapshotFile: join(root, "snapshot.bundle"),
  };
  for (const directory of [exchangeDir, workspace.homeDir, workspace.tempDir]) await mkdir(directory);
  await createRepository(place);
  return workspace;
}
