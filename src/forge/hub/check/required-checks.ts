import type { BranchProtection, Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";

/** How a required check stands on a commit, in the words of GitHub's refusals. */
export type RequirementState = "satisfied" | "expected" | "queued" | "pending" | "in progress" | "failing";

export interface Requirement {
  readonly context: string;
  readonly state: RequirementState;
}

type RequiredCheck = NonNullable<BranchProtection["requiredStatusChecks"]>["checks"][number];

/** Looks each required check up on the commit, among check runs and commit statuses alike. */
export function evaluateRequiredChecks(
  hub: Hub,
  { repository, sha, checks }: { repository: Repository; sha: string; checks: readonly RequiredCheck[] },
): Requirement[] {
  return checks.map((check) => ({
    context: check.context,
    state: stateOf(hub, { repository, sha, check }),
  }));
}

function stateOf(
  hub: Hub,
  { repository, sha, check }: { repository: Repository; sha: string; check: RequiredCheck },
): RequirementState {
  const run = hub.store.checkRuns.find(
    { repositoryId: repository.id, headSha: sha },
    {
      newestFirst: true,
      limit: 1,
      filter: ({ name, appId }) => name === check.context && (check.appId ?? appId) === appId,
    },
  )[0];
  if (run !== undefined) return stateOfRun(run.status, run.conclusion);
  // A check that names an App can only be met by that App, and statuses have none.
  if (check.appId !== null) return "expected";
  const where = { repositoryId: repository.id, sha, context: check.context };
  switch (hub.store.statuses.findLast(where)?.state) {
    case "success":
      return "satisfied";
    case "pending":
      return "pending";
    case "failure":
    case "error":
      return "failing";
    case undefined:
      return "expected";
  }
}

function stateOfRun(status: string, conclusion: string | null): RequirementState {
  if (status === "in_progress") return "in progress";
  if (status !== "completed") return "queued";
  // GitHub lets neutral and skipped pass as well.
  const passes = conclusion === "success" || conclusion === "neutral" || conclusion === "skipped";
  return passes ? "satisfied" : "failing";
}

/**
 * GitHub's sentence for required checks that stand in the way; `undefined` when none does. It names a check only when
 * it is alone, and of several in different states counts those that are expected, pending or failing.
 */
export function describeUnmet(requirements: readonly Requirement[]): string | undefined {
  const unmet = requirements.filter(({ state }) => state !== "satisfied");
  const [first] = unmet;
  if (first === undefined) return undefined;
  const total = requirements.length;
  if (total === 1) return `Required status check "${first.context}" is ${first.state}.`;
  if (
    unmet.length === total &&
    unmet.every(({ state }) => state === first.state) &&
    first.state !== "failing"
  ) {
    return `${unmet.length} of ${total} required status checks are ${first.state}.`;
  }
  const counts = (["expected", "pending", "failing"] as const)
    .map((state) => ({ state, count: unmet.filter((each) => each.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const summary = counts.length === 0 ? "." : `: ${counts.join(" and ")}.`;
  return `${unmet.length} of ${total} required status checks have not succeeded${summary}`;
}
