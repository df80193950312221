import type { Comment, Issue } from "../entity/issue.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordCrossReferences } from "./cross-reference.ts";

/** In characters; GitHub refuses longer ones. */
export const longestBody = 65_536;

export interface NewComment {
  issue: Issue;
  actor: Actor;
  body: string;
}

export function createComment(hub: Hub, { issue, actor, body }: NewComment): Comment {
  return hub.change(() => {
    const now = hub.now();
    const comment = hub.store.comments.insert({
      repositoryId: issue.repositoryId,
      issueId: issue.id,
      authorId: actor.accountId,
      appId: actor.appId,
      body,
      createdAt: now,
      updatedAt: now,
    });
    hub.store.issues.update(issue.id, { updatedAt: now });
    emit(hub, { comment, actor, action: "created" });
    recordCrossReferences(hub, { source: issue, text: body, actor });
    return comment;
  });
}

export function editComment(
  hub: Hub,
  { comment, actor, body }: { comment: Comment; actor: Actor; body: string },
): Comment {
  if (comment.body === body) return comment;
  return hub.change(() => {
    const edited = hub.store.comments.update(comment.id, { body, updatedAt: hub.now() });
    emit(hub, { comment: edited, actor, action: "edited", changes: { body: { from: comment.body } } });
    return edited;
  });
}

export function deleteComment(hub: Hub, { comment, actor }: { comment: Comment; actor: Actor }): void {
  hub.change(() => {
    hub.store.comments.delete(comment.id);
    for (const reaction of hub.store.reactions.find({ subject: "issue_comment", subjectId: comment.id })) {
      hub.store.reactions.delete(reaction.id);
    }
    emit(hub, { comment, actor, action: "deleted" });
  });
}

function emit(
  hub: Hub,
  event: {
    comment: Comment;
    actor: Actor;
    action: "created" | "edited" | "deleted";
    changes?: { body: { from: string } };
  },
): void {
  const { issueId, repositoryId } = event.comment;
  hub.emit({ name: "issue_comment", issueId, repositoryId, ...event });
}
