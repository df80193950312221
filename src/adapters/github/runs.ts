import type { ProbotOctokit } from "probot";
import type { Repository, Run } from "../../core/task/state.ts";
import type { Clock } from "../../ports/clock.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { DispatchOutcome, GitHub } from "../../ports/github.ts";
import { answered, orNull, reasonOf, type RequestFailure } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/** How long a run that was just dispatched may take to show up in the list, before the caller is asked to come back. */
const SHOW_UP_AFTER_MS = [500, 1_500, 3_000];
const COME_BACK_AFTER_MS = 10_000;

type Wanted = Parameters<GitHub["dispatchRun"]>[1];

/** Starts the workflow on the default branch for the attempt, unless a run bears the attempt's id in its name. */
export async function dispatchRun(
  octokit: ProbotOctokit,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  repository: Repository,
  wanted: Wanted,
): Promise<DispatchOutcome> {
  const existing = await findRun(octokit, repository, wanted);
  if (existing !== null) return { kind: "started", run: existing };
  const started = await postDispatch(octokit, repository, wanted);
  if (started !== null) return started;
  for (const delayMs of SHOW_UP_AFTER_MS) {
    await clock.waitUntil(new Date(clock.now().getTime() + delayMs), signal);
    const run = await findRun(octokit, repository, wanted);
    if (run !== null) return { kind: "started", run };
  }
  throw new GitHubUnavailable("The run was dispatched but does not show up yet.", {
    retryAt: new Date(clock.now().getTime() + COME_BACK_AFTER_MS),
  });
}

/** A run that is over (409) or gone needs no cancelling. */
export async function cancelRun(
  octokit: ProbotOctokit,
  repository: Repository,
  runId: number,
): Promise<void> {
  try {
    await orNull(octokit.rest.actions.cancelWorkflowRun({ ...coordinates(repository), run_id: runId }));
  } catch (error) {
    if (!answered(error, 409)) throw error;
  }
}

async function findRun(octokit: ProbotOctokit, repository: Repository, wanted: Wanted): Promise<Run | null> {
  const answer = await orNull(
    octokit.rest.actions.listWorkflowRuns({
      ...coordinates(repository),
      workflow_id: fileName(wanted.workflow),
      event: "workflow_dispatch",
      // Whoever may push can give a workflow of another branch any name for its runs.
      branch: repository.defaultBranch,
      per_page: 100,
    }),
  );
  const run = answer?.data.workflow_runs.find(({ display_title: title }) => names(title, wanted.attempt));
  return run === undefined ? null : { id: run.id, url: run.html_url };
}

/** Whole words only: attempt `7-1-1.1` is not `7-1-1.12`. */
function names(title: string, attempt: string): boolean {
  return title.split(/[\s()[\],:]+/).includes(attempt);
}

/** null when it was started by a GitHub that does not say which run it became. */
async function postDispatch(
  octokit: ProbotOctokit,
  repository: Repository,
  { workflow, attempt, server, job }: Wanted,
): Promise<DispatchOutcome | null> {
  try {
    const { data } = await octokit.rest.actions.createWorkflowDispatch({
      ...coordinates(repository),
      workflow_id: fileName(workflow),
      ref: repository.defaultBranch,
      inputs: { attempt, server, ...(job && { job }) },
      return_run_details: true,
    });
    // Older servers answer 204 without a body.
    const details = data as { workflow_run_id?: number; html_url?: string } | undefined;
    if (details?.workflow_run_id === undefined) return null;
    return { kind: "started", run: { id: details.workflow_run_id, url: details.html_url ?? "" } };
  } catch (error) {
    if (!answered(error, 403, 404, 422)) throw error;
    return { kind: "refused", why: explain(error, repository, `.github/workflows/${fileName(workflow)}`) };
  }
}

function explain(failure: RequestFailure, { defaultBranch }: Repository, workflow: string): string {
  if (failure.status === 404) {
    return `There is no workflow \`${workflow}\` on \`${defaultBranch}\`: run \`baton init --pr\` and merge its pull request.`;
  }
  if (failure.status === 403) {
    return `Baton may not start workflows here: accept the App's permissions for Actions. GitHub says: ${reasonOf(failure)}`;
  }
  return `GitHub did not start \`${workflow}\`; it must be enabled and take \`workflow_dispatch\` with \`attempt\`, \`server\` and \`job\`, as \`baton init\` writes it: ${reasonOf(failure)}`;
}

/** GitHub names workflows by the file's name alone. */
function fileName(workflow: string): string {
  return workflow.slice(workflow.lastIndexOf("/") + 1);
}
