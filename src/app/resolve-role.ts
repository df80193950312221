import type { Result } from "../base/result.ts";
import { ok } from "../base/result.ts";
import type { Role } from "../contract/role.ts";
import type { Stage, Task } from "../core/task/state.ts";
import type { AppContext } from "./context.ts";
import { loadRole } from "./load-role.ts";

/** The role of a stage as it is at the task's base commit, which approvals cover; the error is one sentence. */
export async function resolveRole(
  context: AppContext,
  task: Task,
  stage: Stage,
): Promise<Result<Role, string>> {
  const github = await context.github(task.tenant);
  const at = { repository: task.repository, ref: task.baseSha };
  const found = await loadRole(github, at, { name: task.policy.stages[stage].role, stage });
  return found.ok ? ok(found.value.role) : found;
}
