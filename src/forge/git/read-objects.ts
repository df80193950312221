import { runGit } from "./run-git.ts";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

export interface GitObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly content: Buffer;
}

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
  if (names.length === 0) return [];
  const input = names.map((name) => `${name}\0`).join("");
  const { stdout } = await runGit(gitDir, ["cat-file", "--batch", "-z"], { input });
  const objects: (GitObject | undefined)[] = [];
  let at = 0;
  for (const name of names) {
    // A missing name is echoed, and may itself hold a newline, so it cannot be read up to one.
    const missing = `${name} missing\n`;
    if (stdout.subarray(at, at + Buffer.byteLength(missing)).toString("utf8") === missing) {
      objects.push(undefined);
      at += Buffer.byteLength(missing);
      continue;
    }
    const lineEnd = stdout.indexOf(0x0a, at);
    const [oid = "", type = "", size = ""] = stdout.subarray(at, lineEnd).toString("utf8").split(" ");
    if (!isObjectType(type)) throw new Error(`git cat-file answered "${oid} ${type}" for ${name}`);
    const start = lineEnd + 1;
    const end = start + Number(size);
    objects.push({ oid, type, content: stdout.subarray(start, end) });
    at = end + 1;
  }
  return objects;
}

export async function readObject(gitDir: string, name: string): Promise<GitObject | undefined> {
  const [object] = await readObjects(gitDir, [name]);
  return object;
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

function isObjectType(text: string): text is ObjectType {
  return text === "commit" || text === "tree" || text === "blob" || text === "tag";
}
