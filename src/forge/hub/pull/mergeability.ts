import { combinedState, currentStatuses } from "../check/create-status.ts";
import { newestRuns } from "../check/check-run.ts";
import type { Pull } from "../entity/pull.ts";
import type { Hub } from "../hub.ts";
import { issueOfPull } from "./find-pull.ts";
import { findMergeObstacles } from "./merge-requirements.ts";

/**
 * Finds out whether an open pull request can be merged, and notes it. GitHub does so when it is asked, too; until then
 * (in lists and in the webhooks of a push) the answer is `null`.
 */
export async function refreshMergeability(hub: Hub, pull: Pull): Promise<Pull> {
  if (issueOfPull(hub, pull).state !== "open") return pull;
  const mergeable = pull.mergeCommitSha !== null;
  const mergeableState = await stateOf(hub, pull);
  const current = hub.store.pulls.require(pull.id);
  const moved = current.head.sha !== pull.head.sha || current.base.sha !== pull.base.sha;
  if (moved || (current.mergeable === mergeable && current.mergeableState === mergeableState)) return current;
  return hub.change(() => hub.store.pulls.update(pull.id, { mergeable, mergeableState }));
}

async function stateOf(hub: Hub, pull: Pull): Promise<Pull["mergeableState"]> {
  if (pull.mergeCommitSha === null) return "dirty";
  if (pull.draft) return "draft";
  const { problems, behind } = await findMergeObstacles(hub, { pull });
  if (problems.length > 0) return "blocked";
  if (behind) return "behind";
  return isUnstable(hub, pull) ? "unstable" : "clean";
}

/** Something on the head failed or is not done, though nothing demands it. */
function isUnstable(hub: Hub, pull: Pull): boolean {
  const repository = hub.store.repositories.require(pull.repositoryId);
  const statuses = currentStatuses(hub, repository, pull.head.sha);
  if (statuses.length > 0 && combinedState(statuses) !== "success") return true;
  const runs = hub.store.checkRuns.find({ repositoryId: repository.id, headSha: pull.head.sha });
  return newestRuns(runs).some(
    ({ status, conclusion }) =>
      status !== "completed" || !["success", "neutral", "skipped"].includes(conclusion ?? ""),
  );
}
