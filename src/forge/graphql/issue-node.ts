import type { Comment, Issue } from "../hub/entity/issue.ts";
import type { Label } from "../hub/entity/repository.ts";
import { authorAssociation } from "../hub/author-association.ts";
import { nodeId } from "../hub/node-id.ts";
import { presentComment, issueWebUrl } from "../rest/present/present-issue.ts";
import { actorNodeById } from "./actor-node.ts";
import { connection, type ConnectionArguments } from "./connection.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import { repositoryNode } from "./repository-node.ts";

export function issueNode(context: GraphqlContext, issue: Issue): object {
  return {
    __typename: "Issue",
    id: nodeId("Issue", issue.id),
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    ...conversationFields(context, issue),
  };
}

/** What issues and pull requests share. */
export function conversationFields(context: GraphqlContext, issue: Issue) {
  const { hub } = context;
  const repository = hub.store.repositories.require(issue.repositoryId);
  const url = issueWebUrl(hub, repository, issue);
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    url,
    resourcePath: new URL(url).pathname,
    closed: issue.state === "closed",
    locked: issue.locked,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    author: () => actorNodeById(context, issue.authorId),
    authorAssociation: authorAssociation(hub, repository, issue.authorId),
    repository: () => repositoryNode(context, repository),
    labels: (args: ConnectionArguments) => {
      const labels = issue.labelIds.map((id) => hub.store.labels.require(id));
      return connection(
        labels.map((label) => labelNode(context, label)),
        args,
      );
    },
    assignees: (args: ConnectionArguments) =>
      connection(
        issue.assigneeIds.map((id) => actorNodeById(context, id)),
        args,
      ),
    comments: (args: ConnectionArguments) => {
      const comments = hub.store.comments.find({ issueId: issue.id });
      return connection(
        comments.map((comment) => commentNode(context, comment)),
        args,
      );
    },
  };
}

export function commentNode(context: GraphqlContext, comment: Comment) {
  const { hub } = context;
  const repository = hub.store.repositories.require(comment.repositoryId);
  return {
    __typename: "IssueComment",
    id: nodeId("IssueComment", comment.id),
    databaseId: comment.id,
    body: comment.body,
    url: presentComment(hub, repository, comment).html_url,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    author: () => actorNodeById(context, comment.authorId),
    authorAssociation: authorAssociation(hub, repository, comment.authorId),
  };
}

export function labelNode(context: GraphqlContext, label: Label) {
  return {
    __typename: "Label",
    id: nodeId("Label", label.id),
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: label.default,
    repository: () => repositoryNode(context, context.hub.store.repositories.require(label.repositoryId)),
  };
}
