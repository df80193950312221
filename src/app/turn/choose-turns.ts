import type { TenantId } from "../../base/ids.ts";
import type { Turn } from "../../ports/task-store.ts";

export type TurnLimits = {
  /** Turns handed over and not ended, in all. */
  readonly inAll: number;
  /** The same of one tenant: what it asks of GitHub goes through one narrow lane anyway. */
  readonly perTenant: number;
};

/**
 * Which of the waiting turns, oldest first, are handed over now. The tenant that has the fewest goes first: one with
 * thousands waiting takes no place that another has a use for.
 */
export function chooseTurns(
  waiting: readonly Turn[],
  inHand: ReadonlyMap<TenantId, number>,
  limits: TurnLimits,
): readonly Turn[] {
  const counts = new Map(inHand);
  const room = limits.inAll - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const ranked: { readonly turn: Turn; readonly rank: number }[] = [];
  for (const turn of waiting) {
    const rank = counts.get(turn.tenant) ?? 0;
    if (rank >= limits.perTenant) continue;
    counts.set(turn.tenant, rank + 1);
    ranked.push({ turn, rank });
  }
  // Sorting keeps the order of those with the same rank, which is that of their age.
  return ranked
    .sort((one, other) => one.rank - other.rank)
    .slice(0, Math.max(0, room))
    .map(({ turn }) => turn);
}
