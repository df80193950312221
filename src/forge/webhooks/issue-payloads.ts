import type { Hub } from "../hub/hub.ts";
import { presentAccountById } from "../rest/present/present-account.ts";
import { presentComment, presentIssue } from "../rest/present/present-issue.ts";
import { presentLabel } from "../rest/present/present-label.ts";
import type { PayloadRegistry } from "./payload-registry.ts";

/** Payloads about issues and the comments of issues and pull requests. */
export function registerIssuePayloads(hub: Hub, payloads: PayloadRegistry): void {
  payloads.register("issues", (event) => {
    const repository = hub.store.repositories.require(event.repositoryId);
    const { label, assigneeId, changes } = event;
    return {
      issue: presentIssue(hub, repository, hub.store.issues.require(event.issueId)),
      ...(label && { label: presentLabel(hub, repository, { ...label, repositoryId: repository.id }) }),
      ...(assigneeId !== undefined && { assignee: presentAccountById(hub, assigneeId) }),
      ...(changes !== undefined && { changes }),
    };
  });

  payloads.register("issue_comment", (event) => {
    const repository = hub.store.repositories.require(event.repositoryId);
    return {
      issue: presentIssue(hub, repository, hub.store.issues.require(event.issueId)),
      comment: presentComment(hub, repository, event.comment),
      ...(event.changes !== undefined && { changes: event.changes }),
    };
  });
}
