import type { Commit } from "../../git/read-commits.ts";
import type { GitIdentity } from "../../git/git-identity.ts";
import type { Pull } from "../entity/pull.ts";
import type { Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { issueOfPull } from "./find-pull.ts";

export interface MessageParts {
  readonly title: string;
  readonly body: string;
}

/** What GitHub writes into a merge commit when it is told nothing else. */
export function defaultMergeMessage(hub: Hub, pull: Pull, headRepository: Repository): MessageParts {
  const owner = hub.store.accounts.require(headRepository.ownerId).login;
  return {
    title: `Merge pull request #${pull.number} from ${owner}/${pull.head.ref}`,
    body: issueOfPull(hub, pull).title,
  };
}

/**
 * What GitHub writes into a squash commit: of a single commit its own words, of several their list. People other than
 * the author of the squash are credited.
 */
export function defaultSquashMessage(
  hub: Hub,
  pull: Pull,
  { commits, author }: { commits: readonly Commit[]; author: GitIdentity },
): MessageParts {
  const [first] = commits;
  const single = commits.length === 1 && first !== undefined ? splitMessage(first.message) : undefined;
  const title = single?.title ?? issueOfPull(hub, pull).title;
  const listed = commits.map(({ message }) => {
    const { title: subject, body } = splitMessage(message);
    return body === "" ? `* ${subject}` : `* ${subject}\n\n${body}`;
  });
  const text = single?.body ?? listed.join("\n\n");
  return { title: `${title} (#${pull.number})`, body: withCoAuthors(text, { commits, author }) };
}

export function joinMessage({ title, body }: MessageParts): string {
  return body === "" ? title : `${title}\n\n${body}`;
}

function splitMessage(message: string): MessageParts {
  const [title = "", ...rest] = message.split("\n");
  return { title, body: rest.join("\n").trim() };
}

function withCoAuthors(
  text: string,
  { commits, author }: { commits: readonly Commit[]; author: GitIdentity },
): string {
  const trailers = commits
    .map((commit) => commit.author)
    .filter(({ email }) => email.toLowerCase() !== author.email.toLowerCase())
    .map(({ name, email }) => `Co-authored-by: ${name} <${email}>`)
    .filter((trailer) => !text.includes(trailer));
  if (trailers.length === 0) return text;
  const credits = [...new Set(trailers)].join("\n");
  return text === "" ? credits : `${text}\n\n${credits}`;
}
