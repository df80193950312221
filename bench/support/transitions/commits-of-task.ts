import { taskId } from "../../../src/base/ids.ts";
import type { TaskCommand } from "../../../src/core/task/commands.ts";
import { decide } from "../../../src/core/task/decide.ts";
import { effects } from "../../../src/core/task/effects.ts";
import { evolve } from "../../../src/core/task/evolve.ts";
import type { Task } from "../../../src/core/task/state.ts";
import type { Commit } from "../../../src/ports/task-store.ts";
import { wayTo } from "../../../test/support/app/way-of-a-task.ts";
import { REPOSITORY, startCommand } from "../../../test/support/task/candidate-commands.ts";

const NOW = "2026-11-20T12:00:00.000Z";

/** What the server commits while an issue is taken from its label to the review by people: 16 transitions. */
export function commitsOfTask(issueNumber: number): readonly Commit[] {
  const start = startCommand();
  const id = taskId(REPOSITORY.id, issueNumber, 1);
  const issue = { ...start.issue, number: issueNumber };
  const opening: TaskCommand = { ...start, task: id, issue, branch: `baton/${issueNumber}-add-a-sum` };
  const commits: Commit[] = [];
  let before: Task | null = null;
  let version = 0;
  for (const command of [opening, ...wayTo(id, "reviewable")]) {
    const meta = { at: NOW, actor: "maya", cause: `delivery:${issueNumber}-${commits.length}` };
    const decision = decide(before, command, { now: NOW, actor: meta.actor, draw: 0.5 });
    if (!decision.ok) throw new Error(`A task refused ${command.type}: ${decision.error.message}`);
    const after: Task | null = decision.value.reduce<Task | null>(
      (task, event) => evolve(task, event, meta),
      before,
    );
    if (!after) throw new Error(`Nothing came of ${command.type}.`);
    commits.push({
      task: id,
      expectedVersion: version,
      meta,
      events: decision.value,
      after,
      effects: effects(before, decision.value, meta),
    });
    before = after;
    version += 1;
  }
  return commits;
}
