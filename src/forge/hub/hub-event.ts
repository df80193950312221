import type { Comment } from "./entity/issue.ts";

/** Who caused a change, and through what. */
export interface Actor {
  accountId: number;
  /** The App whose token was used; `null` for people. */
  appId: number | null;
  /** A workflow's own `GITHUB_TOKEN`: what it does starts no further workflow. */
  viaJobToken: boolean;
}

interface RepositoryEvent {
  repositoryId: number;
  actor: Actor;
}

/** `{ title: { from: "old" } }`, as GitHub reports edits. */
export type Changes = Record<string, { from: unknown }>;

/** One change of state, by ids: payloads are built from the state that the same transaction wrote. */
export type HubEvent =
  | InstallationEvent
  | InstallationRepositoriesEvent
  | PingEvent
  | RepositoryChanged
  | LabelEvent
  | IssueEvent
  | IssueCommentEvent
  | PullEvent
  | ReviewEvent
  | PushEvent
  | RefEvent
  | CheckRunEvent
  | CheckSuiteEvent
  | StatusEvent
  | WorkflowDispatchEvent
  | WorkflowRunEvent
  | WorkflowJobEvent;

export type HubEventName = HubEvent["name"];

export type HubEventOf<N extends HubEventName> = HubEvent & { name: N };

interface InstallationEvent {
  name: "installation";
  action: "created" | "deleted" | "suspend" | "unsuspend" | "new_permissions_accepted";
  repositoryId: null;
  actor: Actor;
  installationId: number;
  /** What the installation could reach when it was created or deleted. */
  repositoryIds: number[];
}

interface InstallationRepositoriesEvent {
  name: "installation_repositories";
  action: "added" | "removed";
  repositoryId: null;
  actor: Actor;
  installationId: number;
  repositoryIds: number[];
}

interface PingEvent {
  name: "ping";
  action: null;
  repositoryId: null;
  actor: Actor;
  appId: number;
}

interface RepositoryChanged extends RepositoryEvent {
  name: "repository";
  action: "created" | "edited" | "renamed" | "deleted" | "archived" | "unarchived";
  changes?: Record<string, unknown>;
}

interface LabelEvent extends RepositoryEvent {
  name: "label";
  action: "created" | "edited" | "deleted";
  /** The label as it is now, or as it last was. */
  label: { id: number; name: string; color: string; description: string | null; default: boolean };
  changes?: Changes;
}

export interface IssueEvent extends RepositoryEvent {
  name: "issues";
  action:
    | "opened"
    | "edited"
    | "closed"
    | "reopened"
    | "labeled"
    | "unlabeled"
    | "assigned"
    | "unassigned"
    | "locked"
    | "unlocked";
  issueId: number;
  label?: LabelEvent["label"];
  assigneeId?: number;
  changes?: Changes;
}

interface IssueCommentEvent extends RepositoryEvent {
  name: "issue_comment";
  action: "created" | "edited" | "deleted";
  issueId: number;
  comment: Comment;
  changes?: Changes;
}

export interface PullEvent extends RepositoryEvent {
  name: "pull_request";
  action:
    | "opened"
    | "edited"
    | "synchronize"
    | "closed"
    | "reopened"
    | "labeled"
    | "unlabeled"
    | "assigned"
    | "unassigned"
    | "locked"
    | "unlocked"
    | "ready_for_review"
    | "converted_to_draft"
    | "review_requested"
    | "review_request_removed";
  pullId: number;
  label?: LabelEvent["label"];
  assigneeId?: number;
  requestedReviewerId?: number;
  /** Head commits around a `synchronize`. */
  before?: string;
  after?: string;
  changes?: Changes;
}

interface ReviewEvent extends RepositoryEvent {
  name: "pull_request_review";
  action: "submitted" | "edited" | "dismissed";
  pullId: number;
  reviewId: number;
}

export interface PushEvent extends RepositoryEvent {
  name: "push";
  action: null;
  /** Full reference, such as `refs/heads/main`. */
  ref: string;
  /** Forty zeros when the reference was created. */
  before: string;
  /** Forty zeros when the reference was deleted. */
  after: string;
  forced: boolean;
  commits: PushCommit[];
}

export interface PushCommit {
  sha: string;
  treeSha: string;
  message: string;
  timestamp: string;
  author: { name: string; email: string };
  committer: { name: string; email: string };
  added: string[];
  removed: string[];
  modified: string[];
}

export interface RefEvent extends RepositoryEvent {
  name: "create" | "delete";
  action: null;
  refType: "branch" | "tag";
  /** Name without `refs/heads/` or `refs/tags/`. */
  ref: string;
}

interface CheckRunEvent extends RepositoryEvent {
  name: "check_run";
  action: "created" | "completed" | "rerequested" | "requested_action";
  checkRunId: number;
  requestedActionIdentifier?: string;
}

interface CheckSuiteEvent extends RepositoryEvent {
  name: "check_suite";
  action: "completed" | "requested" | "rerequested";
  checkSuiteId: number;
}

interface StatusEvent extends RepositoryEvent {
  name: "status";
  action: null;
  statusId: number;
}

interface WorkflowDispatchEvent extends RepositoryEvent {
  name: "workflow_dispatch";
  action: null;
  workflowPath: string;
  ref: string;
  inputs: Record<string, unknown>;
}

interface WorkflowRunEvent extends RepositoryEvent {
  name: "workflow_run";
  action: "requested" | "in_progress" | "completed";
  runId: number;
}

interface WorkflowJobEvent extends RepositoryEvent {
  name: "workflow_job";
  action: "queued" | "in_progress" | "completed" | "waiting";
  jobId: number;
}
