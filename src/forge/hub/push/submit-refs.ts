import type { RefUpdate } from "../../git/update-refs.ts";
import { actorOf, type ActingCaller } from "../caller.ts";
import type { Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { judgeRefUpdate, type RefRefusal } from "./judge-ref-update.ts";
import { moveRefs } from "./move-refs.ts";
import { withRepositoryLock } from "./repository-lock.ts";

export type RefOutcome =
  | { readonly kind: "updated" }
  | RefRefusal
  /** The reference held something else, or its name conflicts with another. */
  | { readonly kind: "lost race" };

export interface RefSubmission {
  readonly repository: Repository;
  readonly caller: ActingCaller;
  readonly update: RefUpdate;
}

/** Judges and carries out one update: what the API does where git would push. */
export function submitRefUpdate(hub: Hub, submission: RefSubmission): Promise<RefOutcome> {
  const { repository, caller, update } = submission;
  return withRepositoryLock(hub, repository.id, async () => {
    const [outcome] = await submitTogether(hub, { repository, caller, updates: [update] });
    return outcome ?? { kind: "lost race" };
  });
}

export interface PushSubmission {
  readonly repository: Repository;
  readonly caller: ActingCaller;
  readonly updates: readonly RefUpdate[];
  /** All or none; otherwise a refused update does not stop the others. */
  readonly atomic: boolean;
}

/**
 * Judges and carries out the updates of one push.
 * @returns an outcome for each update, in order
 */
export function submitPush(hub: Hub, submission: PushSubmission): Promise<RefOutcome[]> {
  const { repository, updates, atomic } = submission;
  return withRepositoryLock(hub, repository.id, async () => {
    if (atomic) return submitTogether(hub, submission);
    const outcomes: RefOutcome[] = [];
    for (const update of updates) {
      outcomes.push(...(await submitTogether(hub, { ...submission, updates: [update] })));
    }
    return outcomes;
  });
}

async function submitTogether(
  hub: Hub,
  { repository, caller, updates }: Omit<PushSubmission, "atomic">,
): Promise<RefOutcome[]> {
  const refusals: (RefRefusal | undefined)[] = [];
  for (const update of updates) refusals.push(await judgeRefUpdate(hub, { repository, caller, update }));
  if (refusals.some((refusal) => refusal !== undefined)) {
    return refusals.map((refusal) => refusal ?? { kind: "declined", reason: "atomic push failed" });
  }
  // Deleting what is not there, or setting what is set, is no event.
  const moving = updates.filter(({ before, after }) => before !== after);
  const move = { updates: moving, actor: actorOf(caller), merge: null };
  const moved = moving.length === 0 || (await moveRefs(hub, repository, move));
  return updates.map(() => (moved ? { kind: "updated" } : { kind: "lost race" }));
}
