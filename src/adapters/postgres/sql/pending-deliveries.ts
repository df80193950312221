import type { DeliveryId } from "../../../base/ids.ts";
import type { Delivery } from "../../../ports/task-store.ts";
import { type StoredBody, unpackBody } from "../body-packing.ts";
import { textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { bodiesAtOnce, MAX_BYTES_AT_ONCE } from "./bodies-at-once.ts";

const pendingDeliveries: Statement = {
  name: "pending_deliveries",
  text: bodiesAtOnce(
    "SELECT * FROM delivery WHERE outcome IS NULL AND id <> ALL ($2::text[]) ORDER BY sequence LIMIT $1",
    "sequence",
  ),
};

type Row = StoredBody & {
  readonly id: DeliveryId;
  readonly event: string;
  readonly received_at: Date;
};

/** The oldest first, but for `besides`: the first of them, and more up to `limit` and to `MAX_BYTES_AT_ONCE`. */
export async function readPendingDeliveries(
  session: SqlSession,
  limit: number,
  besides: readonly DeliveryId[],
): Promise<readonly Delivery[]> {
  const rows = await session.query<Row>(pendingDeliveries, [limit, textArray(besides), MAX_BYTES_AT_ONCE]);
  return rows.map((row) => ({
    id: row.id,
    event: row.event,
    body: unpackBody(row),
    receivedAt: row.received_at.toISOString(),
  }));
}
