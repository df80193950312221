import type { WrittenPart } from "../../contract/briefing.ts";
import { roleAtLeast } from "../../core/policy/role-at-least.ts";
import { eventsOf } from "../../core/task/events.ts";
import type { Task } from "../../core/task/state.ts";
import type { AppContext } from "../context.ts";

/**
 * The parts of a briefing by people who have no write access now. Only they and their author can have changed the
 * issue's text, and whoever asked for another try wrote the guidance.
 */
export async function findUntrusted(context: AppContext, task: Task): Promise<readonly WrittenPart[]> {
  const github = await context.github(task.tenant);
  const authors: [WrittenPart, string | null][] = [
    ["issue", (await github.issue(task.repository, task.issue.number))?.author ?? null],
  ];
  if (task.guidance !== null) authors.push(["guidance", await findGuide(context, task)]);
  const untrusted: WrittenPart[] = [];
  for (const [part, author] of authors) {
    const role = author === null ? "none" : await github.roleOf(task.repository, author);
    if (!roleAtLeast(role, "write")) untrusted.push(part);
  }
  return untrusted;
}

/** Who said last what the next attempt should do. */
async function findGuide(context: AppContext, task: Task): Promise<string | null> {
  const history = await context.store.tasks.history(task.id);
  for (const { event } of eventsOf(history).toReversed()) {
    if (event.type === "RetryRequested" && event.guidance !== null) return event.by;
  }
  return null;
}
