import type { EffectId, TaskId } from "../../base/ids.ts";

/** `<task>/<version>/<ordinal>`: which of the effects of the commit that made the version. */
export function effectId(task: TaskId, version: number, ordinal: number): EffectId {
  return `${task}/${version}/${ordinal}` as EffectId;
}

/** SQL for the task of an effect, from SQL for its id: effects are found among those of their task. */
export function taskOfEffect(id: string): string {
  return `split_part(${id}, '/', 1)`;
}
