import type { Issue } from "../entity/issue.ts";
import type { Pull } from "../entity/pull.ts";
import type { Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";

export function findPull(hub: Hub, repository: Repository, number: number): Pull | undefined {
  return hub.store.pulls.findOne({ repositoryId: repository.id, number });
}

/** The conversation: title, body, labels and state of a pull request are its issue's. */
export function issueOfPull(hub: Hub, pull: Pull): Issue {
  return hub.store.issues.require(pull.issueId);
}

/** In the order of their creation. */
export function findOpenPulls(hub: Hub, accepts: (pull: Pull) => boolean): Pull[] {
  return hub.store.pulls.find(
    { merged: false },
    { filter: (pull) => accepts(pull) && issueOfPull(hub, pull).state === "open" },
  );
}
