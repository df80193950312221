import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { agentConfigurationRoot, isAgentConfiguration } from "./agent-configuration.ts";
import type { GitPlace } from "./git-place.ts";
import { gitOutput } from "./run-git.ts";
import { readTree } from "./tree-entries.ts";

export const START_REF = "refs/baton/start";
export const BASE_REF = "refs/baton/base";

type WorkTree = { readonly workTree: string; readonly branch: string; readonly defaultBranch: string };

/** Lays out the start commit for an agent, with only such agent configuration as the base branch has. */
export async function prepareWorkTree(place: GitPlace, wanted: WorkTree): Promise<void> {
  await layOutStart(place, wanted.workTree);
  await trustAgentConfiguration(place, wanted.workTree);
  await createLocalRepository(place, wanted);
}

/** Lays out the start commit exactly as it is, for the repository's own commands. */
export async function prepareExactTree(place: GitPlace, wanted: WorkTree): Promise<void> {
  await layOutStart(place, wanted.workTree);
  await createLocalRepository(place, wanted);
}

async function layOutStart(place: GitPlace, workTree: string): Promise<void> {
  await mkdir(workTree, { recursive: true });
  await gitOutput(place, ["read-tree", START_REF], { workTree });
  await gitOutput(place, ["checkout-index", "--all", "--force", "--index"], { workTree });
}

/** Removes what steers agent programs and puts back the base branch's own, which its maintainers merged. */
async function trustAgentConfiguration(place: GitPlace, workTree: string): Promise<void> {
  for (const path of (await readTree(place, START_REF)).keys()) {
    const root = agentConfigurationRoot(path);
    if (root !== null) await rm(join(workTree, root), { recursive: true, force: true });
  }
  const trusted = [...(await readTree(place, BASE_REF)).keys()].filter(isAgentConfiguration);
  if (trusted.length === 0) return;
  const env = { GIT_INDEX_FILE: join(place.gitDir, "baton-base-index") };
  await gitOutput(place, ["read-tree", BASE_REF], { workTree, env });
  await gitOutput(place, ["checkout-index", "--force", "-z", "--stdin"], {
    workTree,
    env,
    input: trusted.map((path) => `${path}\0`).join(""),
  });
}

/**
 * A repository in the work tree's `.git` that has the history, but no credential, no remote and no hooks. The runner
 * never reads it again: what an agent writes into it reaches nobody.
 */
async function createLocalRepository(place: GitPlace, wanted: WorkTree): Promise<void> {
  const { workTree } = wanted;
  const local = { ...place, gitDir: join(workTree, ".git") };
  await gitOutput(local, ["init", "--quiet", "--template="], { workTree });
  const refspecs = [
    `+${START_REF}:refs/heads/${wanted.branch}`,
    `+${BASE_REF}:refs/remotes/origin/${wanted.defaultBranch}`,
  ];
  // The history may be cut off; without --update-shallow git would not take such refs.
  const fetch = [
    "fetch",
    "--quiet",
    "--no-tags",
    "--update-shallow",
    "--update-head-ok",
    "--no-write-fetch-head",
  ];
  await gitOutput(local, [...fetch, place.gitDir, ...refspecs], { workTree });
  await gitOutput(local, ["symbolic-ref", "HEAD", `refs/heads/${wanted.branch}`], { workTree });
  await gitOutput(local, ["reset", "--quiet"], { workTree });
}
