import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** An ext4 file system in a file, on a block device of its own. */
export type LoopDisk = {
  readonly image: string;
  /** Where it is mounted. */
  readonly folder: string;
  /** The device's name, as in /sys/block. */
  readonly device: string;
  unmount(): void;
};

const IMAGE_BYTES = 1024 ** 3;

export function createImage(image: string): void {
  const descriptor = openSync(image, "wx");
  ftruncateSync(descriptor, IMAGE_BYTES);
  closeSync(descriptor);
  // The tables are written now and not by the kernel bit by bit, which would disturb the copies.
  execFileSync("mkfs.ext4", ["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image]);
}

/** Mounts an image, which replays its journal as after a power cut. Throws with what the system says. */
export function mountImage(image: string, folder: string): LoopDisk {
  mkdirSync(folder, { recursive: true });
  const mounted = spawnSync("mount", ["-o", "loop", image, folder], { encoding: "utf8" });
  if (mounted.status !== 0)
    throw new Error(mounted.stderr?.trim() || String(mounted.error ?? "mount failed"));
  return {
    image,
    folder,
    device: deviceOf(folder),
    unmount: () => void execFileSync("umount", [folder]),
  };
}

function deviceOf(folder: string): string {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const source = mounts.map((line) => line.split(" ")).find(([, at]) => at === folder)?.[0];
  if (source === undefined) throw new Error(`${folder} is not mounted.`);
  return basename(source);
}

/**
 * What the device has done so far and has under way: the same before and after a copy means that the copy is the disk
 * as it was at one moment. https://docs.kernel.org/block/stat.html
 */
export function readActivity(device: string): { readonly writes: string; readonly underWay: number } {
  const fields = readFileSync(`/sys/block/${device}/stat`, "utf8").trim().split(/\s+/);
  // Writes and the sectors written, discards, and flushes.
  const writes = [fields[4], fields[6], fields[11], fields[15]].join(" ");
  return { writes, underWay: Number(fields[8]) };
}
