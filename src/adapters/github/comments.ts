import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";
import { MAX_COMMENT_CHARACTERS, truncate } from "./truncate.ts";

/**
 * One comment by `authorId` that holds the marker, edited in place. Others may quote the marker, so the author counts;
 * of several (two processes that looked at the same time) the oldest stays.
 */
export async function ensureComment(
  octokit: ProbotOctokit,
  repository: Repository,
  wanted: {
    readonly issueNumber: number;
    readonly authorId: number;
    readonly marker: string;
    readonly body: string;
  },
): Promise<void> {
  const site = coordinates(repository);
  const issue = { ...site, issue_number: wanted.issueNumber };
  const body = markedBody(wanted.marker, wanted.body);
  const comments = await octokit.paginate(octokit.rest.issues.listComments, { ...issue, per_page: 100 });
  const ours = comments
    .filter((comment) => comment.user?.id === wanted.authorId && comment.body?.includes(wanted.marker))
    .sort((one, other) => one.id - other.id);
  const [kept, ...duplicates] = ours;
  if (kept === undefined) await octokit.rest.issues.createComment({ ...issue, body });
  else if (!isSameText(kept.body ?? "", body)) {
    await octokit.rest.issues.updateComment({ ...site, comment_id: kept.id, body });
  }
  for (const duplicate of duplicates) {
    await orNull(octokit.rest.issues.deleteComment({ ...site, comment_id: duplicate.id }));
  }
}

/** The marker comes first, where cutting a long body cannot take it away. */
function markedBody(marker: string, body: string): string {
  const marked = body.startsWith(marker) ? body : `${marker}\n${body.replace(marker, "")}`;
  return truncate(marked, MAX_COMMENT_CHARACTERS);
}

/** GitHub stores line ends as the writer's browser sent them, and may trim the end. */
function isSameText(one: string, other: string): boolean {
  return one.replaceAll("\r\n", "\n").trimEnd() === other.replaceAll("\r\n", "\n").trimEnd();
}
