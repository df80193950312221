import type { TaskId } from "../base/ids.ts";
import type { TaskCommand } from "../core/task/commands.ts";
import type { Decision } from "../core/task/decide.ts";
import { decide } from "../core/task/decide.ts";
import { isOver } from "../core/task/derive-status.ts";
import type { Effect } from "../core/task/effect.ts";
import { effects } from "../core/task/effects.ts";
import type { TaskEvent } from "../core/task/events.ts";
import { evolve } from "../core/task/evolve.ts";
import type { Repository, Task } from "../core/task/state.ts";
import type { LoadedTask, Settled } from "../ports/task-store.ts";
import type { AppContext } from "./context.ts";

export type Change = {
  readonly task: TaskId;
  /** As it was just loaded, where it was: then it is not loaded again unless somebody else changes it first. */
  readonly seen?: LoadedTask;
  /** GitHub login, or "baton". */
  readonly actor: string;
  /** What led to it, for the record: `delivery:<guid>`, `effect:<id>`, `lease:<id>`. */
  readonly cause: string;
  /** As what led to it names the repository: its owner may be renamed without an event of its own. */
  readonly repository?: Repository;
  /** Decided one after the other, stored together. */
  readonly commands: readonly TaskCommand[];
  /** Done with when the change is stored; when nothing changes, it is left for the caller to settle. */
  readonly settled: Settled;
  /** Effects beside those of the events, given each command's decision. */
  readonly answers?: (decisions: readonly Decision[]) => readonly Effect[];
};

export type Changed = {
  readonly decisions: readonly Decision[];
  /** The task as it is now; null when there is none. */
  readonly task: Task | null;
  /** Whether events were stored. */
  readonly stored: boolean;
};

/** Another writer came first this often: something is wrong that another try will not mend. */
const MAX_CONFLICTS = 20;

/** Loads the task, decides, and stores all that follows in one commit; decides again when somebody else was first. */
export async function changeTask(context: AppContext, change: Change): Promise<Changed> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
    const seen = conflicts === 0 ? change.seen : undefined;
    const loaded = seen ?? (await context.store.tasks.load(change.task));
    if (loaded && (await refreshNames(context, loaded.task, change))) continue;
    const decided = decideAll(context, loaded?.task ?? null, change);
    if (!decided.task || decided.events.length === 0) {
      return { decisions: decided.decisions, task: decided.task, stored: false };
    }
    const outcome = await context.store.tasks.commit(
      {
        task: change.task,
        expectedVersion: loaded?.version ?? 0,
        meta: decided.meta,
        events: decided.events,
        after: decided.task,
        effects: [
          ...effects(loaded?.task ?? null, decided.events, decided.meta),
          ...(change.answers?.(decided.decisions) ?? []),
        ],
      },
      change.settled,
    );
    if (outcome === "conflict") continue;
    // What led here may have been carried out by another process: then nothing is left to do.
    return { decisions: decided.decisions, task: decided.task, stored: true };
  }
  throw new Error(`Task ${change.task} was changed by others ${MAX_CONFLICTS} times in a row.`);
}

/** Whether the task's repository is called otherwise by now, which is stored as a change of its own. */
async function refreshNames(
  context: AppContext,
  task: Task,
  { repository, cause }: Change,
): Promise<boolean> {
  if (!repository || isOver(task)) return false;
  const { owner, name } = task.repository;
  if (repository.owner === owner && repository.name === name) return false;
  await changeTask(context, {
    task: task.id,
    actor: "baton",
    cause,
    commands: [
      {
        type: "change-repository",
        repository: { ...task.repository, owner: repository.owner, name: repository.name },
      },
    ],
    settled: { kind: "none" },
  });
  return true;
}

function decideAll(context: AppContext, before: Task | null, change: Change) {
  const meta = { at: context.clock.now().toISOString(), actor: change.actor, cause: change.cause };
  const decisions: Decision[] = [];
  const events: TaskEvent[] = [];
  let task = before;
  for (const command of change.commands) {
    const facts = { now: meta.at, actor: change.actor, draw: context.randomness.draw() };
    const decision = decide(task, command, facts);
    decisions.push(decision);
    if (!decision.ok) continue;
    events.push(...decision.value);
    task = decision.value.reduce<Task | null>((state, event) => evolve(state, event, meta), task);
  }
  return { decisions, events, task, meta };
}
