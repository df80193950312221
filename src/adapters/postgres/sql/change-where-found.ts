import type { EffectId } from "../../../base/ids.ts";
import { EFFECT_ID, placeOfEffect } from "../effect-id.ts";
import { bigintArray, type Parameter, textArray } from "../parameter.ts";
import type { SqlSession, Statement } from "../sql-client.ts";

/**
 * SQL that changes effects that wait, each of which `given` names by task, version and ordinal. They are looked up one by one,
 * and then changed where they were found: a join would be planned as a look at all that wait where few rows had been counted.
 * That they still wait is asked once more, so that no partial index seems to answer it.
 */
export function changeOfWaiting({ set, given }: { readonly set: string; readonly given: string }): string {
  return `
UPDATE effect SET ${set}
FROM ${given}
CROSS JOIN LATERAL (
  SELECT ctid AS place FROM effect
  WHERE task_id = given.task_id AND version = given.version AND ordinal = given.ordinal AND outcome IS NULL
  LIMIT 1
) AS found
WHERE effect.ctid = found.place AND num_nulls(effect.outcome) = 1
RETURNING ${EFFECT_ID} AS id`;
}

/** Names effects, as the first three parameters of such a statement. */
export function placeColumns(effects: readonly { readonly id: EffectId }[]): readonly Parameter[] {
  const places = effects.map(({ id }) => placeOfEffect(id));
  return [
    textArray(places.map(({ task }) => task)),
    bigintArray(places.map(({ version }) => version)),
    bigintArray(places.map(({ ordinal }) => ordinal)),
  ];
}

/**
 * Runs a statement that changes rows where it has found them, and returns their ids. What another process changes meanwhile is
 * no longer there, and is looked for once more: a second time is not allowed for. What is settled is not found.
 */
export async function changeWhereFound<Change extends { readonly id: string }>(
  session: SqlSession,
  statement: Statement,
  changes: readonly Change[],
  parameters: (changes: readonly Change[]) => readonly Parameter[],
): Promise<void> {
  const change = async (some: readonly Change[]): Promise<readonly Change[]> => {
    const rows = await session.query<{ id: string }>(statement, parameters(some));
    const changed = new Set(rows.map(({ id }) => id));
    return some.filter(({ id }) => !changed.has(id));
  };
  const left = await change(changes);
  if (left.length > 0) await change(left);
}
