import type { ActingCaller } from "../caller.ts";
import { accessIncludes } from "../entity/permission.ts";

/** People's unrestricted tokens stand for ones with every scope. */
export function mayChangeWorkflows(caller: ActingCaller): boolean {
  const carried = caller.kind === "user" ? (caller.token?.permissions ?? null) : caller.permissions;
  return carried === null || accessIncludes(carried.workflows, "write");
}

/** GitHub's words to a credential that would change a workflow. */
export function workflowRefusal(caller: ActingCaller, path: string): string {
  const who = caller.kind === "user" ? "a Personal Access Token" : "a GitHub App";
  const what = caller.kind === "user" ? "`workflow` scope" : "`workflows` permission";
  return `refusing to allow ${who} to create or update workflow \`${path}\` without ${what}`;
}
