import type { DeliveryId } from "../../base/ids.ts";
import type { Delivery } from "../../ports/task-store.ts";

/**
 * Deliveries that were just stored, as the bytes that came, so that they need not be read again. The store has them all;
 * what finds no room here is read from there, and so is whatever comes after it, until the store has been read to its
 * end: a younger delivery never overtakes an older one.
 */
export type HandedOver = {
  /** Not one that was read before it was handed over: it is in hand already, or done with. */
  add(delivery: Delivery): void;
  /** Says what was read from the store, of which some may still be handed over. */
  haveRead(deliveries: readonly Delivery[]): void;
  /** The oldest; null when there is none. */
  next(): Delivery | null;
  /** Says that the store may hold deliveries that were not handed over. */
  missSome(): void;
  /** Whether the store has to be read. */
  missesSome(): boolean;
  /** Begins to read the store: when the returned function is called at its end, only what came since is missed. */
  catchUp(): () => void;
};

/** So many of those that were read last. What was stored is handed over within a moment, and a look reads fewer in it. */
const MAX_READ = 10_000;

export function createHandedOver(maxBytes: number): HandedOver {
  const waiting: Delivery[] = [];
  const read = new Set<DeliveryId>();
  let bytes = 0;
  let misses = 1;

  return {
    add(delivery) {
      if (read.delete(delivery.id)) return;
      if (misses > 0 || bytes + delivery.body.byteLength > maxBytes) {
        misses += 1;
        return;
      }
      bytes += delivery.body.byteLength;
      waiting.push(delivery);
    },
    haveRead(deliveries) {
      for (const { id } of deliveries) {
        read.add(id);
        const [oldest] = read;
        if (read.size > MAX_READ && oldest !== undefined) read.delete(oldest);
      }
    },
    next() {
      const delivery = waiting.shift();
      if (!delivery) return null;
      bytes -= delivery.body.byteLength;
      return delivery;
    },
    missSome() {
      misses += 1;
    },
    missesSome: () => misses > 0,
    catchUp() {
      const known = misses;
      return () => {
        misses -= known;
      };
    },
  };
}
