import type { Hub } from "../hub.ts";

const tails = new WeakMap<Hub, Map<number, Promise<void>>>();

/**
 * Runs `work` while nobody else moves references of the repositories. What it finds out about them (what a branch
 * holds, whether a pull request may be merged) stays true until it has acted on it. Not reentrant.
 */
export async function withRepositoryLocks<T>(
  hub: Hub,
  repositoryIds: readonly number[],
  work: () => Promise<T>,
): Promise<T> {
  // Always in the same order, so that two holders never wait for each other.
  const [first, ...others] = [...new Set(repositoryIds)].sort((left, right) => left - right);
  if (first === undefined) return work();
  return withRepositoryLock(hub, first, () => withRepositoryLocks(hub, others, work));
}

export async function withRepositoryLock<T>(
  hub: Hub,
  repositoryId: number,
  work: () => Promise<T>,
): Promise<T> {
  const queue = tails.get(hub) ?? new Map<number, Promise<void>>();
  tails.set(hub, queue);
  const before = queue.get(repositoryId) ?? Promise.resolve();
  const result = before.then(work);
  // The next holder waits for the end of this one, whichever way it ends.
  const tail = result.then(
    () => undefined,
    () => undefined,
  );
  queue.set(repositoryId, tail);
  void tail.then(() => {
    if (queue.get(repositoryId) === tail) queue.delete(repositoryId);
  });
  return result;
}
