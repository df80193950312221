import { repositoryFrame } from "../visit/repository-frame.ts";
import { fieldValue, mayDo } from "../visit/visit.ts";
import type { WebSite } from "../visit/web-site.ts";
import { conversationList } from "./conversation-list.ts";
import { conversationPath, findConversation } from "./find-conversation.ts";
import { issuePage } from "./issue-page.ts";
import { newIssuePage } from "./new-issue-page.ts";
import { readConversations } from "./read-conversations.ts";
import { readIssue } from "./read-issue.ts";

export function registerIssuePages(site: WebSite): void {
  site.repositoryPage("/issues", (visit) => ({
    title: "Issues",
    content: conversationList(readConversations(visit, "issues")),
    repository: repositoryFrame(visit, "issues"),
  }));

  site.repositoryPage("/issues/new", (visit) => {
    const action = `/${visit.fullName}/issues`;
    const draft = (name: string): string =>
      fieldValue(visit, { action, name }, visit.request.req.query(name) ?? "");
    const mayLabel = mayDo(visit, { permission: "issues", access: "write", role: "triage" });
    const labels = visit.hub.store.labels.find({ repositoryId: visit.repository.id });
    return {
      title: "New issue",
      content: newIssuePage({
        fullName: visit.fullName,
        title: draft("title"),
        body: draft("body"),
        labels: mayLabel ? labels : null,
        chosen: draft("labels").split("\n"),
      }),
      repository: repositoryFrame(visit, "issues"),
    };
  });

  site.repositoryPage("/issues/:number", (visit) => {
    const found = findConversation(visit);
    if (!found) return null;
    if (found.pull) return visit.request.redirect(conversationPath(visit, found.issue));
    return {
      title: `${found.issue.title} · Issue #${found.issue.number}`,
      content: issuePage(readIssue(visit, found.issue)),
      repository: repositoryFrame(visit, "issues"),
    };
  });
}
