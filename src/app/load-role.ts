import type { Result } from "../base/result.ts";
import { err, ok } from "../base/result.ts";
import { readBuiltInRole } from "../contract/built-in-roles.ts";
import { parseRole, ROLE_DIRECTORY } from "../contract/role.ts";
import type { StageRole } from "../contract/repository-config/to-policy.ts";
import type { Repository, Stage } from "../core/task/state.ts";
import type { FileContent, GitHub } from "../ports/github.ts";

type Wanted = { readonly name: string; readonly stage: Stage };

/**
 * The role of a stage at a commit: the repository's own file over the built-in one. The error is one sentence for the
 * person who has to mend the policy or the file.
 */
export async function loadRole(
  github: GitHub,
  at: { readonly repository: Repository; readonly ref: string },
  wanted: Wanted,
): Promise<Result<StageRole, string>> {
  return readRole(await github.readFile(at.repository, pathOfRole(wanted.name), at.ref), wanted);
}

export function pathOfRole(name: string): string {
  return `${ROLE_DIRECTORY}/${name}.md`;
}

/** The role from what stands at its path. */
export async function readRole(
  file: FileContent,
  { name, stage }: Wanted,
): Promise<Result<StageRole, string>> {
  const path = pathOfRole(name);
  if (file.kind === "unreadable") return err(`${path} cannot be read: ${file.why}`);
  if (file.kind === "absent") {
    const builtIn = await readBuiltInRole(name);
    if (!builtIn) return err(`There is no role "${name}": add ${path} or name a built-in role.`);
    return forStage({ role: builtIn, isBuiltIn: true }, stage, `The built-in role "${name}"`);
  }
  const parsed = parseRole(file.text);
  if (!parsed.ok) return err(`${path}: ${parsed.error.message}`);
  return forStage({ role: parsed.value, isBuiltIn: false }, stage, path);
}

function forStage(found: StageRole, stage: Stage, subject: string): Result<StageRole, string> {
  const { stages } = found.role;
  if (stages.some((allowed) => allowed === stage)) return ok(found);
  return err(`${subject} is not for the ${stage} stage: its front matter names ${stages.join(", ")}.`);
}
