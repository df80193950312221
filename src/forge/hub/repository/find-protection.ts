import type { BranchProtection } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";

/** The rules of a branch; `undefined` when it is not protected. */
export function findProtection(hub: Hub, repositoryId: number, branch: string): BranchProtection | undefined {
  return hub.store.branchProtections.findOne({ repositoryId, branch });
}
