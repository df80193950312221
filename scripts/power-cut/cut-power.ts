import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { processesOn, whileHeld } from "./hold-processes.ts";
import type { LoopDisk } from "./loop-disk.ts";
import { createImage, mountImage, readActivity } from "./loop-disk.ts";
import type { Subject } from "./subjects.ts";

/** The disk as the power cut left it, and what had been acknowledged by then. */
export type Cut = { readonly image: string; readonly lines: readonly string[] };

/** A cut is worth something only in the middle of work. */
const FIRST_LINES = 20;
const LONGEST_WAIT_MS = 1_000;
const LOOK_MS = 20;
const MAX_TRIES = 20;

/** Lets a subject write to a disk of its own, and takes copies of the disk in the middle of that. */
export async function cutPower(
  subject: Subject,
  options: { readonly dir: string; readonly cuts: number; readonly draw: () => number },
): Promise<readonly Cut[]> {
  const image = join(options.dir, "disk.img");
  createImage(image);
  const disk = mountImage(image, join(options.dir, "disk"));
  const writer = startWriter(subject, disk);
  try {
    const cuts: Cut[] = [];
    for (let n = 0; n < options.cuts; n++) {
      await writer.untilWritten(FIRST_LINES);
      await pause(options.draw() * LONGEST_WAIT_MS);
      cuts.push(await takeCut(disk, join(options.dir, `cut-${n}.img`), writer.lines));
    }
    return cuts;
  } finally {
    await endAll(writer.child, disk);
    disk.unmount();
  }
}

function startWriter(subject: Subject, disk: LoopDisk) {
  const child = spawn(process.execPath, subject.writer(disk.folder), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  return {
    child,
    lines,
    /** Resolves when so many more lines have come than there are now. */
    async untilWritten(count: number): Promise<void> {
      const enough = lines.length + count;
      while (lines.length < enough) {
        if (child.exitCode !== null) throw new Error(`${subject.name} ended by itself.`);
        await pause(LOOK_MS);
      }
    },
  };
}

/**
 * Copies what the device has, not what the file system above it keeps in memory: a disk that keeps all it was given,
 * and that nothing more reaches. Writers stand still meanwhile; where the kernel wrote something all the same, the copy
 * would be of no one moment, and is taken again.
 */
async function takeCut(disk: LoopDisk, image: string, lines: readonly string[]): Promise<Cut> {
  return whileHeld(disk.folder, async () => {
    const acknowledged = [...lines];
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = readActivity(disk.device);
      execFileSync("cp", ["--sparse=always", disk.image, image]);
      const after = readActivity(disk.device);
      if (before.underWay === 0 && after.underWay === 0 && before.writes === after.writes) {
        return { image, lines: acknowledged };
      }
    }
    throw new Error("The disk never stood still for as long as a copy takes.");
  });
}

async function endAll(child: ChildProcess, disk: LoopDisk): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
  for (const pid of processesOn(disk.folder)) process.kill(pid, "SIGKILL");
  child.kill("SIGKILL");
  await ended;
  while (processesOn(disk.folder).length > 0) await pause(LOOK_MS);
}
