import type { TenantId } from "../base/ids.ts";
import type { RepositoryRole } from "../core/policy/policy.ts";
import type { Repository, Run } from "../core/task/state.ts";

/** A file of the repository: absent, unreadable and found are three different answers. */
export type FileContent =
  | { readonly kind: "found"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly why: string };

/** Paths are from the repository's root; `other` is a symlink or a submodule. */
export type DirectoryEntry = { readonly path: string; readonly kind: "file" | "directory" | "other" };

type CheckConclusion = "success" | "failure" | "neutral" | "cancelled" | "skipped" | "action_required";

export type CheckToShow = {
  /** Stable id of this check within its commit: the upsert's key. */
  readonly externalId: string;
  readonly name: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: CheckConclusion | null;
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  readonly detailsUrl: string | null;
  readonly annotations: readonly {
    readonly path: string;
    readonly line: number;
    readonly message: string;
  }[];
};

/** One check or commit status of somebody else on a commit. */
export type ObservedCheck = {
  readonly name: string;
  readonly state: "pending" | "green" | "red";
  /** What it printed last, masked by GitHub, at most 20,000 characters; "" when it passed or printed nothing. */
  readonly logTail: string;
  readonly url: string | null;
};

export type ObservedChecks = {
  readonly checks: readonly ObservedCheck[];
  /** A check suite that has begun is not over, so more checks may come. */
  readonly suitesPending: boolean;
};

export type PullRequestFacts = {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed" | "merged";
  readonly draft: boolean;
  readonly headSha: string;
  readonly headRef: string;
  /** null for a head repository that was deleted. */
  readonly headRepositoryId: number | null;
  readonly mergeSha: string | null;
};

export type MergeOutcome =
  | { readonly kind: "merged"; readonly sha: string }
  /** GitHub's own reason, as one sentence: a conflict, a missing review or check, a moved head. */
  | { readonly kind: "refused"; readonly why: string };

export type DispatchOutcome =
  | { readonly kind: "started"; readonly run: Run }
  /** The workflow is missing, disabled or not a `workflow_dispatch` one: one sentence with the remedy. */
  | { readonly kind: "refused"; readonly why: string };

/**
 * GitHub as one installation of the App sees it. Every method that changes something is an "ensure": it looks first
 * and does nothing where the wanted state is there. Throws `GitHubUnavailable` for what a later try may mend.
 */
export interface GitHub {
  headOf(repository: Repository, branch: string): Promise<string | null>;
  readFile(repository: Repository, path: string, ref: string): Promise<FileContent>;
  /** What lies right under a directory, in the order of its paths; null where there is no such directory. */
  list(repository: Repository, path: string, ref: string): Promise<readonly DirectoryEntry[] | null>;
  roleOf(repository: Repository, login: string): Promise<RepositoryRole>;
  /** The account's numeric id; null when there is no such account any more. */
  userIdOf(login: string): Promise<number | null>;
  issue(
    repository: Repository,
    number: number,
  ): Promise<{
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
    readonly state: "open" | "closed";
    /** Login of whoever opened it; null for an account that is gone. */
    readonly author: string | null;
  } | null>;
  pullRequest(repository: Repository, number: number): Promise<PullRequestFacts | null>;
  changedFiles(repository: Repository, base: string, head: string): Promise<readonly string[]>;
  diff(repository: Repository, base: string, head: string): Promise<string>;
  /** Checks and statuses of others on a commit, with log tails of the red ones. */
  observeChecks(repository: Repository, sha: string): Promise<ObservedChecks>;

  /** Makes the issue carry exactly this one of the labels that start with `prefix`, creating the label if need be. */
  ensureLabel(
    repository: Repository,
    issueNumber: number,
    label: {
      readonly prefix: string;
      readonly name: string;
      readonly color: string;
      readonly description: string;
    },
  ): Promise<void>;
  removeLabel(repository: Repository, issueNumber: number, name: string): Promise<void>;
  /** One comment by the App that holds `marker`, edited in place; duplicates of a race are removed. */
  ensureComment(repository: Repository, issueNumber: number, marker: string, body: string): Promise<void>;
  ensureReaction(
    repository: Repository,
    commentId: number,
    reaction: "eyes" | "rocket" | "+1" | "confused",
  ): Promise<void>;
  ensureChecks(repository: Repository, sha: string, checks: readonly CheckToShow[]): Promise<void>;
  ensurePullRequest(
    repository: Repository,
    wanted: { readonly head: string; readonly base: string; readonly title: string; readonly body: string },
  ): Promise<{ readonly number: number; readonly url: string }>;
  ensureReadyForReview(repository: Repository, number: number): Promise<void>;
  ensureClosed(repository: Repository, number: number): Promise<void>;
  merge(
    repository: Repository,
    wanted: {
      readonly number: number;
      readonly sha: string;
      readonly method: "merge" | "squash" | "rebase";
      readonly title: string;
      readonly message: string;
    },
  ): Promise<MergeOutcome>;
  /** Starts the workflow for the attempt, unless a run for it is there already. */
  dispatchRun(
    repository: Repository,
    wanted: {
      readonly workflow: string;
      readonly attempt: string;
      readonly server: string;
      /** Only this job of the workflow; without it, all that an attempt takes. */
      readonly job?: "verify";
    },
  ): Promise<DispatchOutcome>;
  cancelRun(repository: Repository, runId: number): Promise<void>;
  /** A token of this installation for this repository alone, `contents: write`, at most an hour. */
  pushToken(repository: Repository): Promise<string>;
}

/** Where a tenant's GitHub comes from. */
export type GitHubOf = (tenant: TenantId) => Promise<GitHub>;
