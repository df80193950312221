import type { ApiRequest } from "../visit/call-api.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { FormFields, FormOutcome, WebSite } from "../visit/web-site.ts";
import { conversationPath, findConversation, type Conversation } from "./find-conversation.ts";

/** What people do to issues, and to the conversations of pull requests, which are issues to the API as well. */
export function registerIssueForms(site: WebSite): void {
  site.repositoryForm("/issues", (visit, fields) => fileIssue(site, visit, fields));

  const form = (path: string, take: (found: FoundForm) => Promise<FormOutcome>): void => {
    site.repositoryForm(`/issues/:number${path}`, async (visit, fields) => {
      const found = findConversation(visit);
      return found && take({ ...found, visit, fields, page: conversationPath(visit, found.issue) });
    });
  };

  form("/comments", (found) => addComment(site, found));
  form("/labels", (found) => changeLabel(site, found));
  form("/title", (found) =>
    send(site, found, { method: "PATCH", body: { title: found.fields.text("title") } }),
  );
  form("/body", (found) => send(site, found, { method: "PATCH", body: { body: found.fields.text("body") } }));
  form("/reactions", (found) => {
    const path = `/issues/${found.issue.number}/reactions`;
    return send(site, found, { method: "POST", path, body: { content: found.fields.text("content") } });
  });
  form("/comments/:comment", (found) => {
    const body = { body: found.fields.text("body") };
    return send(site, found, {
      method: "PATCH",
      path: commentPath(found),
      body,
      anchor: commentAnchor(found),
    });
  });
  form("/comments/:comment/reactions", (found) => {
    const body = { content: found.fields.text("content") };
    const path = `${commentPath(found)}/reactions`;
    return send(site, found, { method: "POST", path, body, anchor: commentAnchor(found) });
  });
}

interface FoundForm extends Conversation {
  visit: RepositoryVisit;
  fields: FormFields;
  /** Where the visitor came from and returns to. */
  page: string;
}

function commentPath({ visit }: FoundForm): string {
  return `/issues/comments/${encodeURIComponent(visit.request.req.param("comment") ?? "")}`;
}

function commentAnchor({ visit }: FoundForm): string {
  return `#issuecomment-${encodeURIComponent(visit.request.req.param("comment") ?? "")}`;
}

/** One request below the repository, or to the issue itself, and back to its page. */
async function send(
  site: WebSite,
  { visit, issue, page }: FoundForm,
  request: Omit<ApiRequest, "path"> & { path?: string; anchor?: string },
): Promise<FormOutcome> {
  const { path = `/issues/${issue.number}`, anchor = "", ...rest } = request;
  const answer = await site.call(visit, { ...rest, path: `/repos/${visit.fullName}${path}` });
  if (!answer.ok) return { location: page, refused: answer.sentence };
  return { location: page + anchor };
}

async function fileIssue(site: WebSite, visit: RepositoryVisit, fields: FormFields): Promise<FormOutcome> {
  const labels = fields.texts("labels");
  const answer = await site.call(visit, {
    method: "POST",
    path: `/repos/${visit.fullName}/issues`,
    body: { title: fields.text("title"), body: fields.text("body"), ...(labels.length > 0 && { labels }) },
  });
  if (!answer.ok) return { location: `/${visit.fullName}/issues/new`, refused: answer.sentence };
  const { number } = answer.body as { number: number };
  return { location: `/${visit.fullName}/issues/${number}` };
}

async function addComment(site: WebSite, found: FoundForm): Promise<FormOutcome> {
  const { visit, issue, fields, page } = found;
  const body = fields.text("body");
  const then = fields.text("then");
  if (body.trim() === "" && then === "") {
    return { location: page, refused: "A comment needs some text." };
  }
  let anchor = "";
  if (body.trim() !== "") {
    const path = `/repos/${visit.fullName}/issues/${issue.number}/comments`;
    const answer = await site.call(visit, { method: "POST", path, body: { body } });
    if (!answer.ok) return { location: page, refused: answer.sentence };
    anchor = `#issuecomment-${(answer.body as { id: number }).id}`;
  }
  if (then === "close" || then === "reopen") {
    const state = then === "close" ? "closed" : "open";
    return send(site, found, { method: "PATCH", body: { state }, anchor });
  }
  return { location: page + anchor };
}

async function changeLabel(site: WebSite, found: FoundForm): Promise<FormOutcome> {
  const path = `/issues/${found.issue.number}/labels`;
  const added = found.fields.text("add");
  if (added !== "") return send(site, found, { method: "POST", path, body: { labels: [added] } });
  const removed = encodeURIComponent(found.fields.text("remove"));
  return send(site, found, { method: "DELETE", path: `${path}/${removed}` });
}
