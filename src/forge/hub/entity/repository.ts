import type { RepositoryRole } from "./permission.ts";

export interface Repository {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  homepage: string | null;
  private: boolean;
  defaultBranch: string;
  archived: boolean;
  parentId: number | null;
  hasIssues: boolean;
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  allowAutoMerge: boolean;
  deleteBranchOnMerge: boolean;
  /** The last number given to an issue or a pull request; they share one sequence. */
  lastNumber: number;
  pushedAt: string;
  createdAt: string;
  updatedAt: string;
}

export interface Collaborator {
  id: number;
  repositoryId: number;
  userId: number;
  role: RepositoryRole;
}

export interface Label {
  id: number;
  repositoryId: number;
  name: string;
  /** Six hexadecimal digits without `#`. */
  color: string;
  description: string | null;
  default: boolean;
}

/** Rules for one branch, in the words of GitHub's "branch protection" API. */
export interface BranchProtection {
  id: number;
  repositoryId: number;
  branch: string;
  requiredStatusChecks: { strict: boolean; checks: { context: string; appId: number | null }[] } | null;
  requiredReviews: {
    approvingCount: number;
    dismissStale: boolean;
    requireCodeOwners: boolean;
    requireLastPushApproval: boolean;
  } | null;
  enforceAdmins: boolean;
  /** Who may push when pushes are restricted; `null` restricts nobody. */
  restrictions: { userIds: number[]; appIds: number[] } | null;
  requiredLinearHistory: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
  requiredConversationResolution: boolean;
  lockBranch: boolean;
}
