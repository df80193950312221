import { isAncestor } from "../../git/read-refs.ts";
import type { ActingCaller } from "../caller.ts";
import { describeUnmet, evaluateRequiredChecks } from "../check/required-checks.ts";
import { accessIncludes, roleIncludes } from "../entity/permission.ts";
import type { Pull, Review } from "../entity/pull.ts";
import type { BranchProtection, Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { findProtection } from "../repository/find-protection.ts";
import { roleOf } from "../repository-access.ts";
import { findInstallation } from "../setup/install-app.ts";
import { standingReviews } from "./review-pull.ts";

export interface MergeObstacles {
  /** Rules of the base branch that are not met, in GitHub's words. */
  readonly problems: readonly string[];
  /** The rules want the head to have all of the base, and it has not. */
  readonly behind: boolean;
}

/**
 * What the rules of the base branch have against merging a pull request.
 * @param caller whoever wants to merge; without one, the rules as they stand for everybody
 */
export async function findMergeObstacles(
  hub: Hub,
  { pull, caller }: { pull: Pull; caller?: ActingCaller },
): Promise<MergeObstacles> {
  const repository = hub.store.repositories.require(pull.repositoryId);
  const protection = findProtection(hub, repository.id, pull.base.ref);
  if (
    protection === undefined ||
    (caller !== undefined && mayBypass(hub, { repository, protection, caller }))
  ) {
    return { problems: [], behind: false };
  }
  refuseUnknownRules(protection);
  const problems = [
    ...(protection.lockBranch ? ["Cannot change this locked branch"] : []),
    ...(caller !== undefined && isRestricted(protection, caller)
      ? [
          "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information.",
        ]
      : []),
    ...reviewProblems(hub, { pull, repository, protection }),
    ...checkProblems(hub, { pull, repository, protection }),
  ];
  return { problems, behind: await isBehind(hub, pull, protection) };
}

/** Rules that the API does not take and that only a set-up script can have made. They must not pass as met. */
function refuseUnknownRules({
  branch,
  requiredReviews,
  requiredConversationResolution,
}: BranchProtection): void {
  const unknown =
    requiredReviews?.requireCodeOwners === true ||
    requiredReviews?.requireLastPushApproval === true ||
    requiredConversationResolution;
  if (!unknown) return;
  throw new Error(
    `The protection of ${branch} asks for code owners, last-push approval or resolved conversations, which the forge does not support.`,
  );
}

function mayBypass(
  hub: Hub,
  {
    repository,
    protection,
    caller,
  }: { repository: Repository; protection: BranchProtection; caller: ActingCaller },
): boolean {
  const isAdmin = caller.kind === "user" && roleOf(hub, caller.account.id, repository) === "admin";
  return isAdmin && !protection.enforceAdmins && !protection.lockBranch;
}

function isRestricted({ restrictions }: BranchProtection, caller: ActingCaller): boolean {
  if (restrictions === null) return false;
  return caller.kind === "user"
    ? !restrictions.userIds.includes(caller.account.id)
    : !restrictions.appIds.includes(caller.app.id);
}

interface Ruled {
  pull: Pull;
  repository: Repository;
  protection: BranchProtection;
}

function reviewProblems(hub: Hub, { pull, repository, protection }: Ruled): string[] {
  if (protection.requiredReviews === null) return [];
  const counted = standingReviews(hub, pull).filter((review) => mayWrite(hub, repository, review));
  const refusals = counted.filter(({ state }) => state === "CHANGES_REQUESTED").length;
  const approvals = counted.filter(({ state }) => state === "APPROVED").length;
  const needed = protection.requiredReviews.approvingCount;
  if (refusals > 0) {
    const noun = refusals === 1 ? "review" : "reviews";
    return [`${refusals} ${noun} requesting changes by reviewers with write access.`];
  }
  if (approvals >= needed) return [];
  const subject = needed === 1 ? "review is" : "reviews are";
  return [`At least ${needed} approving ${subject} required by reviewers with write access.`];
}

/** Only the word of those who may write counts; of Apps, that of installations that may. */
function mayWrite(hub: Hub, repository: Repository, { authorId }: Review): boolean {
  const app = hub.store.apps.findOne({ botId: authorId });
  if (app !== undefined) {
    const installation = findInstallation(hub, app.id, repository);
    return accessIncludes(installation?.permissions.contents, "write");
  }
  const role = roleOf(hub, authorId, repository);
  return role !== null && roleIncludes(role, "write");
}

function checkProblems(hub: Hub, { pull, repository, protection }: Ruled): string[] {
  const required = protection.requiredStatusChecks;
  if (required === null) return [];
  const requirements = evaluateRequiredChecks(hub, {
    repository,
    sha: pull.head.sha,
    checks: required.checks,
  });
  const unmet = describeUnmet(requirements);
  return unmet === undefined ? [] : [unmet];
}

async function isBehind(hub: Hub, pull: Pull, protection: BranchProtection): Promise<boolean> {
  if (protection.requiredStatusChecks?.strict !== true) return false;
  return !(await isAncestor(hub.gitDirectory(pull.repositoryId), pull.base.sha, pull.head.sha));
}
