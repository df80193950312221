import type { DeliveryId } from "../../../base/ids.ts";
import type { Delivery } from "../../../ports/task-store.ts";
import { instant } from "../instant.ts";
import { byteaArray, textArray, timestampArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

/** The rows of a function come in its order, and so does the sequence: sorting them copies all bodies once more. */
const storeDeliveries: Statement = {
  name: "store_deliveries",
  text: `
INSERT INTO delivery (id, event, body, received_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::timestamptz[])
ON CONFLICT (id) DO NOTHING
RETURNING id`,
};

/**
 * Stores those that are new, in their order; the ids of the rest are not in the answer. No other process is told: whoever
 * stored them works on them, and PostgreSQL lets only one transaction with a notice commit at a time.
 */
export async function writeDeliveries(
  session: SqlSession,
  deliveries: readonly Delivery[],
): Promise<ReadonlySet<DeliveryId>> {
  const rows = await session.query<{ id: DeliveryId }>(storeDeliveries, [
    textArray(deliveries.map((delivery) => delivery.id)),
    textArray(deliveries.map((delivery) => delivery.event)),
    byteaArray(deliveries.map((delivery) => delivery.body)),
    timestampArray(deliveries.map((delivery) => instant(delivery.receivedAt))),
  ]);
  return new Set(rows.map((row) => row.id));
}

const readDiffering: Statement = {
  name: "read_differing_deliveries",
  text: `
SELECT delivery.id FROM unnest($1::text[], $2::bytea[]) AS given (id, body)
JOIN delivery ON delivery.id = given.id
WHERE CASE WHEN delivery.body_digest IS NULL THEN delivery.body <> given.body
  ELSE delivery.body_digest <> sha256(given.body) END`,
};

/** Ids of those that are stored with another body. */
export async function readDifferingDeliveries(
  session: SqlSession,
  deliveries: readonly Delivery[],
): Promise<ReadonlySet<DeliveryId>> {
  const rows = await session.query<{ id: DeliveryId }>(readDiffering, [
    textArray(deliveries.map((delivery) => delivery.id)),
    byteaArray(deliveries.map((delivery) => delivery.body)),
  ]);
  return new Set(rows.map((row) => row.id));
}
