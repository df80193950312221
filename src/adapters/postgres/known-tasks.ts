import type { TaskId } from "../../base/ids.ts";
import type { Task } from "../../core/task/state.ts";
import type { ChainHead } from "./chain-entries.ts";

export type KnownTask = ChainHead & {
  /** As it is at this version; null where only the head was read. */
  readonly task: Task | null;
  /** About the length of its state as text. */
  readonly characters: number;
};

/** Some 3,000 tasks of ordinary size: as objects they take about five times as much. */
const MAX_CHARACTERS = 8_000_000;

/** What is kept of a task whose state is not. */
const HEAD_CHARACTERS = 100;

/**
 * The tasks that were read or written last, so that what has not changed is neither sent nor parsed again, and a commit
 * after a `load` needs no other look at the database. Only a hint: whoever uses it compares the hash with what is stored.
 */
export class KnownTasks {
  /** A task keeps its place for good: the tables that a `Map` outgrows would hold all that it ever knew of it. */
  readonly #places = new Map<TaskId, { known: KnownTask }>();
  #characters = 0;

  get(task: TaskId): KnownTask | undefined {
    return this.#places.get(task)?.known;
  }

  set(task: TaskId, known: KnownTask): void {
    const place = this.#places.get(task) ?? { known };
    this.forget(task);
    place.known = known;
    this.#places.set(task, place);
    this.#characters += weightOf(known);
    for (const oldest of this.#places.keys()) {
      if (this.#characters <= MAX_CHARACTERS) break;
      this.forget(oldest);
    }
  }

  forget(task: TaskId): void {
    const known = this.get(task);
    if (!known) return;
    this.#places.delete(task);
    this.#characters -= weightOf(known);
  }
}

function weightOf({ characters }: KnownTask): number {
  return HEAD_CHARACTERS + characters;
}
