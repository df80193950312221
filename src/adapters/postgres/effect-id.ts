import type { EffectId, TaskId } from "../../base/ids.ts";

/** Which of the effects of the commit that gave the task this version. */
export type EffectPlace = { readonly task: TaskId; readonly version: number; readonly ordinal: number };

/** SQL for the id of an effect's row. */
export const EFFECT_ID = "concat_ws('/', effect.task_id, effect.version, effect.ordinal)";

/** From `<task>/<version>/<ordinal>`. */
export function placeOfEffect(id: EffectId): EffectPlace {
  const [task, version, ordinal] = id.split("/");
  return { task: task as TaskId, version: Number(version), ordinal: Number(ordinal) };
}
