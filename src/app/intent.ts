import type { AttemptId, TenantId } from "../base/ids.ts";
import type { Issue, Repository } from "../core/task/state.ts";

/** Who caused an event. What a bot says counts only where the policy lists it. */
export type Sender = {
  readonly id: number;
  readonly login: string;
  readonly type: "user" | "bot";
};

type InRepository = {
  readonly tenant: TenantId;
  readonly repository: Repository;
  readonly sender: Sender;
};

/** An issue as its events show it: a pull request is an issue too, and has its labels and comments. */
type OfIssue = InRepository & {
  readonly issue: Issue;
  readonly isPull: boolean;
};

type OfPull = InRepository & {
  readonly pull: {
    readonly number: number;
    readonly headRef: string;
    readonly headSha: string;
    readonly baseRef: string;
    /** null when the head repository was deleted; another id than the repository's for a fork. */
    readonly headRepositoryId: number | null;
  };
};

/**
 * What a webhook means to Baton, free of GitHub's payload shapes. A pure function of the payload: nothing here was
 * looked up, and nobody's right to anything was checked yet.
 */
export type Intent =
  | (OfIssue & { readonly kind: "label-added"; readonly label: string })
  /** `issue.labels` no longer holds it. Somebody took away a label that shows the status, or one that gave the tier. */
  | (OfIssue & { readonly kind: "label-removed"; readonly label: string })
  | (OfIssue & { readonly kind: "issue-edited"; readonly changed: readonly ("title" | "body")[] })
  | (OfIssue & { readonly kind: "issue-closed"; readonly why: "closed" | "deleted" | "transferred" })
  | (OfIssue & { readonly kind: "issue-reopened" })
  /** `sender` wrote it. */
  | (OfIssue & {
      readonly kind: "comment-created";
      readonly commentId: number;
      readonly body: string;
      /** ISO 8601, UTC. */
      readonly createdAt: string;
    })
  /** Never read for commands. `own`: it is a comment by the App, which may have to be written again. */
  | (OfIssue & {
      readonly kind: "comment-changed";
      readonly commentId: number;
      readonly change: "edited" | "deleted";
      readonly own: boolean;
    })
  | (OfPull & {
      readonly kind: "review-submitted";
      readonly reviewer: Sender;
      readonly state: "approved" | "changes-requested" | "commented";
      /** The commit that was looked at; not always the head any more. */
      readonly sha: string;
      readonly body: string;
      readonly at: string;
    })
  | (OfPull & { readonly kind: "review-dismissed"; readonly reviewer: Sender })
  /** A pull request has come, or its head or base is another than before: it may change the policy. */
  | (OfPull & {
      readonly kind: "pull-updated";
      readonly change: "opened" | "reopened" | "synchronized" | "retargeted";
    })
  /** `mergeSha` is null when it was closed without a merge. */
  | (OfPull & { readonly kind: "pull-closed"; readonly mergeSha: string | null })
  /** A merge queue has made a commit of the pull request and waits for its checks, or gives that commit up. */
  | (InRepository & {
      readonly kind: "queue-entered" | "queue-left";
      readonly pullNumber: number;
      readonly sha: string;
    })
  /** A push to a branch of Baton's, by whomever. */
  | (InRepository & {
      readonly kind: "branch-pushed";
      readonly branch: string;
      /** Where the branch was: zeroes for one that is new. */
      readonly before: string;
      readonly sha: string;
      readonly forced: boolean;
      /** The attempt whose work the head commit says that it is: any commit can say so, Baton's alone count. */
      readonly attempt: AttemptId | null;
    })
  | (InRepository & { readonly kind: "branch-deleted"; readonly branch: string; readonly before: string })
  /** A check, check suite or commit status of somebody else was completed on a branch of Baton's. */
  | (InRepository & {
      readonly kind: "checks-changed";
      readonly sha: string;
      readonly branches: readonly string[];
    })
  /** Somebody pressed "Re-run" on a check of Baton's; `name` is null for all of them at once. */
  | (InRepository & {
      readonly kind: "check-rerequested";
      readonly sha: string;
      readonly name: string | null;
      readonly externalId: string | null;
      readonly branch: string | null;
    })
  /** A run of Baton's own workflow is over. */
  | (InRepository & {
      readonly kind: "workflow-run-completed";
      readonly runId: number;
      /** The attempt that the run's name says it is of: whoever may start the workflow can make it say another. */
      readonly attempt: AttemptId | null;
      /** As GitHub says it: `success`, `failure`, `cancelled`, `timed_out`, `startup_failure`… */
      readonly conclusion: string;
    })
  /** A push to the default branch touched the policy or the repository's own roles. */
  | (InRepository & { readonly kind: "policy-changed"; readonly sha: string })
  /** `repository.defaultBranch` is the new one. */
  | (InRepository & { readonly kind: "default-branch-renamed"; readonly from: string })
  /** `repository` has the new owner and name. */
  | (InRepository & { readonly kind: "repository-renamed" })
  | (InRepository & {
      readonly kind: "repository-gone";
      readonly why: "deleted" | "archived" | "transferred";
    })
  | {
      readonly kind: "installation-removed";
      readonly tenant: TenantId;
      readonly why: "deleted" | "suspended";
      readonly sender: Sender;
    }
  | { readonly kind: "installation-restored"; readonly tenant: TenantId; readonly sender: Sender }
  /** The App was taken out of some repositories of the installation. */
  | {
      readonly kind: "repositories-removed";
      readonly tenant: TenantId;
      readonly repositoryIds: readonly number[];
      readonly sender: Sender;
    }
  /** `reason` is one sentence, kept as the delivery's outcome. */
  | { readonly kind: "ignored"; readonly reason: string };
