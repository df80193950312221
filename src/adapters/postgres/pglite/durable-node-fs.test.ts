import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DiskImage } from "../../../../test/support/postgres/forgetful-disk.ts";
import { ForgetfulDisk, restoreImage } from "../../../../test/support/postgres/forgetful-disk.ts";
import { compileEngine } from "./compile-engine.ts";
import { databaseTemplate } from "./database-template.ts";
import { DurableNodeFS, durableStartParams } from "./durable-node-fs.ts";

let folder: string;
let engine: WebAssembly.Module;

beforeAll(async () => {
  engine = await compileEngine();
  folder = mkdtempSync(join(tmpdir(), "baton-durable-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Where PGlite mounts the data directory. */
const MOUNT = "/pglite/data";

type PowerCut = { readonly acknowledged: number; readonly image: DiskImage };

/** Inserts rows one by one with a checkpoint among them, and photographs the disk at some of its syncs and at the end. */
async function photograph(live: string, startParams: string[], cutAtSyncs: ReadonlySet<number>) {
  const fresh = await PGlite.create({
    pgliteWasmModule: engine,
    fs: new NodeFS(live),
    loadDataDir: await databaseTemplate(engine),
  });
  await fresh.exec("CREATE TABLE entry (n integer PRIMARY KEY); CHECKPOINT");
  await fresh.close();
  const disk = new ForgetfulDisk(live);
  const cuts: PowerCut[] = [];
  let syncs = 0;
  let acknowledged = 0;
  const sync = ({ path, nfd }: { readonly path: string; readonly nfd: number }): void => {
    syncs += 1;
    if (cutAtSyncs.has(syncs)) cuts.push({ acknowledged, image: disk.image() });
    disk.sync(path.slice(MOUNT.length + 1), nfd);
  };
  const pg = await PGlite.create({
    pgliteWasmModule: engine,
    fs: new DurableNodeFS(live, sync),
    startParams,
  });
  for (let n = 1; n <= 24; n++) {
    await pg.query("INSERT INTO entry VALUES ($1)", [n]);
    acknowledged = n;
    if (n === 12) await pg.exec("CHECKPOINT");
  }
  cuts.push({ acknowledged, image: disk.image() });
  return { pg, cuts, syncs };
}

/** The rows that are there when the machine comes up again. */
async function rowsAfter(cut: PowerCut, live: string, name: string): Promise<number> {
  const restored = join(folder, name);
  mkdirSync(restored);
  restoreImage(cut.image, live, restored);
  const pg = await PGlite.create({ pgliteWasmModule: engine, fs: new NodeFS(restored) });
  const { rows } = await pg.query<{ count: number }>("SELECT count(*)::integer AS count FROM entry");
  await pg.close();
  rmSync(restored, { recursive: true });
  return rows[0]?.count ?? 0;
}

test("a power cut at any moment loses nothing that was acknowledged", async () => {
  const live = join(folder, "live");
  const moments = new Set([3, 16, 24]);
  const { pg, cuts, syncs } = await photograph(live, durableStartParams(PGlite.defaultStartParams), moments);
  // Every commit asked for a sync of its own, and the checkpoint for some more.
  expect(syncs).toBeGreaterThan(24);
  expect(cuts).toHaveLength(moments.size + 1);
  for (const [index, cut] of cuts.entries()) {
    expect(await rowsAfter(cut, live, `cut-${index}`)).toBeGreaterThanOrEqual(cut.acknowledged);
  }
  await pg.close();
});

test("with PGlite's own parameters the same power cut loses commits, so that the test above can fail", async () => {
  const live = join(folder, "unsafe");
  const { pg, cuts, syncs } = await photograph(live, PGlite.defaultStartParams, new Set());
  expect(syncs).toBe(0);
  const end = cuts.at(-1);
  if (!end) throw new Error("No picture was taken.");
  expect(await rowsAfter(end, live, "unsafe-cut")).toBeLessThan(end.acknowledged);
  await pg.close();
});
