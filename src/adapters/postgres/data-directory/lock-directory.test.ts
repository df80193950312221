import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DirectoryLocked, lockDirectory } from "./lock-directory.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "baton-lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the second to lock a directory is told who holds it", () => {
  const lock = lockDirectory(folder);
  const refused = catchError(() => lockDirectory(folder));
  expect(refused).toBeInstanceOf(DirectoryLocked);
  expect((refused as DirectoryLocked).holder).toMatchObject({ pid: process.pid, host: hostname() });
  expect((refused as DirectoryLocked).message).toContain(`in use by process ${process.pid} on ${hostname()}`);
  lock.release();
});

test("a released directory can be locked again", () => {
  lockDirectory(folder).release();
  lockDirectory(folder).release();
});

test("the name that a dead process left behind holds nobody up", () => {
  lockDirectory(folder).release();
  writeFileSync(
    join(folder, "lock-holder.json"),
    '{"pid":1,"host":"elsewhere","startedAt":"2020-01-01T00:00:00Z"}',
  );
  lockDirectory(folder).release();
});

test("a holder that has not written its name yet is still a holder", () => {
  const lock = lockDirectory(folder);
  writeFileSync(join(folder, "lock-holder.json"), "");
  expect((catchError(() => lockDirectory(folder)) as DirectoryLocked).message).toContain(
    "in use by another process",
  );
  lock.release();
});

function catchError(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
