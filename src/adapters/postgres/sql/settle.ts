import type { DeliveryId, EffectId } from "../../../base/ids.ts";
import { type Parameter, textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";
import { storableText } from "../storable-text.ts";
import { changeOfWaiting, changeWhereFound, placeColumns } from "./change-where-found.ts";

const settleDeliveries: Statement = {
  name: "settle_deliveries",
  text: `
UPDATE delivery SET outcome = settled.outcome, settled_at = now()
FROM unnest($1::text[], $2::text[]) AS settled (id, outcome)
CROSS JOIN LATERAL (SELECT ctid AS place FROM delivery WHERE id = settled.id LIMIT 1) AS found
WHERE delivery.ctid = found.place AND delivery.settled_at IS NULL
RETURNING delivery.id`,
};

const settleEffects: Statement = {
  name: "settle_effects",
  text: changeOfWaiting({
    set: "outcome = given.outcome, done_at = now()",
    given:
      "unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) AS given (task_id, version, ordinal, outcome)",
  }),
};

export type Settlement<Id> = { readonly id: Id; readonly outcome: string };

/** The first outcome stands: what was settled before is left as it is. */
export async function writeSettledDeliveries(
  session: SqlSession,
  settlements: readonly Settlement<DeliveryId>[],
): Promise<void> {
  await changeWhereFound(session, settleDeliveries, settlements, (some) => [
    textArray(some.map(({ id }) => id)),
    outcomeArray(some),
  ]);
}

/** The first outcome stands: what was settled before is left as it is. */
export async function writeSettledEffects(
  session: SqlSession,
  settlements: readonly Settlement<EffectId>[],
): Promise<void> {
  await changeWhereFound(session, settleEffects, settlements, (some) => [
    ...placeColumns(some),
    outcomeArray(some),
  ]);
}

function outcomeArray(settlements: readonly Settlement<string>[]): Parameter {
  return textArray(settlements.map(({ outcome }) => storableText(outcome)));
}
