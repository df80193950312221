import type { HubEvent } from "./hub-event.ts";

export type HubEventListener = (event: HubEvent) => void;

/**
 * Two moments to hear of a change. Listeners of `recorded` run inside the transaction that made it, so what they
 * write is kept or lost with the change (webhook deliveries rely on that). Listeners of `committed` run after it,
 * in the order of the changes.
 */
export class EventBus {
  readonly #recorded = new Set<HubEventListener>();
  readonly #committed = new Set<HubEventListener>();

  onRecorded(listener: HubEventListener): () => void {
    this.#recorded.add(listener);
    return () => this.#recorded.delete(listener);
  }

  onCommitted(listener: HubEventListener): () => void {
    this.#committed.add(listener);
    return () => this.#committed.delete(listener);
  }

  publishRecorded(event: HubEvent): void {
    for (const listener of this.#recorded) listener(event);
  }

  publishCommitted(event: HubEvent): void {
    for (const listener of this.#committed) listener(event);
  }
}
