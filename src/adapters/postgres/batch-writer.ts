import { StoreOverloaded } from "../../ports/store-overloaded.ts";

/** How one kind of items is written together. */
export type BatchPlan<Item, Outcome> = {
  /** Items of one key are never in flight together: the later waits for the earlier. null: any may stand together. */
  readonly keyOf: (item: Item) => string | null;
  /** What an item adds to the size of the statement, in bytes. */
  readonly weightOf: (item: Item) => number;
  /** Writes all or none, in one transaction; outcomes stand in the order of the items. */
  readonly write: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Whether an item may be at fault, so that halves of the batch are worth trying. */
  readonly blamesItems: (error: unknown) => boolean;
  /** How many batches may be written at the same time. */
  readonly parallel: number;
};

/** More does not make an item cheaper, and while one batch is written another one can be made ready. */
const MAX_ITEMS = 128;
/** For longer statements PostgreSQL asks the system for memory each time: then storing a webhook costs half as much again. */
const MAX_WEIGHT_BYTES = 1024 * 1024;

/** What may wait for its answer in all, in some eighty full batches or a few seconds of a busy server. */
const MAX_UNANSWERED_ITEMS = 10_000;
const MAX_UNANSWERED_BYTES = 64 * 1024 * 1024;

type Queued<Item, Outcome> = {
  readonly item: Item;
  readonly key: string | null;
  readonly weight: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
};

/** Tells whoever submitted an item what came of it. */
type Answer = () => void;

/**
 * Writes what queued up while the last batch was being written as the next batch: alone an item goes at once, and under
 * load the batches grow by themselves, so there is no timer and no delay to tune. An item that makes a batch fail is
 * found by halving, and only its own promise rejects. While the database stalls, what waits is bounded.
 */
export class BatchWriter<Item, Outcome> {
  readonly #plan: BatchPlan<Item, Outcome>;
  /** Items that may be written now, no two of one key. */
  #ready: Queued<Item, Outcome>[] = [];
  /** Keys that are ready or in flight, with the items that wait for them. */
  readonly #waiting = new Map<string, Queued<Item, Outcome>[]>();
  #inFlight = 0;
  #unansweredItems = 0;
  #unansweredBytes = 0;
  #scheduled = false;
  #drained: (() => void)[] = [];

  constructor(plan: BatchPlan<Item, Outcome>) {
    this.#plan = plan;
  }

  /** Rejects with `StoreOverloaded` when too much waits already; one item alone is never too much. */
  submit(item: Item): Promise<Outcome> {
    const weight = this.#plan.weightOf(item);
    if (this.#isTooMuch(weight)) return Promise.reject(new StoreOverloaded());
    this.#unansweredItems += 1;
    this.#unansweredBytes += weight;
    return new Promise((resolve, reject) => {
      this.#enqueue({ item, key: this.#plan.keyOf(item), weight, resolve, reject });
    });
  }

  /** Resolves when nothing is queued or being written. */
  drained(): Promise<void> {
    if (this.#ready.length === 0 && this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #isTooMuch(weight: number): boolean {
    if (this.#unansweredItems === 0) return false;
    return (
      this.#unansweredItems >= MAX_UNANSWERED_ITEMS || this.#unansweredBytes + weight > MAX_UNANSWERED_BYTES
    );
  }

  #enqueue(queued: Queued<Item, Outcome>): void {
    const waiting = queued.key === null ? undefined : this.#waiting.get(queued.key);
    if (waiting) {
      waiting.push(queued);
      return;
    }
    if (queued.key !== null) this.#waiting.set(queued.key, []);
    this.#ready.push(queued);
    this.#schedule();
  }

  /**
   * At the end of the event loop's turn, so that what comes in with it is written together: each statement wakes the
   * database, which on a virtual machine takes both sides longer than a small batch does.
   */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.#plan.parallel) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#ready.length > 0 && this.#inFlight < this.#plan.parallel) void this.#writeNext();
    });
  }

  async #writeNext(): Promise<void> {
    const batch = this.#takeBatch();
    this.#inFlight += 1;
    const answers = await this.#write(batch);
    this.#inFlight -= 1;
    this.#countAnswered(batch);
    for (const queued of batch) this.#release(queued.key);
    // A full batch is on its way before those that are answered submit more, which takes as long as writing one.
    if (this.#ready.length >= MAX_ITEMS) void this.#writeNext();
    if (this.#ready.length > 0) this.#schedule();
    for (const answer of answers) answer();
    if (this.#ready.length === 0 && this.#inFlight === 0) {
      for (const resolve of this.#drained.splice(0)) resolve();
    }
  }

  #takeBatch(): readonly Queued<Item, Outcome>[] {
    let count = 0;
    let weight = 0;
    for (const queued of this.#ready) {
      weight += queued.weight;
      if (count === MAX_ITEMS || (count > 0 && weight > MAX_WEIGHT_BYTES)) break;
      count += 1;
    }
    const batch = this.#ready.slice(0, count);
    this.#ready = this.#ready.slice(count);
    return batch;
  }

  /** Never rejects: each item has its own answer. */
  async #write(batch: readonly Queued<Item, Outcome>[]): Promise<readonly Answer[]> {
    try {
      const outcomes = await this.#plan.write(batch.map((queued) => queued.item));
      return batch.map(
        ({ resolve }, index) =>
          () =>
            resolve(outcomes[index] as Outcome),
      );
    } catch (error) {
      if (batch.length === 1 || !this.#plan.blamesItems(error)) {
        return batch.map(
          ({ reject }) =>
            () =>
              reject(error),
        );
      }
      const middle = Math.ceil(batch.length / 2);
      const first = await this.#write(batch.slice(0, middle));
      return [...first, ...(await this.#write(batch.slice(middle)))];
    }
  }

  /** Before they hear of it, so that who asks for more at once finds the room. */
  #countAnswered(batch: readonly Queued<Item, Outcome>[]): void {
    this.#unansweredItems -= batch.length;
    for (const { weight } of batch) this.#unansweredBytes -= weight;
  }

  #release(key: string | null): void {
    if (key === null) return;
    const waiting = this.#waiting.get(key);
    const next = waiting?.shift();
    if (next) this.#ready.push(next);
    else this.#waiting.delete(key);
  }
}
