import { hash } from "node:crypto";
import type { DeliveryId } from "../../../base/ids.ts";
import type { Delivery } from "../../../ports/task-store.ts";
import { type StoredBody, unpackBody } from "../body-packing.ts";
import { instant } from "../instant.ts";
import { bigintArray, byteaArray, textArray, timestampArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

/** The rows of a function come in its order, and so does the sequence: sorting them copies all bodies once more. */
const storeDeliveries: Statement = {
  name: "store_deliveries",
  text: `
INSERT INTO delivery (id, event, body, unpacked_bytes, received_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::timestamptz[])
ON CONFLICT (id) DO NOTHING
RETURNING id`,
};

/** A delivery, and its body as it is to be stored. */
export type Arrival = { readonly delivery: Delivery; readonly stored: StoredBody };

/**
 * Stores those that are new, in their order; the ids of the rest are not in the answer. No other process is told: whoever
 * stored them works on them, and PostgreSQL lets only one transaction with a notice commit at a time.
 */
export async function writeDeliveries(
  session: SqlSession,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<DeliveryId>> {
  const rows = await session.query<{ id: DeliveryId }>(storeDeliveries, [
    textArray(arrivals.map(({ delivery }) => delivery.id)),
    textArray(arrivals.map(({ delivery }) => delivery.event)),
    byteaArray(arrivals.map(({ stored }) => stored.body)),
    bigintArray(arrivals.map(({ stored }) => stored.unpacked_bytes)),
    timestampArray(arrivals.map(({ delivery }) => instant(delivery.receivedAt))),
  ]);
  return new Set(rows.map((row) => row.id));
}

const storedBodies: Statement = {
  name: "stored_bodies",
  text: `SELECT id, body, unpacked_bytes, body_digest FROM delivery WHERE id = ANY ($1::text[])`,
};

type Row = StoredBody & {
  readonly id: DeliveryId;
  /** SHA-256 of the body, once that is given up. */
  readonly body_digest: Buffer | null;
};

/** Ids of those that are stored with another body. */
export async function readDifferingDeliveries(
  session: SqlSession,
  deliveries: readonly Delivery[],
): Promise<ReadonlySet<DeliveryId>> {
  const rows = await session.query<Row>(storedBodies, [textArray(deliveries.map(({ id }) => id))]);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const differing = deliveries.filter(({ id, body }) => {
    const row = stored.get(id);
    return row !== undefined && !isBodyOf(row, body);
  });
  return new Set(differing.map(({ id }) => id));
}

function isBodyOf(row: Row, body: Uint8Array): boolean {
  if (row.body_digest) return row.body_digest.equals(hash("sha256", body, "buffer"));
  return Buffer.compare(unpackBody(row), body) === 0;
}
