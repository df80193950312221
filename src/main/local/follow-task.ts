import type { TaskId } from "../../base/ids.ts";
import { eventsOf, type RecordedEvent } from "../../core/task/events.ts";
import type { Task } from "../../core/task/state.ts";
import type { Store } from "../../ports/task-store.ts";

export type Followed = { readonly task: Task; readonly news: readonly RecordedEvent[] };

/**
 * A task each time something new stands on its record, until `signal` is aborted.
 * @param find the task, once there is one.
 */
export async function* followTask(
  store: Store,
  find: () => Promise<TaskId | null>,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let bell = Promise.withResolvers<void>();
  const ring = (): void => bell.resolve();
  store.onWork(ring);
  signal.addEventListener("abort", ring);
  for (let seen = 0; !signal.aborted;) {
    bell = Promise.withResolvers();
    const id = await find();
    const history = eventsOf(id ? await store.tasks.history(id) : []);
    const loaded = id ? await store.tasks.load(id) : null;
    if (loaded && history.length > seen) {
      yield { task: loaded.task, news: history.slice(seen) };
      seen = history.length;
    } else {
      await bell.promise;
    }
  }
}
