import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncPath, syncTree } from "./sync-tree.ts";

/**
 * Fills a new folder under another name, and gives it its own when it is whole and on disk: a first start that is cut
 * off leaves nothing that the next one could take for a database.
 */
export async function createWhole(path: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const parent = dirname(path);
  const prefix = `${basename(path)}.new-`;
  for (const leftover of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    rmSync(join(parent, leftover), { recursive: true, force: true });
  }
  const fresh = join(parent, `${prefix}${process.pid}`);
  mkdirSync(fresh, { mode: 0o700 });
  await fill(fresh);
  syncTree(fresh);
  renameSync(fresh, path);
  syncPath(parent);
}
