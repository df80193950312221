import { objectReaderOf } from "./object-reader.ts";
import type { GitObject } from "./parse-object.ts";

/** The object id that git writes where there is no object: before a creation, after a deletion. */
export const NO_OBJECT = "0000000000000000000000000000000000000000";

/**
 * Reads many objects in one go.
 * @param names anything git resolves to one object (`<oid>`, `<oid>:<path>`, `refs/heads/x^{commit}`);
 *   callers must not pass what a client wrote without checking it first
 * @returns one entry for each name, in order; `undefined` where there is no such object
 */
export async function readObjects(
  gitDir: string,
  names: readonly string[],
): Promise<(GitObject | undefined)[]> {
  const reader = objectReaderOf(gitDir);
  return Promise.all(names.map((name) => reader.read(name)));
}

export async function readObject(gitDir: string, name: string): Promise<GitObject | undefined> {
  return objectReaderOf(gitDir).read(name);
}

/** Reads a blob by its id; `undefined` when there is none or the id names something else. */
export async function readBlob(gitDir: string, oid: string): Promise<Buffer | undefined> {
  if (!isFullOid(oid)) return undefined;
  const object = await readObject(gitDir, oid);
  return object?.type === "blob" ? object.content : undefined;
}

/** Whether the text is a whole object id, as the Git data API requires it. */
export function isFullOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
