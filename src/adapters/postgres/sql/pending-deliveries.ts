import type { DeliveryId } from "../../../base/ids.ts";
import type { Delivery } from "../../../ports/task-store.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

const pendingDeliveries: Statement = {
  name: "pending_deliveries",
  text: `SELECT id, event, body, received_at FROM delivery WHERE outcome IS NULL ORDER BY sequence LIMIT $1`,
};

type Row = {
  readonly id: DeliveryId;
  readonly event: string;
  readonly body: Buffer;
  readonly received_at: Date;
};

export async function readPendingDeliveries(
  session: SqlSession,
  limit: number,
): Promise<readonly Delivery[]> {
  const rows = await session.query<Row>(pendingDeliveries, [limit]);
  return rows.map((row) => ({
    id: row.id,
    event: row.event,
    body: row.body,
    receivedAt: row.received_at.toISOString(),
  }));
}
