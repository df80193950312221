import type { Entry, RecordedEvent } from "../../core/task/events.ts";
import { eventsOf } from "../../core/task/events.ts";
import { replay } from "../../core/task/evolve.ts";
import type { Task } from "../../core/task/state.ts";
import { entryFrom } from "./chain-entries.ts";
import type { KnownTask } from "./known-tasks.ts";
import type { StoredTask } from "./sql/read-task.ts";

/** A task as it is now. Throws when the record lacks an entry of the task, or has one that could not follow. */
export function foldTask({ row, known }: StoredTask): KnownTask & { readonly task: Task } {
  const { id, version, hash, kept_at, kept, since } = row;
  if (kept_at === null) {
    if (!known?.task) throw new Error(`The database left out the state of task ${id}, which nobody knows.`);
    return { task: known.task, version, hash, characters: known.characters };
  }
  const before = kept === null ? null : (JSON.parse(kept) as Task);
  const texts = since === null ? [] : (JSON.parse(since) as readonly (Entry | RecordedEvent)[]);
  const task = replay(eventsOf(texts.map(entryFrom)), before);
  if (!task || kept_at + texts.length !== version) {
    throw new Error(
      `Task ${id} has ${version} entries, of which ${kept_at} and ${texts.length} were found: look at it with \`baton doctor\`.`,
    );
  }
  return { task, version, hash, characters: (kept ?? since ?? "").length };
}
