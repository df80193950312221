import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Purpose } from "./claim-folder.ts";
import { claimFolder } from "./claim-folder.ts";

let parent: string;
let dir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "baton-claim-"));
  dir = join(parent, "deep/folder");
});

afterEach(() => rmSync(parent, { recursive: true }));

/** Claims it, and gives it back as a process does when it ends. */
async function claimOnce(purpose: Purpose) {
  const claimed = await claimFolder(dir, purpose);
  if (claimed.ok) claimed.value();
  expect(existsSync(`${dir}.lock`)).toBe(false);
  return claimed;
}

test("a new folder is made for its owner alone, and kept by the next start", async () => {
  expect((await claimOnce("local")).ok).toBe(true);
  expect(statSync(dir).mode & 0o077).toBe(0);
  writeFileSync(join(dir, "world.json"), "{}");
  expect((await claimOnce("local")).ok).toBe(true);
  expect(existsSync(join(dir, "world.json"))).toBe(true);
});

test("a demo starts anew in its own folder, which can be looked at in between", async () => {
  await claimOnce("demo");
  writeFileSync(join(dir, "world.json"), "{}");
  expect((await claimOnce("local")).ok).toBe(true);
  expect(existsSync(join(dir, "world.json"))).toBe(true);
  expect((await claimOnce("demo")).ok).toBe(true);
  expect(existsSync(join(dir, "world.json"))).toBe(false);
});

test("a demo never wipes what somebody keeps there", async () => {
  await claimOnce("local");
  writeFileSync(join(dir, "world.json"), "{}");
  expect(await claimOnce("demo")).toEqual({
    ok: false,
    error: `${dir} holds what npm run local keeps, which the demo would wipe: name another with --dir.`,
  });
  expect(existsSync(join(dir, "world.json"))).toBe(true);
});

test.for(["demo", "local"] as const)("a folder of somebody else is left as it is by %s", async (purpose) => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "thesis.txt"), "everything\n");
  expect(await claimOnce(purpose)).toMatchObject({ ok: false });
  expect(readdirSync(dir)).toEqual(["thesis.txt"]);
});

test("a folder in use is named with its holder, and that of a process that is gone is free", async () => {
  const held = await claimFolder(dir, "local");
  expect(await claimFolder(dir, "local")).toEqual({
    ok: false,
    error: `${dir} is in use by process ${process.pid}: end it first, or name another folder with --dir.`,
  });
  if (held.ok) held.value();
  // Above the highest number that Linux gives to a process.
  writeFileSync(`${dir}.lock`, String(2 ** 22 + 1));
  expect((await claimOnce("local")).ok).toBe(true);
});
