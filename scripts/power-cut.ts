/**
 * Cuts the power of both stores in the middle of their work and looks for what they had acknowledged:
 * `npm run power-cut [-- --cuts <number> --seed <number>]`. It needs root, and loop devices with ext4; where there are
 * none it says so and ends with 0. What it writes to is an image in a temporary folder.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawFrom } from "../test/support/draw-from.ts";
import type { Cut } from "./power-cut/cut-power.ts";
import { cutPower } from "./power-cut/cut-power.ts";
import { createImage, mountImage } from "./power-cut/loop-disk.ts";
import type { Subject } from "./power-cut/subjects.ts";
import { CONTROL, SUBJECTS } from "./power-cut/subjects.ts";

const { values } = parseArgs({
  options: { cuts: { type: "string", default: "3" }, seed: { type: "string", default: String(Date.now()) } },
});
const cuts = Number(values.cuts);
if (!Number.isInteger(cuts) || cuts < 1) throw new Error("--cuts is a number from 1.");
const draw = drawFrom(Number(values.seed));

const dir = mkdtempSync(join(tmpdir(), "baton-power-"));
// PostgreSQL runs as another user than root, and has to reach its disk.
chmodSync(dir, 0o711);
try {
  const why = whyNoLoopDisk();
  if (why === null) await main();
  else console.log(`No power was cut, since no image can be mounted here: ${why}`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function main(): Promise<void> {
  console.log(`Cutting the power of each store ${cuts} times (--seed ${values.seed}).`);
  for (const subject of SUBJECTS) {
    const losses = await lossesOf(subject);
    for (const loss of losses.flat()) console.error(`  ${loss}`);
    if (losses.some((ofCut) => ofCut.length > 0)) process.exitCode = 1;
  }
  const control = await lossesOf(CONTROL);
  if (control.every((ofCut) => ofCut.length === 0)) {
    console.error("The control lost nothing, so that nothing was shown.");
    process.exitCode = 1;
  }
}

/** @returns what each cut lost. */
async function lossesOf(subject: Subject): Promise<readonly (readonly string[])[]> {
  const place = join(dir, subject.name.replaceAll(" ", "-"));
  mkdirSync(place);
  chmodSync(place, 0o711);
  const taken = await cutPower(subject, { dir: place, cuts, draw });
  const losses: (readonly string[])[] = [];
  for (const cut of taken) losses.push(await lossesAfter(subject, cut, join(place, "after")));
  const lost = losses.filter((ofCut) => ofCut.length > 0).length;
  const acknowledged = taken.map(({ lines }) => lines.length).join(", ");
  console.log(`${lost} of ${cuts} cuts lost something: ${subject.name}, acknowledged ${acknowledged}.`);
  rmSync(place, { recursive: true, force: true });
  return losses;
}

async function lossesAfter(subject: Subject, cut: Cut, folder: string): Promise<readonly string[]> {
  const disk = mountImage(cut.image, folder);
  try {
    return await subject.findLosses(disk.folder, cut.lines);
  } catch (error) {
    return [`It does not open: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    disk.unmount();
  }
}

/** What speaks against mounting an image; null when that works. */
function whyNoLoopDisk(): string | null {
  try {
    createImage(join(dir, "probe.img"));
    mountImage(join(dir, "probe.img"), join(dir, "probe")).unmount();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
  } finally {
    rmSync(join(dir, "probe.img"), { force: true });
  }
}
