import type { TaskId } from "../../base/ids.ts";
import type { ChainHead } from "./chain-events.ts";

/** Some 150 bytes each. */
const MAX_HEADS = 20_000;

/**
 * The chain heads of tasks that were read or written last, so that a commit after a `load` needs no other look at the
 * database. Only a hint: the statement that writes compares version and hash with what is stored.
 */
export class ChainHeads {
  readonly #heads = new Map<TaskId, ChainHead>();

  get(task: TaskId): ChainHead | undefined {
    return this.#heads.get(task);
  }

  set(task: TaskId, head: ChainHead): void {
    this.#heads.delete(task);
    this.#heads.set(task, head);
    if (this.#heads.size <= MAX_HEADS) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      break;
    }
  }

  forget(task: TaskId): void {
    this.#heads.delete(task);
  }
}
