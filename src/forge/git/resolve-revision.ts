import { isRefName } from "./ref-name.ts";
import { readObject } from "./read-objects.ts";

/** A hex prefix long enough to be meant as a commit id. Shorter ones are names. */
const COMMIT_ID = /^[0-9a-f]{4,40}$/i;
/** Steps to ancestors, the only part of git's revision syntax that the API takes besides names. */
const STEPS = /^(.+?)((?:[~^]\d*)*)$/s;

/**
 * Finds the commit that a client means by `ref`, `sha` or a side of `base...head`: a branch, a tag, a
 * full reference (`refs/heads/x`, `heads/x`), a commit id or its beginning, `HEAD`, each with `~n` or
 * `^n` behind. Branches win over tags and both over ids.
 * @returns the commit's id, or `undefined` when nothing fits
 */
export async function resolveCommit(gitDir: string, revision: string): Promise<string | undefined> {
  const [, name = "", steps = ""] = STEPS.exec(revision) ?? [];
  for (const candidate of candidates(name)) {
    const object = await readObject(gitDir, `${candidate}${steps}^{commit}`);
    if (object !== undefined) return object.oid;
  }
  return undefined;
}

function candidates(name: string): string[] {
  if (name === "HEAD") return ["HEAD"];
  const found: string[] = [];
  if (name.startsWith("refs/") && isRefName(name)) found.push(name);
  if (isRefName(`refs/heads/${name}`)) found.push(`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`);
  if (COMMIT_ID.test(name)) found.push(name.toLowerCase());
  return found;
}
