import type { CommitStatus } from "../entity/check.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";

export interface NewStatus {
  repository: Repository;
  actor: Actor;
  sha: string;
  state: CommitStatus["state"];
  context: string;
  description: string | null;
  targetUrl: string | null;
}

/** Statuses are never changed: a newer one of the same context hides the older. */
export function createStatus(hub: Hub, { repository, actor, ...status }: NewStatus): CommitStatus {
  return hub.change(() => {
    const now = hub.now();
    const created = hub.store.statuses.insert({
      repositoryId: repository.id,
      ...status,
      creatorId: actor.accountId,
      createdAt: now,
      updatedAt: now,
    });
    hub.emit({ name: "status", action: null, repositoryId: repository.id, actor, statusId: created.id });
    return created;
  });
}

/** The newest status of each context on a commit, newest first. */
export function currentStatuses(hub: Hub, repository: Repository, sha: string): CommitStatus[] {
  const all = hub.store.statuses.find({ repositoryId: repository.id, sha }, { newestFirst: true });
  return all.filter((status, index) => all.findIndex(({ context }) => context === status.context) === index);
}

/** GitHub's roll-up: anything failed is a failure, nothing at all or anything unfinished is pending. */
export function combinedState(statuses: readonly CommitStatus[]): "failure" | "pending" | "success" {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  if (statuses.length === 0 || statuses.some(({ state }) => state === "pending")) return "pending";
  return "success";
}
