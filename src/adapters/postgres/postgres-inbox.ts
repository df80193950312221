import type { DeliveryId } from "../../base/ids.ts";
import type { Delivery, Inbox } from "../../ports/task-store.ts";
import { BatchWriter } from "./batch-writer.ts";
import type { PackBody } from "./body-packing.ts";
import { readPendingDeliveries } from "./sql/pending-deliveries.ts";
import type { Settlement } from "./sql/settle.ts";
import { writeSettledDeliveries } from "./sql/settle.ts";
import { type Arrival, readDifferingDeliveries, writeDeliveries } from "./sql/store-deliveries.ts";
import type { SqlClient } from "./sql-client.ts";
import { blamesStatement } from "./sql-failure.ts";

type Stored = Awaited<ReturnType<Inbox["store"]>>;

/** Deliveries that were settled with a commit, and whose handler has not come to its end yet. */
export type SettledDeliveries = Set<DeliveryId>;

export type InboxParts = {
  readonly client: SqlClient;
  readonly settledDeliveries: SettledDeliveries;
  /** How a body is stored. */
  readonly pack: PackBody;
};

export class PostgresInbox implements Inbox {
  readonly #client: SqlClient;
  readonly #pack: PackBody;
  readonly #arrivals: BatchWriter<Arrival, Stored>;
  readonly #settlements: BatchWriter<Settlement<DeliveryId>, undefined>;
  readonly #settledAlready: SettledDeliveries;

  constructor({ client, settledDeliveries, pack }: InboxParts) {
    this.#client = client;
    this.#settledAlready = settledDeliveries;
    this.#pack = pack;
    this.#arrivals = new BatchWriter({
      // Two deliveries of one id never stand in one batch, so that the answer for the id is the answer for the delivery.
      keyOf: ({ delivery }) => delivery.id,
      weightOf: ({ stored }) => stored.body.byteLength,
      write: async (arrivals) => {
        const stored = await writeDeliveries(client, arrivals);
        const known = arrivals.map(({ delivery }) => delivery).filter(({ id }) => !stored.has(id));
        const differing = known.length > 0 ? await readDifferingDeliveries(client, known) : stored;
        return arrivals.map(({ delivery: { id } }) => {
          if (stored.has(id)) return "stored";
          return differing.has(id) ? "differs" : "duplicate";
        });
      },
      blamesItems: blamesStatement,
      // One batch after the other, so that the sequence is the order of arrival.
      parallel: 1,
    });
    this.#settlements = new BatchWriter({
      keyOf: (settlement) => settlement.id,
      weightOf: (settlement) => settlement.outcome.length,
      write: async (settlements) => {
        await writeSettledDeliveries(client, settlements);
        return settlements.map(() => undefined);
      },
      blamesItems: blamesStatement,
      parallel: 1,
    });
  }

  store(delivery: Delivery): Promise<Stored> {
    return this.#arrivals.submit({ delivery, stored: this.#pack(delivery.body) });
  }

  pending(limit: number, besides: ReadonlySet<DeliveryId> = new Set()): Promise<readonly Delivery[]> {
    return readPendingDeliveries(this.#client, limit, [...besides]);
  }

  async settle(id: DeliveryId, outcome: string): Promise<void> {
    if (this.#settledAlready.delete(id)) return;
    await this.#settlements.submit({ id, outcome });
  }

  /** Resolves when all that was submitted has its answer. */
  async drained(): Promise<void> {
    await Promise.all([this.#arrivals.drained(), this.#settlements.drained()]);
  }
}
