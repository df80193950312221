import type { BranchProtection, Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";

export type BranchRules = Omit<BranchProtection, "id" | "repositoryId" | "branch">;

/** No rule at all: what protecting a branch starts from. */
const freeBranch: BranchRules = {
  requiredStatusChecks: null,
  requiredReviews: null,
  enforceAdmins: false,
  restrictions: null,
  requiredLinearHistory: false,
  allowForcePushes: false,
  allowDeletions: false,
  requiredConversationResolution: false,
  lockBranch: false,
};

/** Replaces the rules of a branch; those that are not given are off. */
export function setBranchProtection(
  hub: Hub,
  { repository, branch, rules }: { repository: Repository; branch: string; rules: Partial<BranchRules> },
): BranchProtection {
  return hub.change(() => {
    const complete = { ...freeBranch, ...rules };
    const existing = hub.store.branchProtections.findOne({ repositoryId: repository.id, branch });
    if (existing !== undefined) return hub.store.branchProtections.update(existing.id, complete);
    return hub.store.branchProtections.insert({ repositoryId: repository.id, branch, ...complete });
  });
}

export function removeBranchProtection(
  hub: Hub,
  { repository, branch }: { repository: Repository; branch: string },
): boolean {
  return hub.change(() => {
    const existing = hub.store.branchProtections.findOne({ repositoryId: repository.id, branch });
    if (existing === undefined) return false;
    hub.store.branchProtections.delete(existing.id);
    return true;
  });
}
