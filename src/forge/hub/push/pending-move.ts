import type { RefUpdate } from "../../git/update-refs.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";

/** Why references move, as far as more follows from it than from a push of the same commits. */
interface MergeCause {
  pullId: number;
  /** The commit by which the base branch took the pull request in. */
  commitSha: string;
}

/** Ref updates that were decided on and may or may not have been carried out when the forge last stopped. */
export interface PendingMove {
  updates: RefUpdate[];
  actor: Actor;
  merge: MergeCause | null;
}

/** The repository with its write-ahead entry, which no other part of the forge looks at. */
type JournaledRepository = Repository & { pendingMove?: PendingMove | null };

/**
 * References live in git and everything that follows from their movement in the store, so no transaction spans both.
 * Instead a move is written down first, carried out, and taken off in the transaction that records what followed.
 * A forge that died in between finds the entry and does the rest again, which is safe: git's part is idempotent, and
 * the store's part either happened together with the removal of the entry or not at all.
 */
export function writePendingMove(hub: Hub, repositoryId: number, move: PendingMove | null): void {
  const entry: Partial<JournaledRepository> = { pendingMove: move };
  hub.change(() => hub.store.repositories.update(repositoryId, entry));
}

export function readPendingMove(hub: Hub, repositoryId: number): PendingMove | null {
  const repository: JournaledRepository = hub.store.repositories.require(repositoryId);
  return repository.pendingMove ?? null;
}
