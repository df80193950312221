import { branchOfRef } from "../../git/ref-name.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import { isAncestor } from "../../git/read-refs.ts";
import type { RefUpdate } from "../../git/update-refs.ts";
import type { Pull } from "../entity/pull.ts";
import type { Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { findOpenPulls } from "../pull/find-pull.ts";
import { measureNewHead, measurePull, showsSameChange, type PullMeasure } from "../pull/measure-pull.ts";
import { describePush, type PushDescription } from "./describe-push.ts";
import type { PendingMove } from "./pending-move.ts";

/** All that git has to say about a move: the store's transaction is synchronous and cannot ask any more. */
export interface ForeseenMove {
  /** In the order of the updates. */
  readonly pushes: readonly PushDescription[];
  /** By the pull request's id. */
  readonly pulls: ReadonlyMap<number, ForeseenPull>;
}

export interface ForeseenPull {
  /** Absent where the head and the base have no common history any more. */
  readonly measure: PullMeasure | undefined;
  /** The base branch has got all of the head's commits. */
  readonly contained: boolean;
  /** The diff that reviewers saw is still the diff. */
  readonly sameChange: boolean;
}

export async function foreseeMove(
  hub: Hub,
  repository: Repository,
  move: PendingMove,
): Promise<ForeseenMove> {
  const gitDir = hub.gitDirectory(repository.id);
  const pushes = await Promise.all(move.updates.map((update) => describePush(gitDir, update)));
  const pulls = new Map<number, ForeseenPull>();
  for (const update of move.updates) {
    if (update.after === NO_OBJECT) continue;
    for (const pull of pullsTouchedBy(hub, repository, update)) {
      if (pull.id === move.merge?.pullId) continue;
      pulls.set(pull.id, await foreseeOrGiveUp(hub, pull, { repository, update }));
    }
  }
  return { pushes, pulls };
}

/** One pull request that cannot be looked at (its fork's files are gone) must not hold up the pushes of everyone. */
async function foreseeOrGiveUp(
  hub: Hub,
  pull: Pull,
  moved: { repository: Repository; update: RefUpdate },
): Promise<ForeseenPull> {
  try {
    return await foreseePull(hub, pull, moved);
  } catch (error) {
    console.error(
      `Pull request ${pull.number} of repository ${pull.repositoryId} cannot be measured:`,
      error,
    );
    return { measure: undefined, contained: false, sameChange: false };
  }
}

/** Open pull requests from or into the branch that an update is about. */
export function pullsTouchedBy(hub: Hub, repository: Repository, update: RefUpdate): Pull[] {
  const branch = branchOfRef(update.ref);
  if (branch === undefined) return [];
  return findOpenPulls(hub, ({ head, base }) =>
    [head, base].some((end) => end.repositoryId === repository.id && end.ref === branch),
  );
}

async function foreseePull(
  hub: Hub,
  pull: Pull,
  { repository, update }: { repository: Repository; update: RefUpdate },
): Promise<ForeseenPull> {
  const branch = branchOfRef(update.ref);
  const moves = (end: Pull["head"]) => end.repositoryId === repository.id && end.ref === branch;
  const ends = {
    headSha: moves(pull.head) ? update.after : pull.head.sha,
    baseSha: moves(pull.base) ? update.after : pull.base.sha,
  };
  const measure = await (moves(pull.head) ? measureNewHead : measurePull)(hub, pull, ends);
  const baseDir = hub.gitDirectory(pull.repositoryId);
  const contained = await isAncestor(baseDir, ends.headSha, ends.baseSha);
  const sameChange = measure !== undefined && moves(pull.head) && (await showsSameChange(hub, pull, measure));
  return { measure, contained, sameChange };
}
