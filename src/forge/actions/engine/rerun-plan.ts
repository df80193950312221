import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { ancestorsOf } from "./job-results.ts";

/** What is to run again. */
export type RerunScope = { kind: "all" } | { kind: "failed" } | { kind: "job"; job: WorkflowJob };

/** Jobs of an earlier attempt whose success still counts. */
export interface EarlierJobs {
  find: (key: string, name: string) => WorkflowJob | undefined;
}

export const noEarlierJobs: EarlierJobs = { find: () => undefined };

/** The newest job of each name. Earlier attempts lend theirs to those that did not run them again. */
export function latestJobs(hub: Hub, runId: number): WorkflowJob[] {
  const latest = new Map<string, WorkflowJob>();
  for (const job of hub.store.workflowJobs.find({ runId })) latest.set(`${job.key}\0${job.name}`, job);
  return [...latest.values()];
}

/** Whatever depends on a job that runs again runs again too. */
export function earlierJobs(
  hub: Hub,
  run: WorkflowRun,
  { workflow, scope }: { workflow: Workflow; scope: RerunScope },
): EarlierJobs {
  if (scope.kind === "all") return noEarlierJobs;
  const jobs = latestJobs(hub, run.id);
  const isChosen = (job: WorkflowJob): boolean =>
    scope.kind === "job" ? job.id === scope.job.id : job.conclusion !== "success";
  const again = new Set(jobs.filter(isChosen).map((job) => job.key));
  const definitions = new Map(workflow.jobs.map((job) => [job.key, job]));
  const dependsOnAgain = new Set(
    workflow.jobs
      .filter((job) => [...ancestorsOf(job, definitions)].some((key) => again.has(key)))
      .map((job) => job.key),
  );
  const kept = jobs.filter(
    (job) => !isChosen(job) && !dependsOnAgain.has(job.key) && job.conclusion === "success",
  );
  return { find: (key, name) => kept.find((job) => job.key === key && job.name === name) };
}
