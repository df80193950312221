import { readRef } from "../git/read-refs.ts";
import { isRefName } from "../git/ref-name.ts";
import type { Repository } from "../hub/entity/repository.ts";
import { fullName } from "../hub/find-repository.ts";
import { nodeId } from "../hub/node-id.ts";
import { findPull } from "../hub/pull/find-pull.ts";
import { findLabel } from "../hub/repository/label.ts";
import { checkAccess, roleOf, type AccessRequest } from "../hub/repository-access.ts";
import { repositoryWebUrl } from "../rest/present/api-url.ts";
import { actorNodeById } from "./actor-node.ts";
import { connection, type ConnectionArguments } from "./connection.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import { GraphqlRefusal } from "./graphql-refusal.ts";
import { issueNode, labelNode } from "./issue-node.ts";
import { pullNode } from "./pull-node.ts";

export function repositoryNode(context: GraphqlContext, repository: Repository): object {
  const { hub } = context;
  const url = repositoryWebUrl(hub, repository);
  return {
    __typename: "Repository",
    id: nodeId("Repository", repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(hub, repository),
    owner: () => actorNodeById(context, repository.ownerId),
    url,
    resourcePath: new URL(url).pathname,
    description: repository.description,
    homepageUrl: repository.homepage,
    isPrivate: repository.private,
    isFork: repository.parentId !== null,
    isArchived: repository.archived,
    isDisabled: false,
    visibility: repository.private ? "PRIVATE" : "PUBLIC",
    hasIssuesEnabled: repository.hasIssues,
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
    mergeCommitAllowed: repository.allowMergeCommit,
    squashMergeAllowed: repository.allowSquashMerge,
    rebaseMergeAllowed: repository.allowRebaseMerge,
    deleteBranchOnMerge: repository.deleteBranchOnMerge,
    parent: () =>
      repository.parentId === null
        ? null
        : repositoryNode(context, hub.store.repositories.require(repository.parentId)),
    viewerPermission: () => viewerPermission(context, repository),
    defaultBranchRef: () => refNode(context, repository, `refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      refNode(
        context,
        repository,
        qualifiedName.startsWith("refs/") ? qualifiedName : `refs/heads/${qualifiedName}`,
      ),
    ...conversations(context, repository),
  };
}

function conversations(context: GraphqlContext, repository: Repository) {
  const { hub } = context;
  const notFound = (kind: string, number: number) =>
    new GraphqlRefusal("NOT_FOUND", `Could not resolve to ${kind} with the number of ${number}.`);
  return {
    issue: ({ number }: { number: number }) => {
      const issue = hub.store.issues.findOne({ repositoryId: repository.id, number });
      if (issue === undefined || issue.pullId !== null) throw notFound("an Issue", number);
      requireAccess(context, repository, { permission: "issues", access: "read" });
      return issueNode(context, issue);
    },
    pullRequest: ({ number }: { number: number }) => {
      const pull = findPull(hub, repository, number);
      if (pull === undefined) throw notFound("a PullRequest", number);
      requireAccess(context, repository, { permission: "pull_requests", access: "read" });
      return pullNode(context, pull);
    },
    label: ({ name }: { name: string }) => {
      const label = findLabel(hub, repository, name);
      return label === undefined ? null : labelNode(context, label);
    },
    labels: (args: ConnectionArguments) => {
      const labels = hub.store.labels.find({ repositoryId: repository.id });
      return connection(
        labels.map((label) => labelNode(context, label)),
        args,
      );
    },
  };
}

/** @throws GraphqlRefusal for what the caller may not do, as GitHub words it */
export function requireAccess(
  { hub, caller }: GraphqlContext,
  repository: Repository,
  request: AccessRequest,
): void {
  if (checkAccess(hub, { caller, repository, request }) === "granted") return;
  const message =
    caller.kind === "user"
      ? "Must have sufficient rights to Repository."
      : "Resource not accessible by integration";
  throw new GraphqlRefusal("FORBIDDEN", message);
}

function viewerPermission({ hub, caller }: GraphqlContext, repository: Repository): string | null {
  if (caller.kind === "user") return roleOf(hub, caller.account.id, repository)?.toUpperCase() ?? null;
  return null;
}

async function refNode(context: GraphqlContext, repository: Repository, name: string) {
  const { hub } = context;
  const oid = isRefName(name) ? await readRef(hub.gitDirectory(repository.id), name) : undefined;
  if (oid === undefined) return null;
  const prefix = name.startsWith("refs/heads/") ? "refs/heads/" : `${name.split("/").slice(0, 2).join("/")}/`;
  return {
    __typename: "Ref",
    id: nodeId("Ref", `${repository.id}:${name}`),
    name: name.slice(prefix.length),
    prefix,
    repository: () => repositoryNode(context, repository),
    target: { __typename: "Commit", id: nodeId("Commit", `${repository.id}:${oid}`), oid },
  };
}
