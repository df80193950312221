import type { DeliveryResult } from "../../contract/attempt-api.ts";
import type { GitPlace } from "../git/git-place.ts";
import { pushCommit, type PushOutcome } from "../git/push-commit.ts";
import { credentialSettings, type Remote } from "../git/remote.ts";
import { gitText, runGit } from "../git/run-git.ts";
import { makeFailure } from "../reporting/make-failure.ts";
import type { Timers } from "../timers.ts";

export type WorkToPush = {
  readonly branch: string;
  /** Where the branch must be; null when it must not exist yet. */
  readonly expected: string | null;
  readonly commit: string;
};

const PUSH_TRIES = 4;
const FIRST_WAIT_MS = 1_000;

/**
 * Pushes the commit unless it, or one with the same content on the same parent, is the branch's head already: an
 * earlier delivery of the same attempt whose answer was lost. A branch that moved is refused, never overwritten.
 */
export async function pushWork(
  place: GitPlace,
  remote: Remote,
  work: WorkToPush & { readonly timers: Timers },
): Promise<DeliveryResult> {
  let outcome: PushOutcome = { kind: "unreachable", why: "" };
  for (let tried = 0; tried < PUSH_TRIES && outcome.kind === "unreachable"; tried++) {
    if (tried > 0) await work.timers.sleep(FIRST_WAIT_MS * 2 ** (tried - 1));
    outcome = await pushCommit(place, remote, {
      sha: work.commit,
      branch: work.branch,
      expected: work.expected,
    });
  }
  if (outcome.kind === "pushed") return { outcome: "pushed", headSha: work.commit };
  if (outcome.kind !== "moved") {
    return refused(`GitHub did not take the push to ${work.branch}: ${outcome.why.replace(/\.$/, "")}.`);
  }
  const { head } = outcome;
  if (head !== null && (await isSameWork(place, remote, { head, commit: work.commit }))) {
    return { outcome: "pushed", headSha: head };
  }
  return refused(describeMove(work, head));
}

function describeMove({ branch, expected }: WorkToPush, head: string | null): string {
  if (head === null) return `The branch ${branch} was deleted while the agent worked, so nothing was pushed.`;
  const from = expected === null ? "did not exist" : `was at ${expected.slice(0, 12)}`;
  return (
    `The branch ${branch} ${from} when the agent began and is at ${head.slice(0, 12)} now, ` +
    "so nothing was pushed over it."
  );
}

async function isSameWork(
  place: GitPlace,
  remote: Remote,
  pair: { readonly head: string; readonly commit: string },
): Promise<boolean> {
  if (pair.head === pair.commit) return true;
  if (!(await fetchCommit(place, remote, pair.head))) return false;
  const shape = ["log", "-1", "--format=%T %P"];
  return (await gitText(place, [...shape, pair.head])) === (await gitText(place, [...shape, pair.commit]));
}

async function fetchCommit(place: GitPlace, remote: Remote, sha: string): Promise<boolean> {
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=2", remote.url, sha];
  const outcome = await runGit(place, args, { settings: credentialSettings(remote) });
  return outcome.exitCode === 0;
}

function refused(summary: string): DeliveryResult {
  return { outcome: "refused", failure: makeFailure({ kind: "infrastructure", summary }) };
}
