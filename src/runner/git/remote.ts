import { gitOutput, runGit, type GitSetting } from "./run-git.ts";
import type { GitPlace } from "./git-place.ts";
import type { Timers } from "../timers.ts";

/** The repository on GitHub with the token for it. */
export type Remote = { readonly url: string; readonly token: string };

const FETCH_TRIES = 4;
const FIRST_WAIT_MS = 500;

/** The credential as one header for this address only; it lives in the command's environment and nowhere else. */
export function credentialSettings(remote: Remote): readonly GitSetting[] {
  return [[`http.${remote.url}.extraheader`, `AUTHORIZATION: basic ${basicCredential(remote.token)}`]];
}

/** The form in which git sends a token: as secret as the token itself. */
function basicCredential(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString("base64");
}

/**
 * Fetches exactly these commits, each under a ref of its own, with no tags and at most `depth` commits of history.
 * A commit that GitHub refuses or a network that stays away throws GitFailed.
 */
export async function fetchCommits(
  place: GitPlace,
  remote: Remote,
  wanted: {
    readonly commits: readonly { readonly sha: string; readonly ref: string }[];
    readonly depth: number;
    readonly timers: Timers;
  },
): Promise<void> {
  const refspecs = wanted.commits.map(({ sha, ref }) => `+${sha}:${ref}`);
  const args = [
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    `--depth=${wanted.depth}`,
    remote.url,
  ];
  const options = { settings: credentialSettings(remote) };
  for (let tried = 1; tried < FETCH_TRIES; tried++) {
    const outcome = await runGit(place, [...args, ...refspecs], options);
    if (outcome.exitCode === 0) return;
    await wanted.timers.sleep(FIRST_WAIT_MS * 2 ** (tried - 1));
  }
  await gitOutput(place, [...args, ...refspecs], options);
}

/** The commit a branch of the remote points to, or null where there is no such branch. */
export async function readRemoteHead(
  place: GitPlace,
  remote: Remote,
  branch: string,
): Promise<string | null> {
  const lines = await gitOutput(place, ["ls-remote", "--refs", remote.url, `refs/heads/${branch}`], {
    settings: credentialSettings(remote),
  });
  const line = lines
    .toString("utf8")
    .split("\n")
    // The argument is a pattern that also matches other/refs/heads/<branch>.
    .find((candidate) => candidate.endsWith(`\trefs/heads/${branch}`));
  return line?.slice(0, 40) ?? null;
}
