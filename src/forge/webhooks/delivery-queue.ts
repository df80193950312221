import type { Delivery } from "../hub/entity/delivery.ts";
import type { Hub } from "../hub/hub.ts";
import type { DeliveryObserver } from "../start-forge.ts";
import { sendDelivery } from "./send-delivery.ts";

export interface DeliveryQueueOptions {
  /** GitHub gives a receiver ten seconds. */
  timeoutMs: number;
  onDelivery: DeliveryObserver | undefined;
}

const retentionMs = 3 * 24 * 60 * 60 * 1000;

/**
 * Sends what waits, one delivery at a time for each App, in the order in which things happened. The rows are the
 * queue: what was not answered when the forge stopped is sent when it starts again, under the same GUID.
 */
export class DeliveryQueue {
  readonly #hub: Hub;
  readonly #options: DeliveryQueueOptions;
  readonly #draining = new Map<number, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(hub: Hub, options: DeliveryQueueOptions) {
    this.#hub = hub;
    this.#options = options;
  }

  /** Forgets what GitHub would no longer redeliver, and continues with what an earlier run of the forge left. */
  resume(): void {
    const kept = this.#hub.date().getTime() - retentionMs;
    this.#hub.change(() => {
      for (const { id, deliveredAt } of this.#hub.store.deliveries.find({ state: "done" })) {
        if (Date.parse(deliveredAt ?? "") < kept) this.#hub.store.deliveries.delete(id);
      }
    });
    const waiting = this.#hub.store.deliveries.find({ state: "waiting" });
    for (const appId of new Set(waiting.map((delivery) => delivery.appId))) this.wake(appId);
  }

  wake(appId: number): void {
    if (this.#draining.has(appId) || this.#closing.signal.aborted) return;
    this.#draining.set(appId, this.#drain(appId));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#draining.values());
  }

  async #drain(appId: number): Promise<void> {
    try {
      // The first send starts after the change that woke the queue has returned to its caller.
      await Promise.resolve();
      while (!this.#closing.signal.aborted) {
        const delivery = this.#hub.store.deliveries.findOne({ appId, state: "waiting" });
        if (delivery === undefined) return;
        await this.#send(delivery);
      }
    } finally {
      // In the same turn as the last look, so that whoever writes a delivery after it wakes a new round.
      this.#draining.delete(appId);
    }
  }

  async #send(delivery: Delivery): Promise<void> {
    const { hook } = this.#hub.store.apps.require(delivery.appId);
    if (!delivery.redelivery) {
      this.#options.onDelivery?.({ event: delivery.event, payload: JSON.parse(delivery.body) });
    }
    const outcome = await sendDelivery(delivery, {
      hook,
      timeoutMs: this.#options.timeoutMs,
      signal: this.#closing.signal,
    });
    if (this.#closing.signal.aborted) return;
    this.#hub.change(() =>
      this.#hub.store.deliveries.update(delivery.id, {
        ...outcome,
        state: "done",
        deliveredAt: this.#hub.now(),
      }),
    );
  }
}
