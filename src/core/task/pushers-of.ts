import type { Task } from "./state.ts";

/** Who beside Baton pushed onto the branch. Tasks that were stored before that was kept have no list yet. */
export function pushersOf(task: Task): readonly string[] {
  return task.pushers ?? [];
}
