import { actorOf } from "../hub/caller.ts";
import type { Pull } from "../hub/entity/pull.ts";
import type { Repository } from "../hub/entity/repository.ts";
import { findAccount, findRepository } from "../hub/find-repository.ts";
import { parseNodeId, type NodeKind } from "../hub/node-id.ts";
import { convertToDraft, markReadyForReview } from "../hub/pull/draft.ts";
import { issueOfPull } from "../hub/pull/find-pull.ts";
import { checkAccess } from "../hub/repository-access.ts";
import { actorNode } from "./actor-node.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import { GraphqlRefusal, nodeNotFound, UnsupportedField } from "./graphql-refusal.ts";
import { commentNode, issueNode, labelNode } from "./issue-node.ts";
import { pullNode } from "./pull-node.ts";
import { repositoryNode, requireAccess } from "./repository-node.ts";

/** The fields of `Query` and `Mutation` that the forge knows. */
export function createRoot(context: GraphqlContext) {
  const { hub, caller } = context;
  return {
    viewer: () => {
      if (!("account" in caller))
        throw new GraphqlRefusal("FORBIDDEN", "Resource not accessible by integration");
      // Bots are shown as users here, the only kind that GitHub's schema has for the viewer.
      return { ...actorNode(context, caller.account), __typename: "User" };
    },
    user: ({ login }: { login: string }) => {
      const account = findAccount(hub, login);
      if (account?.type === "User") return actorNode(context, account);
      throw new GraphqlRefusal("NOT_FOUND", `Could not resolve to a User with the login of '${login}'.`);
    },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = findRepository(hub, owner, name);
      if (repository !== undefined && isVisible(context, repository))
        return repositoryNode(context, repository);
      throw new GraphqlRefusal(
        "NOT_FOUND",
        `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      );
    },
    node: ({ id }: { id: string }) => findNode(context, id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => findNode(context, id)),
    ...mutations(context),
  };
}

interface PullInput {
  input: { pullRequestId: string; clientMutationId?: string | null };
}

function mutations(context: GraphqlContext) {
  const { hub } = context;
  const changeDraft =
    (change: typeof markReadyForReview) =>
    ({ input }: PullInput) => {
      const pull = requireWritablePull(context, input.pullRequestId);
      const changed = change(hub, { pull, actor: actorOf(requireActing(context)) });
      return { clientMutationId: input.clientMutationId ?? null, pullRequest: pullNode(context, changed) };
    };
  return {
    markPullRequestReadyForReview: changeDraft(markReadyForReview),
    convertPullRequestToDraft: changeDraft(convertToDraft),
  };
}

function requireActing({ caller }: GraphqlContext) {
  if (caller.kind === "anonymous" || caller.kind === "app") {
    throw new GraphqlRefusal("FORBIDDEN", "Resource not accessible by integration");
  }
  return caller;
}

/** Authors may change their own pull requests; others need the right to write. */
function requireWritablePull(context: GraphqlContext, id: string): Pull {
  const { hub, caller } = context;
  const parsed = parseNodeId(id);
  const pull = parsed?.kind === "PullRequest" ? hub.store.pulls.get(Number(parsed.id)) : undefined;
  if (pull === undefined) throw nodeNotFound(id);
  const repository = hub.store.repositories.require(pull.repositoryId);
  if (!isVisible(context, repository)) throw nodeNotFound(id);
  const isAuthor = caller.kind === "user" && caller.account.id === issueOfPull(hub, pull).authorId;
  const role = isAuthor ? "read" : "write";
  requireAccess(context, repository, { permission: "pull_requests", access: "write", role });
  const issue = issueOfPull(hub, pull);
  if (issue.state !== "open") {
    throw new GraphqlRefusal("UNPROCESSABLE", "Pull request is closed.");
  }
  return pull;
}

function isVisible({ hub, caller }: GraphqlContext, repository: Repository): boolean {
  const request = { permission: "metadata", access: "read" } as const;
  return checkAccess(hub, { caller, repository, request }) === "granted";
}

function findNode(context: GraphqlContext, id: string): object {
  const parsed = parseNodeId(id);
  if (parsed === undefined) throw nodeNotFound(id);
  const found = readNode(context, parsed.kind, Number(parsed.id));
  if (found === undefined) throw nodeNotFound(id);
  return found;
}

function readNode(context: GraphqlContext, kind: NodeKind, id: number): object | undefined {
  const { store } = context.hub;
  const within = <T extends { repositoryId: number }>(found: T | undefined, show: (found: T) => object) =>
    found !== undefined && isVisible(context, store.repositories.require(found.repositoryId))
      ? show(found)
      : undefined;
  switch (kind) {
    case "User":
    case "Organization":
    case "Bot": {
      const account = store.accounts.get(id);
      return account && actorNode(context, account);
    }
    case "Repository": {
      const repository = store.repositories.get(id);
      return repository && isVisible(context, repository) ? repositoryNode(context, repository) : undefined;
    }
    case "Issue":
      return within(store.issues.get(id), (issue) => issueNode(context, issue));
    case "IssueComment":
      return within(store.comments.get(id), (comment) => commentNode(context, comment));
    case "PullRequest":
      return within(store.pulls.get(id), (pull) => pullNode(context, pull));
    case "Label":
      return within(store.labels.get(id), (label) => labelNode(context, label));
    case "App":
    case "Artifact":
    case "CheckRun":
    case "CheckSuite":
    case "Commit":
    case "Event":
    case "Installation":
    case "PullRequestReview":
    case "PullRequestReviewComment":
    case "Reaction":
    case "Ref":
    case "StatusContext":
    case "Workflow":
    case "WorkflowJob":
    case "WorkflowRun":
      throw new UnsupportedField(`${kind} as a GraphQL node`);
  }
}
