import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Comment } from "../../hub/entity/issue.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { createComment, deleteComment, editComment } from "../../hub/issue/comment.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { paginate } from "../paginate.ts";
import { presentComment } from "../present/present-issue.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireAccess, requireRepository } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";
import {
  conversationRequest,
  readIssues,
  requireAuthorOr,
  requireIssue,
  writeIssues,
} from "./require-issue.ts";
import { checkBodyLength } from "./text-limits.ts";

/** Comments on issues and in the conversations of pull requests. */
export function registerCommentsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/issues/comments", (c) => {
    const repository = requireRepository(c, hub, { ...readIssues, alternatives: ["pull_requests"] });
    const newestFirst = c.req.query("direction") === "desc";
    const comments = hub.store.comments.find({ repositoryId: repository.id }, { newestFirst });
    const page = paginate(c, hub, comments.filter(updatedSince(c.req.query("since"))));
    return c.json(page.map((comment) => presentComment(hub, repository, comment)));
  });

  rest.get("/repos/:owner/:repo/issues/:number{[0-9]+}/comments", (c) => {
    const { repository, issue } = requireIssue(c, hub, readIssues);
    const comments = hub.store.comments.find({ issueId: issue.id });
    const page = paginate(c, hub, comments.filter(updatedSince(c.req.query("since"))));
    return c.json(page.map((comment) => presentComment(hub, repository, comment)));
  });

  rest.post("/repos/:owner/:repo/issues/:number{[0-9]+}/comments", async (c) => {
    const { repository, issue } = requireIssue(c, hub, writeIssues);
    const body = (await readBody(c)).requiredString("body", "IssueComment");
    checkBodyLength(body, "IssueComment");
    if (issue.locked) requireAuthorOr(c, hub, { repository, authorId: repository.ownerId, role: "write" });
    const comment = createComment(hub, { issue, actor: actorOf(actingCaller(c)), body });
    const presented = presentComment(hub, repository, comment);
    c.header("location", presented.url);
    return c.json(presented, 201);
  });

  rest.get("/repos/:owner/:repo/issues/comments/:id{[0-9]+}", (c) => {
    const { repository, comment } = requireComment(c, hub, readIssues);
    return c.json(presentComment(hub, repository, comment));
  });

  rest.patch("/repos/:owner/:repo/issues/comments/:id{[0-9]+}", async (c) => {
    const { repository, comment } = requireComment(c, hub, writeIssues);
    requireAuthorOr(c, hub, { repository, authorId: comment.authorId, role: "write" });
    const body = (await readBody(c)).requiredString("body", "IssueComment");
    checkBodyLength(body, "IssueComment");
    const edited = editComment(hub, { comment, actor: actorOf(actingCaller(c)), body });
    return c.json(presentComment(hub, repository, edited));
  });

  rest.delete("/repos/:owner/:repo/issues/comments/:id{[0-9]+}", (c) => {
    const { repository, comment } = requireComment(c, hub, writeIssues);
    requireAuthorOr(c, hub, { repository, authorId: comment.authorId, role: "write" });
    deleteComment(hub, { comment, actor: actorOf(actingCaller(c)) });
    return c.body(null, 204);
  });
}

function updatedSince(since: string | undefined): (comment: Comment) => boolean {
  if (since === undefined) return () => true;
  const time = Date.parse(since);
  if (Number.isNaN(time)) throw new RestRefusal(422, `'${since}' is not a valid 'since' parameter`);
  return (comment) => Date.parse(comment.updatedAt) >= time;
}

export function requireComment(
  c: ForgeRequest,
  hub: Hub,
  request: AccessRequest,
): { repository: Repository; comment: Comment } {
  const repository = requireRepository(c, hub, { permission: "metadata", access: "read" });
  const comment = hub.store.comments.get(Number(c.req.param("id")));
  if (comment?.repositoryId !== repository.id) throw notFound();
  const issue = hub.store.issues.require(comment.issueId);
  requireAccess(c, hub, { repository, request: conversationRequest(issue, request) });
  return { repository, comment };
}
