import type { DeliveryId, EffectId } from "../../../base/ids.ts";
import { taskOfEffect } from "../effect-id.ts";
import { textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";

const settleDeliveries: Statement = {
  name: "settle_deliveries",
  text: `
UPDATE delivery SET outcome = settled.outcome, settled_at = now()
FROM unnest($1::text[], $2::text[]) AS settled (id, outcome)
CROSS JOIN LATERAL (SELECT ctid AS place FROM delivery WHERE id = settled.id LIMIT 1) AS found
WHERE delivery.ctid = found.place AND delivery.outcome IS NULL`,
};

const settleEffects: Statement = {
  name: "settle_effects",
  text: `
UPDATE effect SET outcome = settled.outcome, done_at = now()
FROM unnest($1::text[], $2::text[]) AS settled (id, outcome)
WHERE effect.task_id = ${taskOfEffect("settled.id")} AND effect.id = settled.id AND effect.done_at IS NULL`,
};

export type Settlement<Id> = { readonly id: Id; readonly outcome: string };

/** The first outcome stands: what was settled before is left as it is. */
export function writeSettledDeliveries(
  session: SqlSession,
  settlements: readonly Settlement<DeliveryId>[],
): Promise<void> {
  return writeSettlements(session, settleDeliveries, settlements);
}

/** The first outcome stands: what was settled before is left as it is. */
export function writeSettledEffects(
  session: SqlSession,
  settlements: readonly Settlement<EffectId>[],
): Promise<void> {
  return writeSettlements(session, settleEffects, settlements);
}

async function writeSettlements(
  session: SqlSession,
  statement: Statement,
  settlements: readonly Settlement<string>[],
): Promise<void> {
  await session.query(statement, [
    textArray(settlements.map(({ id }) => id)),
    textArray(settlements.map(({ outcome }) => storableText(outcome))),
  ]);
}
