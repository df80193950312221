import { readRef } from "../../git/read-refs.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import { listChangedFiles } from "../../git/changed-files.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { HubEvent, HubEventName, HubEventOf } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";
import type { TriggerOccurrence } from "../workflow/event-filter.ts";

/** An event as it may start workflows: which commit their files are read from, and what the run is about. */
export interface WorkflowOccurrence extends TriggerOccurrence {
  /** `github.ref`. */
  runRef: string;
  /** `github.sha`: the workflow files are read from it, and it is what is checked out. */
  commit: string;
  /** What the run reports on; for pull requests their head and not the test merge. */
  headBranch: string | null;
  headSha: string;
  /** Null to name the run after its workflow. */
  title: string | null;
  pullIds: number[];
  /** Where `[skip ci]` is looked for. */
  commitMessage: string;
}

/** Events for which the workflows of the default branch are asked. */
const defaultBranchEvents: readonly HubEventName[] = [
  "issues",
  "issue_comment",
  "label",
  "check_run",
  "check_suite",
  "status",
  "delete",
  "workflow_run",
];

/** Events that may start workflows by themselves; `workflow_dispatch` starts the one it names. */
export const triggeringEvents: ReadonlySet<HubEventName> = new Set([
  ...defaultBranchEvents,
  "push",
  "pull_request",
  "pull_request_review",
  "create",
]);

/** @returns null for events that start no workflow at all */
export async function describeOccurrence(
  hub: Hub,
  repository: Repository,
  event: HubEvent,
): Promise<WorkflowOccurrence | null> {
  if (event.name === "push") return describePush(hub, repository, event);
  if (event.name === "create") return describeCreation(hub, repository, event);
  if (event.name === "pull_request" || event.name === "pull_request_review") {
    return describePull(hub, repository, event);
  }
  return defaultBranchEvents.includes(event.name) ? describeOnDefaultBranch(hub, repository, event) : null;
}

function describePush(
  hub: Hub,
  repository: Repository,
  event: HubEventOf<"push">,
): WorkflowOccurrence | null {
  if (event.after === NO_OBJECT) return null;
  const head = event.commits.at(-1);
  const before = event.before === NO_OBJECT ? undefined : event.before;
  return {
    event: "push",
    action: null,
    ref: event.ref,
    changedFiles: () => changedFiles(hub, repository, before, event.after),
    runRef: event.ref,
    commit: event.after,
    headBranch: event.ref.replace(/^refs\/(heads|tags)\//, ""),
    headSha: event.after,
    title: head?.message.split("\n")[0] ?? null,
    pullIds: [],
    commitMessage: head?.message ?? "",
  };
}

/** The files of a pull request's workflows come from the test merge, so a conflicting one starts none. */
function describePull(
  hub: Hub,
  repository: Repository,
  event: HubEventOf<"pull_request" | "pull_request_review">,
): WorkflowOccurrence | null {
  const pull = hub.store.pulls.require(event.pullId);
  const commit = pull.mergeCommitSha;
  if (commit === null) return null;
  return {
    event: event.name,
    action: event.action,
    ref: `refs/heads/${pull.base.ref}`,
    changedFiles: () => changedFiles(hub, repository, pull.base.sha, commit),
    runRef: `refs/pull/${pull.number}/merge`,
    commit,
    headBranch: pull.head.ref,
    headSha: pull.head.sha,
    title: hub.store.issues.require(pull.issueId).title,
    pullIds: [pull.id],
    commitMessage: "",
  };
}

async function describeCreation(
  hub: Hub,
  repository: Repository,
  event: HubEventOf<"create" | "delete">,
): Promise<WorkflowOccurrence | null> {
  const ref = `refs/${event.refType === "branch" ? "heads" : "tags"}/${event.ref}`;
  const commit = await readRef(hub.gitDirectory(repository.id), `${ref}^{commit}`);
  if (commit === undefined) return null;
  return { ...plainOccurrence(event), runRef: ref, commit, headBranch: event.ref, headSha: commit };
}

async function describeOnDefaultBranch(
  hub: Hub,
  repository: Repository,
  event: HubEvent,
): Promise<WorkflowOccurrence | null> {
  const runRef = `refs/heads/${repository.defaultBranch}`;
  const commit = await readRef(hub.gitDirectory(repository.id), runRef);
  if (commit === undefined) return null;
  const occurrence: WorkflowOccurrence = {
    ...plainOccurrence(event),
    runRef,
    commit,
    headBranch: repository.defaultBranch,
    headSha: commit,
  };
  if (event.name === "issues" || event.name === "issue_comment") {
    return { ...occurrence, title: hub.store.issues.require(event.issueId).title };
  }
  if (event.name !== "workflow_run") return occurrence;
  const run = hub.store.workflowRuns.require(event.runId);
  return { ...occurrence, ref: `refs/heads/${run.headBranch ?? ""}`, workflowName: run.name };
}

function plainOccurrence(event: HubEvent) {
  return {
    event: event.name,
    action: event.action,
    ref: null,
    changedFiles: () => Promise.resolve([]),
    title: null,
    pullIds: [],
    commitMessage: "",
  };
}

async function changedFiles(
  hub: Hub,
  repository: Repository,
  before: string | undefined,
  after: string,
): Promise<string[]> {
  const changes = await listChangedFiles(hub.gitDirectory(repository.id), before, after);
  return changes.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [path, previousPath],
  );
}
