import { mkdir } from "node:fs/promises";
import type { GitPlace } from "./git-place.ts";
import { gitOutput } from "./run-git.ts";

/** An empty bare repository with an empty home beside it: no template, so no hooks. */
export async function createRepository(place: GitPlace): Promise<void> {
  await mkdir(place.homeDir, { recursive: true });
  await mkdir(place.gitDir, { recursive: true });
  await gitOutput(place, ["init", "--quiet", "--bare", "--template="]);
}
