import { randomUUID } from "node:crypto";
import type { EffectId } from "../../base/ids.ts";
import type { Commit, Settled } from "../../ports/task-store.ts";

/**
 * Ids of a commit's effects, `<task>/<version>/<ordinal>`, by the ordinal. A commit without events leaves the version as
 * it is, so what it settles stands in the id as well: otherwise its effects would pass for those of the commit that made
 * the version.
 */
export function effectIds({ task, expectedVersion, events }: Commit, settled: Settled) {
  const prefix =
    events.length > 0 ? `${task}/${expectedVersion + 1}` : `${task}/${expectedVersion}/${causeOf(settled)}`;
  return (ordinal: number): EffectId => `${prefix}/${ordinal}` as EffectId;
}

function causeOf(settled: Settled): string {
  return settled.kind === "none" ? randomUUID() : settled.id;
}

/** SQL for the task of an effect, from SQL for its id: effects are found among those of their task. */
export function taskOfEffect(id: string): string {
  return `split_part(${id}, '/', 1)`;
}
