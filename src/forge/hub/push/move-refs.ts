import { readRef } from "../../git/read-refs.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import { tryUpdateRefs, updateRefs } from "../../git/update-refs.ts";
import type { Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { foreseeMove } from "./foresee-move.ts";
import { readPendingMove, writePendingMove, type PendingMove } from "./pending-move.ts";
import { recordMove } from "./record-move.ts";

/**
 * Moves references and records what follows: push, create and delete events, pull requests that gain commits, are
 * merged or lose a branch, issues that commits close. All updates happen or none. The caller holds the repository's
 * lock and has decided that the updates are allowed.
 * @returns `false`, with nothing changed, when a reference does not hold what the update expects or its name conflicts
 *   with another (`a` and `a/b`)
 */
export async function moveRefs(hub: Hub, repository: Repository, move: PendingMove): Promise<boolean> {
  await finishPendingMove(hub, repository);
  writePendingMove(hub, repository.id, move);
  if (!(await tryUpdateRefs(hub.gitDirectory(repository.id), move.updates))) {
    writePendingMove(hub, repository.id, null);
    return false;
  }
  await recordPendingMove(hub, repository, move);
  return true;
}

/** Completes what a crash or a failure interrupted. Nothing can move before that, so events keep their order. */
export async function finishPendingMove(hub: Hub, repository: Repository): Promise<void> {
  const move = readPendingMove(hub, repository.id);
  if (move === null) return;
  const gitDir = hub.gitDirectory(repository.id);
  const current = await Promise.all(move.updates.map(({ ref }) => readRef(gitDir, ref)));
  await updateRefs(
    gitDir,
    move.updates.filter((update, index) => (current[index] ?? NO_OBJECT) !== update.after),
  );
  await recordPendingMove(hub, repository, move);
}

async function recordPendingMove(hub: Hub, repository: Repository, move: PendingMove): Promise<void> {
  const foreseen = await foreseeMove(hub, repository, move);
  hub.change(() => {
    writePendingMove(hub, repository.id, null);
    recordMove(hub, { repository: hub.store.repositories.require(repository.id), move, foreseen });
  });
}
