import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Programs of util-linux, sudo, and the Perl of the system. */
const TOOLS = ["unshare", "setpriv", "prlimit", "sudo", "perl"] as const;
export type Tools = { readonly [Name in (typeof TOOLS)[number]]: string | null };

/** Where they are whatever a job's PATH says. */
const SYSTEM_SEARCH = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

/** Their paths. The system's own folders come first, so that what else lies on a PATH is not run with more rights. */
export function findTools(path: string): Tools {
  const search = [...SYSTEM_SEARCH, ...path.split(":").filter((folder) => folder.startsWith("/"))];
  return Object.fromEntries(TOOLS.map((name) => [name, findIn(search, name)])) as Tools;
}

function findIn(search: readonly string[], name: string): string | null {
  for (const folder of search) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not here.
    }
  }
  return null;
}
