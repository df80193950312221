import type { CheckRun } from "../../hub/entity/check.ts";
import { checkLook } from "../pieces/check-state.ts";
import { mayDo, type RepositoryVisit } from "../visit/visit.ts";
import type { CheckDetailView } from "./check-detail.ts";
import { checkName, findWorkflowRun, webAddress } from "./view-checks.ts";

export function readCheckDetail(visit: RepositoryVisit, run: CheckRun, returnTo: string): CheckDetailView {
  return {
    fullName: visit.fullName,
    id: run.id,
    name: checkName(visit, run),
    app: appName(visit, run),
    look: checkLook(run.status, run.conclusion),
    sha: run.headSha,
    title: run.output.title,
    summary: run.output.summary,
    text: run.output.text,
    annotations: run.output.annotations,
    detailsHref: webAddress(run.detailsUrl),
    isJob: findWorkflowRun(visit, run) !== undefined,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    actions: run.actions,
    mayOperate: mayDo(visit, { permission: "checks", access: "write" }),
    returnTo,
  };
}

export function appName(visit: RepositoryVisit, run: CheckRun): string {
  return visit.hub.store.apps.get(run.appId)?.name ?? "an App that is gone";
}

/** The check run that `:check` in the address names. */
export function findCheckRun(visit: RepositoryVisit): CheckRun | null {
  const run = visit.hub.store.checkRuns.get(Number(visit.request.req.param("check")));
  return run?.repositoryId === visit.repository.id ? run : null;
}
