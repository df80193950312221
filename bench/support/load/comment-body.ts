import { readFileSync } from "node:fs";
import { REPOSITORY } from "../../../test/support/task/candidate-commands.ts";

const EXAMPLES = new URL(
  "../../../node_modules/@octokit/webhooks-examples/api.github.com/index.json",
  import.meta.url,
);

type Example = {
  readonly action: string;
  readonly installation?: { readonly id: number };
  readonly issue: object;
  readonly comment: object;
  readonly repository: { readonly owner: object };
  readonly sender: object;
};

/** A comment on an issue of a repository. */
export type Comment = {
  readonly repositoryId: number;
  readonly issueNumber: number;
  readonly text: string;
};

/** GitHub's own example of a comment's event, as this comment's, with an issue that makes it as long as wanted. */
export function createCommentBodies(bodyBytes: number): (comment: Comment) => Buffer {
  const example = readExample();
  const bare = JSON.stringify(example).length;
  const body = "It should say what it does. ".repeat(Math.ceil((bodyBytes - bare) / 28));
  return ({ repositoryId, issueNumber, text }) =>
    Buffer.from(
      JSON.stringify({
        ...example,
        issue: { ...example.issue, number: issueNumber, body },
        comment: { ...example.comment, body: text },
        repository: repositoryAs(example.repository, repositoryId),
      }),
    );
}

/** Called as the tasks' repository is: another name would be a rename, and a change of its own for each of them. */
function repositoryAs(example: Example["repository"], id: number): object {
  const { name, owner } = REPOSITORY;
  return { ...example, id, name, full_name: `${owner}/${name}`, owner: { ...example.owner, login: owner } };
}

function readExample(): Example {
  const events = JSON.parse(readFileSync(EXAMPLES, "utf8")) as readonly {
    readonly name: string;
    readonly examples: readonly Example[];
  }[];
  const comments = events.find(({ name }) => name === "issue_comment")?.examples ?? [];
  const found = comments.find(({ action, installation }) => action === "created" && installation);
  if (!found) throw new Error("GitHub's examples hold no comment on an issue of an installation.");
  return found;
}
