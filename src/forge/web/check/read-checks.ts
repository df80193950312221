import { newestRuns } from "../../hub/check/check-run.ts";
import type { CheckRun, CommitStatus } from "../../hub/entity/check.ts";
import { checkLook, type CheckLook } from "../pieces/check-state.ts";
import type { RepositoryVisit } from "../visit/visit.ts";

/** The check runs that count for a commit: of every suite the newest run of each name. */
export function readCheckRuns({ hub, repository }: RepositoryVisit, sha: string): CheckRun[] {
  return newestRuns(hub.store.checkRuns.find({ repositoryId: repository.id, headSha: sha }));
}

/** The statuses that count for a commit: the newest of each context. */
export function readStatuses({ hub, repository }: RepositoryVisit, sha: string): CommitStatus[] {
  const newest = new Map<string, CommitStatus>();
  for (const status of hub.store.statuses.find({ repositoryId: repository.id, sha })) {
    newest.set(status.context, status);
  }
  return [...newest.values()];
}

export function statusLook(state: CommitStatus["state"]): CheckLook {
  switch (state) {
    case "success":
      return checkLook("completed", "success");
    case "pending":
      return { icon: "clock", tone: "wait", text: "Pending" };
    case "failure":
    case "error":
      return checkLook("completed", "failure");
  }
}

/** One mark for all checks of a commit: the worst that is settled, unless something is still to come. */
export function rollUp(looks: readonly CheckLook[]): CheckLook | null {
  if (looks.length === 0) return null;
  const count = (tone: CheckLook["tone"]): number => looks.filter((look) => look.tone === tone).length;
  const of = (amount: number): string => `${amount} of ${looks.length} checks`;
  if (count("bad") > 0) return { icon: "cross-circle", tone: "bad", text: `${of(count("bad"))} failed` };
  const open = count("wait") + count("run");
  if (open > 0) return { icon: "clock", tone: "wait", text: `${of(open)} not finished` };
  return { icon: "check-circle", tone: "good", text: `All ${looks.length} checks passed` };
}

export function readCheckRollup(visit: RepositoryVisit, sha: string): CheckLook | null {
  return rollUp([
    ...readCheckRuns(visit, sha).map((run) => checkLook(run.status, run.conclusion)),
    ...readStatuses(visit, sha).map((status) => statusLook(status.state)),
  ]);
}
