import type { DeliveryId } from "../../../base/ids.ts";
import type { Delivery } from "../../../ports/task-store.ts";
import { textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const pendingDeliveries: Statement = {
  name: "pending_deliveries",
  text: `
SELECT id, event, body, received_at FROM (
  SELECT id, event, body, received_at, sequence,
    sum(octet_length(body)) OVER (ORDER BY sequence) - octet_length(body) AS bytes_before
  FROM (
    SELECT * FROM delivery WHERE outcome IS NULL AND id <> ALL ($2::text[]) ORDER BY sequence LIMIT $1
  ) AS oldest
) AS sized
WHERE bytes_before < $3
ORDER BY sequence`,
};

/** Of the bodies that are read at once: one of GitHub's largest still comes alone. */
const MAX_BYTES = 32 * 1024 * 1024;

type Row = {
  readonly id: DeliveryId;
  readonly event: string;
  readonly body: Buffer;
  readonly received_at: Date;
};

/** The oldest first, but for `besides`: the first of them, and more up to `limit` and to `MAX_BYTES`. */
export async function readPendingDeliveries(
  session: SqlSession,
  limit: number,
  besides: readonly DeliveryId[],
): Promise<readonly Delivery[]> {
  const rows = await session.query<Row>(pendingDeliveries, [limit, textArray(besides), MAX_BYTES]);
  return rows.map((row) => ({
    id: row.id,
    event: row.event,
    body: row.body,
    receivedAt: row.received_at.toISOString(),
  }));
}
