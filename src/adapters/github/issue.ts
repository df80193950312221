import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import type { GitHub } from "../../ports/github.ts";
import { orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/** null for an issue that was deleted, or transferred: GitHub then answers with the one it became. */
export async function readIssue(
  octokit: ProbotOctokit,
  repository: Repository,
  number: number,
): ReturnType<GitHub["issue"]> {
  const answer = await orNull(octokit.rest.issues.get({ ...coordinates(repository), issue_number: number }));
  if (answer === null || answer.data.number !== number) return null;
  const { title, body, labels, state, user } = answer.data;
  return {
    title,
    body: body ?? "",
    labels: labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
    state: state === "closed" ? "closed" : "open",
    author: user?.login ?? null,
  };
}
