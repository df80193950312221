/** What a pull request has beyond the issue that holds its conversation. */
export interface Pull {
  id: number;
  repositoryId: number;
  issueId: number;
  number: number;
  head: PullEnd;
  base: PullEnd;
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedById: number | null;
  /** The merge commit once merged; before that the test merge, or `null` while unknown or conflicting. */
  mergeCommitSha: string | null;
  mergeable: boolean | null;
  mergeableState: "behind" | "blocked" | "clean" | "dirty" | "draft" | "has_hooks" | "unknown" | "unstable";
  requestedReviewerIds: number[];
  maintainerCanModify: boolean;
  commits: number;
  additions: number;
  deletions: number;
  changedFiles: number;
}

export interface PullEnd {
  /** `null` once a fork was deleted. */
  repositoryId: number | null;
  /** Branch name without `refs/heads/`. */
  ref: string;
  sha: string;
}

export interface Review {
  id: number;
  repositoryId: number;
  pullId: number;
  authorId: number;
  body: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  commitId: string;
  submittedAt: string | null;
}

export interface ReviewComment {
  id: number;
  repositoryId: number;
  pullId: number;
  reviewId: number;
  authorId: number;
  body: string;
  path: string;
  /** One-based line in the file at `commitId`; `null` comments the whole file. */
  line: number | null;
  side: "LEFT" | "RIGHT";
  commitId: string;
  createdAt: string;
  updatedAt: string;
}
