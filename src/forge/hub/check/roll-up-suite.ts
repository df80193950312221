import type { CheckConclusion, CheckRun, CheckStatus } from "../entity/check.ts";

export interface SuiteState {
  status: CheckStatus;
  conclusion: CheckConclusion | null;
}

/** The first of these that any run has is the suite's: the worst news wins. */
const severity: readonly CheckConclusion[] = [
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "stale",
  "success",
  "neutral",
  "skipped",
];

/** Derives a suite's state from its runs, of which only the newest of each name counts. */
export function rollUpSuite(runs: readonly CheckRun[]): SuiteState {
  const newest = [...new Map(runs.map((run) => [run.name, run])).values()];
  const open = newest.filter(({ status }) => status !== "completed");
  if (newest.length === 0) return { status: "queued", conclusion: null };
  if (open.length > 0) {
    // Once anything has begun, the suite has.
    const begun = open.length < newest.length || open.some(({ status }) => status === "in_progress");
    return { status: begun ? "in_progress" : "queued", conclusion: null };
  }
  const conclusion = severity.find((candidate) => newest.some((run) => run.conclusion === candidate));
  return { status: "completed", conclusion: conclusion ?? "neutral" };
}
