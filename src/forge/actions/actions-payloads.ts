import type { ForgeContext } from "../forge-context.ts";
import { presentJob, presentRun, presentWorkflow } from "../rest/present/present-workflow.ts";

/** Payloads about workflow runs and their jobs. */
export function registerActionsPayloads({ hub, payloads }: ForgeContext): void {
  payloads.register("workflow_run", ({ runId }) => {
    const run = hub.store.workflowRuns.require(runId);
    return {
      workflow_run: presentRun(hub, run),
      workflow: presentWorkflow(hub, hub.store.workflows.require(run.workflowId)),
    };
  });

  payloads.register("workflow_job", ({ jobId }) => ({
    workflow_job: presentJob(hub, hub.store.workflowJobs.require(jobId)),
  }));

  payloads.register("workflow_dispatch", ({ inputs, ref, workflowPath }) => ({
    inputs: Object.keys(inputs).length === 0 ? null : inputs,
    ref,
    workflow: workflowPath,
  }));
}
