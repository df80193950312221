import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import type { Reaction } from "../../hub/entity/issue.ts";
import { reactionContents } from "../../hub/entity/issue.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { react, removeReaction } from "../../hub/issue/react.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { paginate } from "../paginate.ts";
import { presentReaction } from "../present/present-reaction.ts";
import { readBody } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { invalidRequest, notFound } from "../rest-refusal.ts";
import { requireComment } from "./comments-resource.ts";
import { readIssues, requireAuthorOr, requireIssue, writeIssues } from "./require-issue.ts";

type FindSubject = (
  c: ForgeRequest,
  request: AccessRequest,
) => { repository: Repository; subject: Reaction["subject"]; subjectId: number };

/** Reactions to issues, pull requests and their comments. */
export function registerReactionsResource(context: ForgeContext): void {
  const { hub } = context;
  registerSubject(context, "/repos/:owner/:repo/issues/:number{[0-9]+}/reactions", (c, request) => {
    const { repository, issue } = requireIssue(c, hub, request);
    return { repository, subject: "issue", subjectId: issue.id };
  });
  registerSubject(context, "/repos/:owner/:repo/issues/comments/:id{[0-9]+}/reactions", (c, request) => {
    const { repository, comment } = requireComment(c, hub, request);
    return { repository, subject: "issue_comment", subjectId: comment.id };
  });
}

function registerSubject({ rest, hub }: ForgeContext, path: string, findSubject: FindSubject): void {
  rest.get(path, (c) => {
    const { subject, subjectId } = findSubject(c, readIssues);
    const content = c.req.query("content");
    const reactions = hub.store.reactions
      .find({ subject, subjectId })
      .filter((reaction) => content === undefined || reaction.content === content);
    return c.json(paginate(c, hub, reactions).map((reaction) => presentReaction(hub, reaction)));
  });

  rest.post(path, async (c) => {
    const { subject, subjectId } = findSubject(c, writeIssues);
    const content = (await readBody(c)).oneOf("content", reactionContents);
    if (content === undefined) throw invalidRequest('"content" wasn\'t supplied.');
    const userId = actingCaller(c).account.id;
    const { reaction, created } = react(hub, { subject, subjectId, userId, content });
    return c.json(presentReaction(hub, reaction), created ? 201 : 200);
  });

  rest.delete(`${path}/:reaction{[0-9]+}`, (c) => {
    const { repository, subject, subjectId } = findSubject(c, writeIssues);
    const reaction = requireReaction(c, hub, { subject, subjectId });
    requireAuthorOr(c, hub, { repository, authorId: reaction.userId, role: "admin" });
    removeReaction(hub, reaction);
    return c.body(null, 204);
  });
}

function requireReaction(
  c: ForgeRequest,
  hub: Hub,
  { subject, subjectId }: Pick<Reaction, "subject" | "subjectId">,
): Reaction {
  const reaction = hub.store.reactions.get(Number(c.req.param("reaction")));
  if (reaction?.subject !== subject || reaction.subjectId !== subjectId) throw notFound();
  return reaction;
}
