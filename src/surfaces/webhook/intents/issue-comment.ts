import { z } from "zod";
import { InRepository, IssueFields, User, issueOf, placeOf, senderOf } from "./payload.ts";
import { ignored, isOwn, reader } from "./reader.ts";

const IssueCommentEvent = InRepository.extend({
  action: z.string(),
  issue: IssueFields.extend({ pull_request: z.object({}).nullish() }),
  comment: z.object({
    id: z.number().int(),
    body: z.string(),
    user: User.nullish(),
    created_at: z.string(),
  }),
});

export const readIssueComment = reader(IssueCommentEvent, (payload, own) => {
  const { action, comment, issue } = payload;
  const place = placeOf(payload);
  if (isOwn(place.sender.login, own)) return ignored("Baton wrote the comment itself.");
  const of = {
    ...place,
    issue: issueOf(issue),
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    commentId: comment.id,
  };
  switch (action) {
    case "created":
      return { ...of, kind: "comment-created", body: comment.body, createdAt: comment.created_at };
    case "edited":
    case "deleted":
      return {
        ...of,
        kind: "comment-changed",
        change: action,
        own: isOwn(senderOf(comment.user).login, own),
      };
    default:
      return ignored(`Nothing follows from \`${action}\`.`);
  }
});
