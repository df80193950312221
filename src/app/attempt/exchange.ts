import type { AttemptId } from "../../base/ids.ts";
import { taskOfAttempt } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import { WORKFLOW_PATH } from "../../contract/workflow-path.ts";
import type { Task } from "../../core/task/state.ts";
import type { RunIdentity } from "../../ports/run-identity.ts";
import type { AppContext } from "../context.ts";

/** Why a runner was turned away; `code` is for programs, `message` one sentence for the run's log. */
export type ApiProblem = {
  readonly code:
    | "unauthorized"
    | "not-found"
    | "lease-taken"
    | "lease-over"
    | "run-unknown"
    | "run-unrecorded"
    | "nothing-to-deliver"
    | "nothing-to-verify"
    | "bundle-differs"
    | "bundle-missing"
    | "head-differs";
  readonly message: string;
};

export function problem(
  code: ApiProblem["code"],
  message: string,
): { readonly ok: false; readonly error: ApiProblem } {
  return err({ code, message });
}

/**
 * The task of an attempt, if the OIDC token is of a job that may speak for it: of the task's own repository, of the
 * workflow that `baton init` wrote as it is on the default branch, started by a dispatch, in the right environment.
 * Whether the run is the one that was started for the attempt is for the caller, since only the task knows.
 */
export async function identifyRun(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly idToken: string; readonly environment: string | null },
): Promise<Result<{ readonly task: Task; readonly run: RunIdentity }, ApiProblem>> {
  const verified = await context.runs.verify(asked.idToken);
  if (!verified.ok) return problem("unauthorized", verified.error);
  const loaded = await context.store.tasks.load(taskOfAttempt(asked.attempt));
  if (!loaded) return problem("not-found", `There is no attempt ${asked.attempt}.`);
  const { task } = loaded;
  const run = verified.value;
  const workflow = `${WORKFLOW_PATH}@refs/heads/${task.repository.defaultBranch}`;
  if (run.repositoryId !== task.repository.id) {
    return problem("unauthorized", "The token is of another repository's run.");
  }
  // Which repository it is, its id has told: owner and name may have changed since.
  const [, , ...ofRepository] = run.workflowRef.split("/");
  if (ofRepository.join("/") !== workflow || run.eventName !== "workflow_dispatch") {
    return problem("unauthorized", `The token is not of a dispatched run of ${workflow}.`);
  }
  if (run.environment !== asked.environment) {
    const wanted = asked.environment ?? "no environment";
    return problem("unauthorized", `The job has to run in ${wanted}, not in ${run.environment ?? "none"}.`);
  }
  return ok({ task, run });
}
