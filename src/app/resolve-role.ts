import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import { readBuiltInRole } from "../contract/built-in-roles.ts";
import type { Role } from "../contract/role.ts";
import { parseRole, ROLE_DIRECTORY } from "../contract/role.ts";
import type { Stage, Task } from "../core/task/state.ts";
import type { AppContext } from "./context.ts";

/**
 * The role of a stage: the repository's own file at the task's base commit, which approvals cover, over the built-in
 * one. The error is one sentence for the person who has to mend the policy or the file.
 */
export async function resolveRole(
  context: AppContext,
  task: Task,
  stage: Stage,
): Promise<Result<Role, string>> {
  const name = task.policy.stages[stage].role;
  const path = `${ROLE_DIRECTORY}/${name}.md`;
  const github = await context.github(task.tenant);
  const file = await github.readFile(task.repository, path, task.baseSha);
  if (file.kind === "unreadable") return err(`${path} cannot be read: ${file.why}`);
  if (file.kind === "absent") {
    const builtIn = await readBuiltInRole(name);
    return builtIn
      ? forStage(builtIn, stage, `The built-in role "${name}"`)
      : err(`There is no role "${name}": add ${path} or name a built-in role.`);
  }
  const parsed = parseRole(file.text);
  return parsed.ok ? forStage(parsed.value, stage, path) : err(`${path}: ${parsed.error.message}`);
}

function forStage(role: Role, stage: Stage, subject: string): Result<Role, string> {
  if (role.stages.some((allowed) => allowed === stage)) return ok(role);
  return err(`${subject} is not for the ${stage} stage: its front matter names ${role.stages.join(", ")}.`);
}
