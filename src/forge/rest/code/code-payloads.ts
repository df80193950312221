import { listBranchesContaining, readCommitBlocking } from "../../git/blocking-reads.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { accountOfEmail } from "../../hub/git-identity-of.ts";
import type { PushCommit, PushEvent, RefEvent } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";
import { timestamp } from "../../hub/timestamp.ts";
import type { PayloadRegistry } from "../../webhooks/payload-registry.ts";
import { repositoryWebUrl } from "../present/api-url.ts";
import { presentCommit } from "../present/present-commit.ts";
import { presentShortBranch } from "../present/present-status.ts";

/** Payloads about references and commits. */
export function registerCodePayloads(hub: Hub, payloads: PayloadRegistry): void {
  payloads.register("push", (event) => presentPush(hub, event));
  payloads.register("create", (event: RefEvent) => {
    const repository = hub.store.repositories.require(event.repositoryId);
    return {
      ref: event.ref,
      ref_type: event.refType,
      master_branch: repository.defaultBranch,
      description: repository.description,
      pusher_type: "user",
    };
  });
  payloads.register("delete", (event: RefEvent) => ({
    ref: event.ref,
    ref_type: event.refType,
    pusher_type: "user",
  }));
  payloads.register("status", (event) => {
    const status = hub.store.statuses.require(event.statusId);
    const repository = hub.store.repositories.require(event.repositoryId);
    const gitDir = hub.gitDirectory(repository.id);
    return {
      id: status.id,
      sha: status.sha,
      name: `${hub.store.accounts.require(repository.ownerId).login}/${repository.name}`,
      avatar_url: `${hub.url}/avatars/${status.creatorId}`,
      target_url: status.targetUrl,
      context: status.context,
      description: status.description,
      state: status.state,
      commit: presentCommit(hub, repository, readCommitBlocking(gitDir, status.sha)),
      branches: listBranchesContaining(gitDir, status.sha)
        .slice(0, mostBranches)
        .map((branch) => presentShortBranch(hub, repository, branch)),
      created_at: status.createdAt,
      updated_at: status.updatedAt,
    };
  });
}

/** GitHub lists no more in a status event. */
const mostBranches = 10;

function presentPush(hub: Hub, event: PushEvent) {
  const repository = hub.store.repositories.require(event.repositoryId);
  const pusher = hub.store.accounts.require(event.actor.accountId);
  const web = repositoryWebUrl(hub, repository);
  const created = event.before === NO_OBJECT;
  const deleted = event.after === NO_OBJECT;
  const range = created || deleted ? "" : `${event.before.slice(0, 12)}...`;
  return {
    ref: event.ref,
    before: event.before,
    after: event.after,
    created,
    deleted,
    forced: event.forced,
    base_ref: null,
    compare: deleted
      ? `${web}/compare/${event.before.slice(0, 12)}...${NO_OBJECT.slice(0, 12)}`
      : `${web}/compare/${range}${event.after.slice(0, 12)}`,
    commits: event.commits.map((commit) => presentPushCommit(hub, repository, commit)),
    head_commit: presentHeadCommit(hub, repository, event),
    pusher: { name: pusher.login, email: pusher.email },
  };
}

/** The tip, even of a branch that brings no commits of its own; `null` when the branch is gone. */
function presentHeadCommit(hub: Hub, repository: Repository, event: PushEvent) {
  if (event.after === NO_OBJECT) return null;
  const pushed = event.commits.find((commit) => commit.sha === event.after);
  if (pushed !== undefined) return presentPushCommit(hub, repository, pushed);
  const tip = readCommitBlocking(hub.gitDirectory(repository.id), event.after);
  return presentPushCommit(hub, repository, {
    sha: tip.oid,
    treeSha: tip.tree,
    message: tip.message,
    timestamp: timestamp(tip.committer.at),
    author: tip.author,
    committer: tip.committer,
    added: [],
    removed: [],
    modified: [],
  });
}

function presentPushCommit(hub: Hub, repository: Repository, commit: PushCommit) {
  const person = ({ name, email }: PushCommit["author"]) => {
    const account = accountOfEmail(hub, email);
    return { name, email, ...(account !== null && { username: account.login }) };
  };
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    distinct: true,
    message: commit.message,
    timestamp: commit.timestamp,
    url: `${repositoryWebUrl(hub, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: commit.added,
    removed: commit.removed,
    modified: commit.modified,
  };
}
