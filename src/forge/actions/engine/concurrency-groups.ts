/** A run or a job that wants to be the only one of its group. */
export interface ConcurrencyClaim {
  /** Of the repository; groups are compared without regard to case. */
  repositoryId: number;
  group: string;
  cancelInProgress: boolean;
  /** Called when another claim with `cancel-in-progress` wants the place that this one holds. */
  onPreempted: () => void;
}

export type ConcurrencyPlace = { kind: "entered"; leave: () => void } | { kind: "cancelled" };

interface Waiting {
  claim: ConcurrencyClaim;
  settle: (place: ConcurrencyPlace) => void;
}

interface Group {
  holder: ConcurrencyClaim | null;
  pending: Waiting | null;
}

/**
 * GitHub's concurrency groups: one holder and one pending claim. A new claim takes the place of the pending one,
 * which is cancelled; with `cancel-in-progress` it has the holder cancelled too.
 */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();

  /** @param signal gives up waiting, as cancelled */
  enter(claim: ConcurrencyClaim, signal: AbortSignal): Promise<ConcurrencyPlace> {
    const key = groupKey(claim);
    const group = this.#groups.get(key) ?? { holder: null, pending: null };
    this.#groups.set(key, group);
    return new Promise((settle) => {
      const waiting: Waiting = { claim, settle };
      group.pending?.settle({ kind: "cancelled" });
      group.pending = waiting;
      if (claim.cancelInProgress) group.holder?.onPreempted();
      signal.addEventListener("abort", () => this.#giveUp(group, waiting), { once: true });
      if (signal.aborted) this.#giveUp(group, waiting);
      this.#promote(key, group);
    });
  }

  /** Whether a claim would have to wait. */
  isHeld(repositoryId: number, group: string): boolean {
    return this.#groups.get(groupKey({ repositoryId, group }))?.holder != null;
  }

  #giveUp(group: Group, waiting: Waiting): void {
    if (group.pending !== waiting) return;
    group.pending = null;
    waiting.settle({ kind: "cancelled" });
  }

  #promote(key: string, group: Group): void {
    if (group.holder !== null) return;
    const next = group.pending;
    if (next === null) {
      this.#groups.delete(key);
      return;
    }
    group.pending = null;
    group.holder = next.claim;
    const leave = (): void => {
      if (group.holder !== next.claim) return;
      group.holder = null;
      this.#promote(key, group);
    };
    next.settle({ kind: "entered", leave });
  }
}

function groupKey({ repositoryId, group }: Pick<ConcurrencyClaim, "repositoryId" | "group">): string {
  return `${repositoryId}/${group.toLowerCase()}`;
}
