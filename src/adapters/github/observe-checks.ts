import type { ProbotOctokit } from "probot";
import { WORKFLOW_PATH } from "../../contract/workflow-path.ts";
import type { Repository } from "../../core/task/state.ts";
import type { AppIdentity } from "../../ports/app-identity.ts";
import type { ObservedCheck, ObservedChecks } from "../../ports/github.ts";
import { coordinates } from "./coordinates.ts";
import { readJobLogTail } from "./job-log.ts";
import { tail } from "./truncate.ts";

/** Slug of the App that GitHub Actions acts as; its check runs are jobs, with the same id. */
const ACTIONS = "github-actions";

/** What GitHub keeps of a red check that is told to the next attempt. */
const MAX_LOG_CHARACTERS = 20_000;

/** Logs are read for the first few red checks: more tell the next attempt little and cost a download each. */
const MAX_LOGS = 5;

/** All other conclusions of a completed check run say that the commit is not to be merged. */
const GREEN: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

type Commit = { readonly repository: Repository; readonly sha: string };
type Rest = ProbotOctokit["rest"];
type CheckRun = Awaited<ReturnType<Rest["checks"]["listForRef"]>>["data"]["check_runs"][number];
type CheckSuite = Awaited<ReturnType<Rest["checks"]["listSuitesForRef"]>>["data"]["check_suites"][number];
type Status = Awaited<ReturnType<Rest["repos"]["getCombinedStatusForRef"]>>["data"]["statuses"][number];

/**
 * The checks and statuses of others on a commit. Left out are the App's own checks and the jobs of Baton's own
 * workflow, which would wait for themselves.
 */
export async function observeChecks(
  octokit: ProbotOctokit,
  app: AppIdentity,
  commit: Commit,
): Promise<ObservedChecks> {
  const ref = { ...coordinates(commit.repository), ref: commit.sha, per_page: 100 };
  const [runs, suites, statuses] = await Promise.all([
    octokit.paginate(octokit.rest.checks.listForRef, { ...ref, filter: "latest" }),
    octokit.paginate(octokit.rest.checks.listSuitesForRef, ref),
    readStatuses(octokit, commit),
  ]);
  const ownSuites = await readOwnSuites(octokit, commit, suites);
  const others = runs.filter((run) => run.app?.id !== app.id && !ownSuites.has(run.check_suite?.id ?? 0));
  const otherSuites = suites.filter((suite) => suite.app?.id !== app.id && !ownSuites.has(suite.id));
  return {
    checks: [...(await readChecks(octokit, commit.repository, others)), ...statuses.map(checkOfStatus)],
    suitesPending: otherSuites.some(isUnderWay),
  };
}

async function readStatuses(octokit: ProbotOctokit, { repository, sha }: Commit): Promise<readonly Status[]> {
  // The combined status gives the newest one of every context, 100 to a page; Octokit cannot page through the object.
  const statuses: Status[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await octokit.rest.repos.getCombinedStatusForRef({
      ...coordinates(repository),
      ref: sha,
      per_page: 100,
      page,
    });
    statuses.push(...data.statuses);
    if (data.statuses.length < 100) return statuses;
  }
}

/** Ids of the check suites in which Baton's own workflow runs on this commit. */
async function readOwnSuites(
  octokit: ProbotOctokit,
  commit: Commit,
  suites: readonly CheckSuite[],
): Promise<ReadonlySet<number>> {
  if (!suites.some((suite) => suite.app?.slug === ACTIONS)) return new Set();
  const runs = await octokit.paginate(octokit.rest.actions.listWorkflowRunsForRepo, {
    ...coordinates(commit.repository),
    head_sha: commit.sha,
    per_page: 100,
  });
  // GitHub may write the branch behind the path of the workflow file, after an `@`.
  const own = runs.filter((run) => run.path.split("@")[0] === WORKFLOW_PATH);
  return new Set(own.flatMap((run) => run.check_suite_id ?? []));
}

/**
 * GitHub opens a suite for every App that may write checks, and those that never write one stay queued for ever. A
 * suite of Actions stands for a workflow run, of any other App it counts from its first check run.
 */
function isUnderWay(suite: CheckSuite): boolean {
  if (suite.status === "completed") return false;
  return suite.app?.slug === ACTIONS || suite.latest_check_runs_count > 0;
}

async function readChecks(
  octokit: ProbotOctokit,
  repository: Repository,
  runs: readonly CheckRun[],
): Promise<readonly ObservedCheck[]> {
  const withLog = new Set(runs.filter((run) => stateOf(run) === "red").slice(0, MAX_LOGS));
  return await Promise.all(
    runs.map(async (run) => ({
      name: run.name,
      state: stateOf(run),
      logTail: withLog.has(run) ? await readLogTail(octokit, repository, run) : "",
      url: run.html_url,
    })),
  );
}

function stateOf({ status, conclusion }: CheckRun): ObservedCheck["state"] {
  if (status !== "completed") return "pending";
  // Somebody has to press a button on GitHub first: that is no verdict on the work.
  if (conclusion === "action_required") return "pending";
  return conclusion !== null && GREEN.has(conclusion) ? "green" : "red";
}

async function readLogTail(octokit: ProbotOctokit, repository: Repository, run: CheckRun): Promise<string> {
  const log =
    run.app?.slug === ACTIONS
      ? await readJobLogTail(octokit, { repository, jobId: run.id, maxCharacters: MAX_LOG_CHARACTERS })
      : null;
  const { title, summary, text } = run.output;
  const written = [title, summary, text].filter((part) => part !== null && part !== "").join("\n\n");
  return log ?? tail(written, MAX_LOG_CHARACTERS);
}

function checkOfStatus({ context, state, description, target_url: url }: Status): ObservedCheck {
  const red = state === "failure" || state === "error";
  return {
    name: context,
    state: red ? "red" : state === "success" ? "green" : "pending",
    logTail: red ? tail(description ?? "", MAX_LOG_CHARACTERS) : "",
    url,
  };
}
