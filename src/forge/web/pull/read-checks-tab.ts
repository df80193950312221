import type { CheckRun } from "../../hub/entity/check.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import { appName, readCheckDetail } from "../check/read-check-detail.ts";
import { readCheckRuns, readStatuses, statusLook } from "../check/read-checks.ts";
import { byUrgency, checkName, webAddress } from "../check/view-checks.ts";
import { checkLook } from "../pieces/check-state.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { ChecksTabView, CheckGroup } from "./checks-tab.ts";

export function readChecksTab(visit: RepositoryVisit, pull: Pull): ChecksTabView {
  const path = `/${visit.fullName}/pull/${pull.number}/checks`;
  const runs = readCheckRuns(visit, pull.head.sha);
  const selected = selectRun(visit, runs);
  return {
    groups: groupByApp(visit, runs, path),
    statuses: readStatuses(visit, pull.head.sha).map((status) => ({
      name: status.context,
      look: statusLook(status.state),
      title: status.description ?? "",
      href: webAddress(status.targetUrl),
    })),
    selected: selected && readCheckDetail(visit, selected, `${path}?check_run_id=${selected.id}`),
  };
}

/** The run that the address asks for, else the first that failed, else the first. */
function selectRun(visit: RepositoryVisit, runs: readonly CheckRun[]): CheckRun | null {
  const wanted = Number(visit.request.req.query("check_run_id"));
  const failed = runs.find(({ status, conclusion }) => checkLook(status, conclusion).tone === "bad");
  return runs.find(({ id }) => id === wanted) ?? failed ?? runs[0] ?? null;
}

function groupByApp(visit: RepositoryVisit, runs: readonly CheckRun[], path: string): CheckGroup[] {
  const groups = new Map<number, CheckGroup>();
  for (const run of runs) {
    const group = groups.get(run.appId) ?? { app: appName(visit, run), runs: [] };
    group.runs.push({
      id: run.id,
      name: checkName(visit, run),
      look: checkLook(run.status, run.conclusion),
      title: run.output.title ?? "",
      href: `${path}?check_run_id=${run.id}`,
    });
    groups.set(run.appId, group);
  }
  for (const group of groups.values()) group.runs.sort(byUrgency);
  return [...groups.values()];
}
