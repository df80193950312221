import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseRole, type Role } from "./role.ts";

export const BUILT_IN_ROLES = [
  // Those that a policy's stages have by themselves.
  "planner",
  "tester",
  "developer",
  "reviewer",
  // Those that a policy can name for a stage in their place.
  "product-manager",
  "breaker",
  "devops",
  "prompt-engineer",
] as const;

/**
 * The role of this name that ships with Baton, or null where there is none. Throws when the shipped file itself is
 * broken: that is a bug of Baton, not of the repository.
 */
export async function readBuiltInRole(name: string): Promise<Role | null> {
  if (!(BUILT_IN_ROLES as readonly string[]).includes(name)) return null;
  const path = fileURLToPath(new URL(`../../roles/${name}.md`, import.meta.url));
  const role = parseRole(await readFile(path, "utf8"));
  if (!role.ok) throw new Error(`The built-in role ${name} is broken: ${role.error.message}`);
  return role.value;
}
