import { readFile } from "node:fs/promises";

export type Mount = {
  readonly path: string;
  /** Those of its flags that a user namespace cannot take off again: a remount has to repeat them. */
  readonly flags: readonly string[];
};

const LOCKED_FLAGS = new Set(["ro", "nosuid", "nodev", "noexec"]);

/** This machine's mounts, in the order in which they were made. Empty where there is no /proc. */
export async function readMounts(): Promise<readonly Mount[]> {
  return parseMounts(await readFile("/proc/self/mountinfo", "utf8").catch(() => ""));
}

/** The text of /proc/self/mountinfo, see proc(5). */
export function parseMounts(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, , , , path, options] = line.split(" ");
    if (path === undefined || options === undefined) return [];
    return [{ path: unescape(path), flags: options.split(",").filter((flag) => LOCKED_FLAGS.has(flag)) }];
  });
}

/** The mount that a path lies in: of several at one place the last one is on top. */
export function findMount(mounts: readonly Mount[], path: string): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts) {
    if (isWithin(path, mount.path) && (found === null || mount.path.length >= found.path.length))
      found = mount;
  }
  return found;
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** Space, tab, newline and backslash are written as octal numbers. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
