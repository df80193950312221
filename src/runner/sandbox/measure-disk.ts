import { lstat, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";

export type DiskUse = {
  /** What the disk gives for it: holes in a file count nothing, a file with several names counts once. */
  readonly bytes: number;
  /** Of the largest file, with its holes. */
  readonly largestFileBytes: number;
  /** Folders that could not be read. */
  readonly unread: number;
};

/** What lies in folders that others change meanwhile; links are not followed. */
export async function measureDisk(folders: readonly string[]): Promise<DiskUse> {
  const waiting = [...folders];
  const seen = new Set<number>();
  let [bytes, largestFileBytes, unread] = [0, 0, 0];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const inside = folder;
    const entries = await readdir(inside, { withFileTypes: true }).catch((cause: unknown) => {
      if (!isGone(cause)) unread += 1;
      return [];
    });
    waiting.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(inside, name)));
    const stats = await Promise.all(entries.map(({ name }) => lstat(join(inside, name)).catch(() => null)));
    for (const stat of stats) {
      if (stat === null || (stat.nlink > 1 && stat.isFile() && seen.has(stat.ino))) continue;
      if (stat.nlink > 1) seen.add(stat.ino);
      bytes += stat.blocks * 512;
      if (stat.isFile()) largestFileBytes = Math.max(largestFileBytes, stat.size);
    }
  }
  return { bytes, largestFileBytes, unread };
}

/** What an ordinary user can still write to the disk of this folder. */
export async function readFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function isGone(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR");
}
