import type { Result } from "../base/result.ts";
import { ok } from "../base/result.ts";
import type { Skill } from "../contract/briefing.ts";
import type { Stage, Task } from "../core/task/state.ts";
import type { AppContext } from "./context.ts";
import { loadSkill } from "./load-skill.ts";

/** The skills of a stage as they are at the task's base commit, which approvals cover; the error is one sentence. */
export async function resolveSkills(
  context: AppContext,
  task: Task,
  stage: Stage,
): Promise<Result<readonly Skill[], string>> {
  const names = task.policy.stages[stage].skills ?? [];
  if (names.length === 0) return ok([]);
  const github = await context.github(task.tenant);
  const at = { repository: task.repository, ref: task.baseSha };
  const skills: Skill[] = [];
  for (const name of names) {
    const loaded = await loadSkill(github, at, name);
    if (!loaded.ok) return loaded;
    skills.push(loaded.value);
  }
  return ok(skills);
}
