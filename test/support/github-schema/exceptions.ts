export interface Exception {
  kind: "endpoint" | "body" | "status" | "value" | "webhook";
  /** Matches `METHOD /template side`, or the webhook's name. */
  where: RegExp;
  /** Matches the JSON pointer of the value, where only one is meant. */
  at?: RegExp;
  reason: string;
}

/** Where GitHub itself departs from what it publishes. Each is about GitHub, never about the forge. */
const exceptions: readonly Exception[] = [
  {
    kind: "endpoint",
    where: /^GET \/repositories\/\d+$/,
    reason: "GitHub answers it, and redirects to it after renames, but does not describe it.",
  },
  {
    kind: "endpoint",
    where: /^GET \/repos\/[^/]+\/[^/]+\/contents$/,
    reason: "Octokit leaves out the last slash when it asks for the root directory, and GitHub answers it.",
  },
  {
    kind: "value",
    where: /^GET \/app\/installations 200$/,
    at: /^\/\d+\/account$/,
    reason: "Here alone the account must be a user and an enterprise at once (`allOf` for `anyOf`).",
  },
  {
    kind: "webhook",
    where: /./,
    at: /\/performed_via_github_app\/events\/\d+$/,
    reason: "The list of events inside Apps is older than the events: it lacks `workflow_job` for one.",
  },
  {
    kind: "value",
    where: /^GET .* 200$/,
    at: /\/head_commit\/(?:author|committer)\/email$/,
    reason: "Bots commit as `1+name[bot]@users.noreply.github.com`, which is no address by any standard.",
  },
  {
    kind: "webhook",
    where: /./,
    at: /\/(?:author|committer)\/email$/,
    reason: "Bots commit as `1+name[bot]@users.noreply.github.com`, which is no address by any standard.",
  },
];

export function isExcepted(problem: { kind: Exception["kind"]; where: string; at?: string }): boolean {
  return exceptions.some(
    ({ kind, where, at }) =>
      kind === problem.kind && where.test(problem.where) && (at === undefined || at.test(problem.at ?? "")),
  );
}
