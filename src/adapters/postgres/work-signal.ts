import { randomUUID } from "node:crypto";

/** Tells whoever runs effects that there is something to do. */
export class WorkSignal {
  /** Names this process in notifications, so that it does not hear itself. */
  readonly sender = randomUUID();
  readonly #listeners: (() => void)[] = [];

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Listeners run after the current turn: none of their errors reaches the commit that woke them. */
  wake(): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }
}
