import { ATTEMPT_TRAILER, type DeliveryResponse } from "../../contract/attempt-api.ts";
import type { GitPlace } from "../git/git-place.ts";
import { gitText } from "../git/run-git.ts";

/** What a person who reads the commit later needs: who asked for it, which attempt and which run made it. */
export type CommitFacts = {
  readonly commit: DeliveryResponse["commit"];
  readonly attempt: string;
  readonly issue: number;
  readonly runUrl: string | null;
};

/**
 * One commit on the start commit with the tree that the work ends in. The agent's own commits, with whatever their
 * messages and authors say, stay behind. The date is the work's own, so a second delivery makes the same commit.
 */
export async function squashWork(
  place: GitPlace,
  work: { readonly startSha: string; readonly headSha: string },
  facts: CommitFacts,
): Promise<string> {
  const { commit } = facts;
  const date = `${await gitText(place, ["log", "-1", "--format=%ct", work.headSha])} +0000`;
  return gitText(place, ["commit-tree", `${work.headSha}^{tree}`, "-p", work.startSha], {
    input: commitMessage(facts),
    env: {
      GIT_AUTHOR_NAME: commit.authorName,
      GIT_AUTHOR_EMAIL: commit.authorEmail,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: commit.authorName,
      GIT_COMMITTER_EMAIL: commit.authorEmail,
      GIT_COMMITTER_DATE: date,
    },
  });
}

function commitMessage({ commit, attempt, issue, runUrl }: CommitFacts): string {
  const trailers = [
    `${ATTEMPT_TRAILER}: ${attempt}`,
    ...(runUrl === null ? [] : [`Baton-Run: ${runUrl}`]),
    `Co-authored-by: ${commit.coAuthorName} <${commit.coAuthorEmail}>`,
  ].map(oneLine);
  return `${oneLine(commit.subject)}\n\nFor #${issue}.\n\n${trailers.join("\n")}\n`;
}

/** A name or title with a line end in it must not write a trailer of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").trim();
}
