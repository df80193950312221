import type { Effect } from "../core/task/effect.ts";
import type { Task } from "../core/task/state.ts";
import type { GitHub } from "../ports/github.ts";

type Answer = Extract<Effect, { kind: "answer" }>;

/** A reaction on the person's comment, and one comment of its own where words are owed. */
export async function answerOnComment(
  github: GitHub,
  { repository }: Pick<Task, "repository">,
  answer: Omit<Answer, "kind">,
): Promise<void> {
  await github.ensureReaction(repository, answer.commentId, answer.reaction);
  if (answer.line === null) return;
  const marker = `<!-- baton:answer:${answer.commentId} -->`;
  await github.ensureComment(repository, answer.issueNumber, marker, `${marker}\n${answer.line}`);
}
