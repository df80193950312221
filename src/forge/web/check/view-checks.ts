import type { CheckRun } from "../../hub/entity/check.ts";
import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Tone } from "../pieces/state-badge.ts";
import { checkLook, type CheckLook } from "../pieces/check-state.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import { readCheckRuns, readStatuses, statusLook } from "./read-checks.ts";

/** A check run or a commit status in a list. */
export interface CheckLine {
  name: string;
  /** What branch rules know it by. */
  context: string;
  look: CheckLook;
  /** What it says of itself in one line. */
  title: string;
  href: string | null;
  /** When a running check began, and how long a finished one took. */
  startedAt: string | null;
  completedAt: string | null;
}

export function viewChecks(visit: RepositoryVisit, sha: string): CheckLine[] {
  const runs = readCheckRuns(visit, sha).map((run) => ({
    name: checkName(visit, run),
    context: run.name,
    look: checkLook(run.status, run.conclusion),
    title: run.output.title ?? "",
    href: `/${visit.fullName}/runs/${run.id}`,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
  }));
  const statuses = readStatuses(visit, sha).map((status) => ({
    name: status.context,
    context: status.context,
    look: statusLook(status.state),
    title: status.description ?? "",
    href: webAddress(status.targetUrl),
    startedAt: null,
    completedAt: null,
  }));
  return [...runs, ...statuses].sort(byUrgency);
}

const urgency: readonly Tone[] = ["bad", "wait", "run", "good", "done", "quiet"];

/** What needs a look comes first. */
export function byUrgency(
  one: { name: string; look: CheckLook },
  other: { name: string; look: CheckLook },
): number {
  const rank = urgency.indexOf(one.look.tone) - urgency.indexOf(other.look.tone);
  return rank || one.name.localeCompare(other.name);
}

/** The workflow run that a check run shows a job of. */
export function findWorkflowRun({ hub }: RepositoryVisit, run: CheckRun): WorkflowRun | undefined {
  return run.appId === hub.actionsApp.id
    ? hub.store.workflowRuns.findOne({ checkSuiteId: run.suiteId })
    : undefined;
}

/** Jobs of different workflows often have the same name, so theirs is told with the workflow and the event. */
export function checkName(visit: RepositoryVisit, run: CheckRun): string {
  const workflow = findWorkflowRun(visit, run);
  return workflow ? `${workflow.name} / ${run.name} (${workflow.event})` : run.name;
}

/** An address that an App gave; only the web's are links. */
export function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
