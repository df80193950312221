import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import type { AppIdentity } from "../../ports/app-identity.ts";
import type { CheckToShow } from "../../ports/github.ts";
import { coordinates } from "./coordinates.ts";
import { MAX_SUMMARY_CHARACTERS, truncate } from "./truncate.ts";

/** GitHub takes no more annotations in one request, and each further request adds to those before. */
const MAX_ANNOTATIONS = 50;

type ExistingCheck = Awaited<
  ReturnType<ProbotOctokit["rest"]["checks"]["listForRef"]>
>["data"]["check_runs"][number];

/** Makes the commit show these checks of the App, each found again by its external id. */
export async function ensureChecks(
  octokit: ProbotOctokit,
  app: AppIdentity,
  commit: { readonly repository: Repository; readonly sha: string },
  wanted: readonly CheckToShow[],
): Promise<void> {
  const site = coordinates(commit.repository);
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
    ...site,
    ref: commit.sha,
    app_id: app.id,
    filter: "latest",
    per_page: 100,
  });
  for (const check of wanted) {
    const existing = newest(runs.filter((run) => run.external_id === check.externalId));
    if (existing !== undefined && shows(existing, check)) continue;
    if (existing === undefined || !canBecome(existing, check)) {
      await octokit.rest.checks.create({ ...site, ...contentOf(check), head_sha: commit.sha });
    } else {
      await octokit.rest.checks.update({ ...site, ...contentOf(check), check_run_id: existing.id });
    }
  }
}

function newest(runs: readonly ExistingCheck[]): ExistingCheck | undefined {
  return runs.toSorted((one, other) => other.id - one.id)[0];
}

function shows(existing: ExistingCheck, check: CheckToShow): boolean {
  return (
    existing.name === check.name &&
    existing.status === check.status &&
    existing.conclusion === check.conclusion &&
    existing.output.title === check.title &&
    existing.output.summary === summaryOf(check) &&
    existing.output.annotations_count === annotationsOf(check).length &&
    (check.detailsUrl === null || existing.details_url === check.detailsUrl)
  );
}

/**
 * A run that was completed is history, and annotations cannot be taken back: in both cases a new run of the same name
 * takes the old one's place.
 */
function canBecome(existing: ExistingCheck, check: CheckToShow): boolean {
  if (existing.status === "completed" && check.status !== "completed") return false;
  return existing.output.annotations_count === 0;
}

function contentOf(check: CheckToShow) {
  const annotations = annotationsOf(check);
  return {
    name: check.name,
    external_id: check.externalId,
    status: check.status,
    ...(check.conclusion !== null && { conclusion: check.conclusion }),
    ...(check.detailsUrl !== null && { details_url: check.detailsUrl }),
    output: {
      title: check.title,
      summary: summaryOf(check),
      ...(annotations.length > 0 && { annotations }),
    },
  };
}

function summaryOf(check: CheckToShow): string {
  return truncate(check.summary, MAX_SUMMARY_CHARACTERS);
}

function annotationsOf(check: CheckToShow) {
  return check.annotations.slice(0, MAX_ANNOTATIONS).map(({ path, line, message }) => ({
    path,
    start_line: line,
    end_line: line,
    annotation_level: "failure" as const,
    message,
  }));
}
