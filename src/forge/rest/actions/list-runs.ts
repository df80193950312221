import type { ForgeRequest } from "../../forge-context.ts";
import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import { findAccount } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { paginate } from "../paginate.ts";
import { presentRun } from "../present/present-workflow.ts";
import { createdFilter } from "./created-filter.ts";

/** Runs, the newest first, filtered by the query as GitHub does it. */
export function listRuns(c: ForgeRequest, hub: Hub, where: { repositoryId: number; workflowId?: number }) {
  const accepts = runFilter(hub, (name) => c.req.query(name));
  const runs = hub.store.workflowRuns.find(where, { newestFirst: true, filter: accepts });
  const withoutPulls = c.req.query("exclude_pull_requests") === "true";
  const page = paginate(c, hub, runs).map((run) => {
    const presented = presentRun(hub, run);
    return withoutPulls ? { ...presented, pull_requests: [] } : presented;
  });
  return { total_count: runs.length, workflow_runs: page };
}

function runFilter(hub: Hub, query: (name: string) => string | undefined): (run: WorkflowRun) => boolean {
  const actor = query("actor");
  const actorId = actor === undefined ? undefined : (findAccount(hub, actor)?.id ?? 0);
  const status = query("status");
  const suite = query("check_suite_id");
  const isCreatedThen = createdFilter(query("created"));
  const equals = (wanted: string | undefined, value: string | null): boolean =>
    wanted === undefined || wanted === value;
  return (run) =>
    (actorId === undefined || run.actorId === actorId) &&
    (status === undefined || status === run.status || status === run.conclusion) &&
    equals(query("branch"), run.headBranch) &&
    equals(query("event"), run.event) &&
    equals(query("head_sha"), run.headSha) &&
    equals(suite, String(run.checkSuiteId)) &&
    isCreatedThen(run.createdAt);
}
