import type { Repository } from "../entity/repository.ts";
import { fullName } from "../find-repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { closeIssue } from "./close-issue.ts";

/** The nine keywords of "Linking a pull request to an issue", before `#1` or `owner/name#1`. */
const closingPattern =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:(?<repository>[\w.-]+\/[\w.-]+))?#(?<number>\d+)\b/gi;

/** Numbers of the issues in this repository that a pull request's body or a commit message closes. */
export function closingReferences(text: string | null, repositoryName: string): number[] {
  const numbers = new Set<number>();
  for (const match of withoutCode(text ?? "").matchAll(closingPattern)) {
    const elsewhere = match.groups?.["repository"];
    if (elsewhere !== undefined && elsewhere.toLowerCase() !== repositoryName.toLowerCase()) continue;
    numbers.add(Number(match.groups?.["number"]));
  }
  return [...numbers];
}

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?(?:```|$)/g, "").replaceAll(/`[^`\n]*`/g, "");
}

export interface ReferenceClosing {
  repository: Repository;
  /** A pull request's body, or the message of a commit that reached the default branch. */
  text: string | null;
  commitId: string;
  actor: Actor;
}

/** Closes the open issues that `text` claims to close. Call it only for the default branch. */
export function closeReferencedIssues(
  hub: Hub,
  { repository, text, commitId, actor }: ReferenceClosing,
): void {
  hub.change(() => {
    for (const number of closingReferences(text, fullName(hub, repository))) {
      const issue = hub.store.issues.findOne({ repositoryId: repository.id, number });
      if (issue === undefined || issue.pullId !== null || issue.state === "closed") continue;
      closeIssue(hub, { issue, actor, reason: "completed", commitId });
    }
  });
}
