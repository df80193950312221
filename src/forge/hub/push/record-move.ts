import { NO_OBJECT } from "../../git/read-objects.ts";
import { branchOfRef, tagOfRef } from "../../git/ref-name.ts";
import type { RefUpdate } from "../../git/update-refs.ts";
import { requestCheckSuites } from "../check/check-suite.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { closeReferencedIssues } from "../issue/closing-keywords.ts";
import { recordMerge } from "../pull/record-merge.ts";
import { followBase, followHead } from "../pull/follow-branch.ts";
import type { PushDescription } from "./describe-push.ts";
import { pullsTouchedBy, type ForeseenMove } from "./foresee-move.ts";
import type { PendingMove } from "./pending-move.ts";

export interface RecordedMove {
  readonly repository: Repository;
  readonly move: PendingMove;
  readonly foreseen: ForeseenMove;
}

/** The store's half of a move. Runs in one transaction, after git's half. */
export function recordMove(hub: Hub, { repository, move, foreseen }: RecordedMove): void {
  hub.store.repositories.update(repository.id, { pushedAt: hub.now() });
  move.updates.forEach((update, index) => {
    const push = foreseen.pushes[index] ?? { forced: false, commits: [] };
    emitRefEvents(hub, { repository, actor: move.actor, update, push });
    recordBranchMove(hub, { repository, move, foreseen }, { update, push });
  });
  if (move.merge !== null) recordMerge(hub, { ...move.merge, actor: move.actor });
}

function recordBranchMove(
  hub: Hub,
  { repository, move, foreseen }: RecordedMove,
  { update, push }: { update: RefUpdate; push: PushDescription },
): void {
  const branch = branchOfRef(update.ref);
  if (branch === undefined) return;
  const { actor } = move;
  for (const pull of pullsTouchedBy(hub, repository, update)) {
    if (pull.id === move.merge?.pullId) continue;
    const change = { pull, actor, update, forced: push.forced, foreseen: foreseen.pulls.get(pull.id) };
    const isHead = pull.head.repositoryId === repository.id && pull.head.ref === branch;
    if (isHead) followHead(hub, change);
    else followBase(hub, change);
  }
  if (update.after === NO_OBJECT) return;
  requestCheckSuites(hub, { repository, actor, branch, before: update.before, after: update.after });
  if (branch === repository.defaultBranch) {
    for (const commit of push.commits) {
      closeReferencedIssues(hub, { repository, text: commit.message, commitId: commit.sha, actor });
    }
  }
}

function emitRefEvents(
  hub: Hub,
  {
    repository,
    actor,
    update,
    push,
  }: { repository: Repository; actor: Actor; update: RefUpdate; push: PushDescription },
): void {
  const branch = branchOfRef(update.ref);
  const ref = branch ?? tagOfRef(update.ref);
  // Notes and other references of git's own make no noise.
  if (ref === undefined) return;
  const refType = branch === undefined ? "tag" : "branch";
  const shared = { repositoryId: repository.id, actor, action: null } as const;
  if (update.before === NO_OBJECT) hub.emit({ ...shared, name: "create", refType, ref });
  if (update.after === NO_OBJECT) hub.emit({ ...shared, name: "delete", refType, ref });
  const { before, after } = update;
  hub.emit({
    ...shared,
    name: "push",
    ref: update.ref,
    before,
    after,
    forced: push.forced,
    commits: [...push.commits],
  });
}
