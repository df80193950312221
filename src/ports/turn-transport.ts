import type { TaskId } from "../base/ids.ts";
import type { Turn } from "./task-store.ts";

/**
 * `all-done`: what was due when the turn began has its result. `look-again`: some of it has another time or is left.
 * `not-now`: nothing was run, because another process has the task or the store could not be read; it is looked at again
 * later.
 */
export type TurnEnd = "all-done" | "look-again" | "not-now";

/** Takes a task's turn: runs what is due of it. Never rejects. */
export type TakeTurn = (task: TaskId) => Promise<TurnEnd>;

/** Brings turns to whoever takes them, in this process or in another. */
export interface TurnTransport {
  /** Whether several processes hand over through it: then one of them does at a time. */
  readonly isShared: boolean;
  /**
   * Resolves when the turn has ended, wherever that was. The turn survives whoever takes it: when that process dies, or
   * the transport forgets all that it was given, another one takes it. So a turn may be taken twice. Never rejects.
   */
  carry(turn: Turn): Promise<TurnEnd>;
  /** Waits for the turns that this process takes. */
  stop(): Promise<void>;
}
