import type { Repository } from "../../core/task/state.ts";

/** How GitHub's REST API names a repository. */
export function coordinates({ owner, name }: Repository): { readonly owner: string; readonly repo: string } {
  return { owner, repo: name };
}
