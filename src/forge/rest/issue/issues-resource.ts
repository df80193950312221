import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Issue } from "../../hub/entity/issue.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { findAccount } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { assignIssue, setAssignees, unassignIssue } from "../../hub/issue/assign-issue.ts";
import { closeIssue, reopenIssue } from "../../hub/issue/close-issue.ts";
import { createIssue } from "../../hub/issue/create-issue.ts";
import { editIssue } from "../../hub/issue/edit-issue.ts";
import { setIssueLabels } from "../../hub/issue/label-issue.ts";
import { roleOf } from "../../hub/repository-access.ts";
import { paginate } from "../paginate.ts";
import { presentIssue } from "../present/present-issue.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { RestRefusal, unsupported, validationFailed } from "../rest-refusal.ts";
import { labelNames } from "./label-names.ts";
import { listIssues } from "./list-issues.ts";
import {
  isAuthorOr,
  readIssues,
  requireAuthorOr,
  requireIssue,
  triageIssues,
  writeIssues,
} from "./require-issue.ts";
import { checkBodyLength, checkTitleLength } from "./text-limits.ts";

export function registerIssuesResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/issues", (c) => {
    const repository = requireRepository(c, hub, readIssues);
    const page = paginate(c, hub, listIssues(hub, repository, c.req.query()));
    return c.json(page.map((issue) => presentIssue(hub, repository, issue)));
  });

  rest.get("/repos/:owner/:repo/issues/:number{[0-9]+}", (c) => {
    const { repository, issue } = requireIssue(c, hub, readIssues);
    return c.json(presentIssue(hub, repository, issue));
  });

  rest.post("/repos/:owner/:repo/issues", async (c) => {
    const repository = requireRepository(c, hub, writeIssues);
    if (!repository.hasIssues) throw new RestRefusal(410, "Issues are disabled for this repo");
    const issue = open(c, hub, { repository, body: await readBody(c) });
    c.header("location", presentIssue(hub, repository, issue).url);
    return c.json(presentIssue(hub, repository, issue), 201);
  });

  rest.patch("/repos/:owner/:repo/issues/:number{[0-9]+}", async (c) => {
    const { repository, issue } = requireIssue(c, hub, writeIssues);
    const body = await readBody(c);
    requireAuthorOr(c, hub, { repository, authorId: issue.authorId, role: "triage" });
    const edited = hub.change(() => applyEdit(c, hub, { repository, issue, body }));
    return c.json(presentIssue(hub, repository, edited));
  });

  rest.post("/repos/:owner/:repo/issues/:number{[0-9]+}/assignees", async (c) => {
    const { repository, issue } = requireIssue(c, hub, triageIssues);
    const assigneeIds = readAssignees(hub, repository, await readBody(c)) ?? [];
    const assigned = assignIssue(hub, { issue, actor: actorOf(actingCaller(c)), assigneeIds });
    return c.json(presentIssue(hub, repository, assigned), 201);
  });

  rest.delete("/repos/:owner/:repo/issues/:number{[0-9]+}/assignees", async (c) => {
    const { repository, issue } = requireIssue(c, hub, triageIssues);
    const logins = (await readBody(c)).strings("assignees") ?? [];
    const assigneeIds = logins.flatMap((login) => findAccount(hub, login)?.id ?? []);
    const unassigned = unassignIssue(hub, { issue, actor: actorOf(actingCaller(c)), assigneeIds });
    return c.json(presentIssue(hub, repository, unassigned));
  });
}

function open(
  c: ForgeRequest,
  hub: Hub,
  { repository, body }: { repository: Repository; body: RequestBody },
): Issue {
  const title = body.requiredString("title", "Issue");
  checkTitleLength(title);
  const text = body.string("body") ?? null;
  checkBodyLength(text, "Issue");
  refuseMilestone(body);
  const labels = labelNames(body.raw("labels"));
  const assigneeIds = readAssignees(hub, repository, body);
  // GitHub drops these without a word when the author may not triage.
  const mayTriage = isAuthorOr(c, hub, { repository, authorId: repository.ownerId, role: "triage" });
  return createIssue(hub, {
    repository,
    actor: actorOf(actingCaller(c)),
    title,
    body: text,
    ...(mayTriage && { labels: labels ?? [], assigneeIds: assigneeIds ?? [] }),
  });
}

function applyEdit(
  c: ForgeRequest,
  hub: Hub,
  { repository, issue, body }: { repository: Repository; issue: Issue; body: RequestBody },
): Issue {
  const actor = actorOf(actingCaller(c));
  const title = body.string("title");
  if (title !== undefined) checkTitleLength(title);
  const text = body.isNull("body") ? null : body.string("body");
  checkBodyLength(text ?? null, "Issue");
  refuseMilestone(body);
  const labels = labelNames(body.raw("labels"));
  const assigneeIds = readAssignees(hub, repository, body);
  let edited = editIssue(hub, {
    issue,
    actor,
    ...(title !== undefined && { title }),
    ...(text !== undefined && { body: text }),
  });
  edited = applyState(hub, { issue: edited, body, actor });
  if (isAuthorOr(c, hub, { repository, authorId: repository.ownerId, role: "triage" })) {
    if (labels !== undefined)
      edited = setIssueLabels(hub, { issue: edited, repository, actor, names: labels });
    if (assigneeIds !== undefined) edited = setAssignees(hub, { issue: edited, actor, assigneeIds });
  }
  return edited;
}

function applyState(
  hub: Hub,
  { issue, body, actor }: { issue: Issue; body: RequestBody; actor: ReturnType<typeof actorOf> },
): Issue {
  const state = body.oneOf("state", ["open", "closed"]);
  const reason = body.oneOf("state_reason", ["completed", "not_planned", "duplicate", "reopened"]);
  if (state === "closed" || (state === undefined && issue.state === "closed" && reason !== undefined)) {
    return closeIssue(hub, {
      issue,
      actor,
      ...(reason !== undefined && reason !== "reopened" && { reason }),
    });
  }
  if (state !== "open") return issue;
  if (issue.pullId !== null && hub.store.pulls.require(issue.pullId).merged) {
    const message = "state cannot be changed. The pull request has been merged.";
    throw validationFailed([{ resource: "PullRequest", field: "state", code: "invalid", message }]);
  }
  return reopenIssue(hub, { issue, actor });
}

function readAssignees(hub: Hub, repository: Repository, body: RequestBody): number[] | undefined {
  const single = body.string("assignee");
  const logins = body.strings("assignees") ?? (single === undefined ? undefined : [single]);
  return logins?.map((login) => {
    const account = findAccount(hub, login);
    // People need access to be assigned; for a public repository GitHub asks for more than reading it.
    const assignable =
      account !== undefined && account.type === "User" && isAssignable(hub, repository, account.id);
    if (assignable) return account.id;
    throw validationFailed([{ resource: "Issue", field: "assignees", code: "invalid", value: login }]);
  });
}

function isAssignable(hub: Hub, repository: Repository, accountId: number): boolean {
  if (roleOf(hub, accountId, repository) === "admin") return true;
  const collaborates = hub.store.collaborators.findOne({ repositoryId: repository.id, userId: accountId });
  const belongs = hub.store.memberships.findOne({ organizationId: repository.ownerId, userId: accountId });
  return collaborates !== undefined || belongs !== undefined;
}

function refuseMilestone(body: RequestBody): void {
  if (body.has("milestone") && !body.isNull("milestone")) throw unsupported("milestones");
}
