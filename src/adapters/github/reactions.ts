import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/** GitHub answers 200 to a reaction that is there already; a comment that its author deleted needs none. */
export async function ensureReaction(
  octokit: ProbotOctokit,
  repository: Repository,
  commentId: number,
  content: "eyes" | "rocket" | "+1" | "confused",
): Promise<void> {
  await orNull(
    octokit.rest.reactions.createForIssueComment({
      ...coordinates(repository),
      comment_id: commentId,
      content,
    }),
  );
}
