import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { endObjectReaders } from "../../../../src/forge/git/object-reader.ts";
import { readBlob, readObject, readObjects } from "../../../../src/forge/git/read-objects.ts";
import { readRef } from "../../../../src/forge/git/read-refs.ts";
import { writeBlob } from "../../../../src/forge/git/write-objects.ts";
import { waitFor } from "../../../support/wait-for.ts";
import { createRepositoryFixture, type RepositoryFixture } from "./repository-fixture.ts";

let repository: RepositoryFixture;

beforeEach(async () => {
  repository = await createRepositoryFixture();
});

afterEach(async () => {
  endObjectReaders(dirname(repository.dir));
  await repository.remove();
});

function git(...args: readonly string[]): void {
  execFileSync("git", ["--git-dir", repository.dir, ...args], { stdio: "ignore" });
}

/** Processes that work in the repository. */
function processesInside(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === repository.dir;
    } catch {
      return false;
    }
  });
}

test("what another git wrote, moved, packed or removed since the last read is what is read", async () => {
  const first = await repository.commit({ "a.txt": "one\n" });
  expect(await readRef(repository.dir, "refs/heads/main")).toBeUndefined();
  git("update-ref", "refs/heads/main", first);
  expect(await readRef(repository.dir, "refs/heads/main")).toBe(first);
  const second = await repository.commit({ "a.txt": "two\n" }, first);
  git("update-ref", "refs/heads/main", second);
  git("gc", "--quiet", "--prune=now");
  expect(await readRef(repository.dir, "refs/heads/main")).toBe(second);
  expect((await readObject(repository.dir, "refs/heads/main:a.txt"))?.content.toString()).toBe("two\n");
  git("update-ref", "-d", "refs/heads/main");
  expect(await readRef(repository.dir, "refs/heads/main")).toBeUndefined();
});

test("many reads at once, large and missing ones among them, each get their own answer", async () => {
  const large = await writeBlob(repository.dir, "x".repeat(3_000_000));
  const small = await writeBlob(repository.dir, "small");
  const names = Array.from({ length: 60 }, (_, index) => [large, small, "refs/heads/a\nb"][index % 3] ?? "");
  const [together, ...single] = await Promise.all([
    readObjects(repository.dir, names),
    ...names.map((name) => readBlob(repository.dir, name)),
  ]);
  const lengths = names.map((name) => (name === large ? 3_000_000 : name === small ? 5 : undefined));
  expect(together.map((object) => object?.content.length)).toEqual(lengths);
  expect(single.map((content) => content?.length)).toEqual(lengths);
});

test("a name that git could take for two is no object's, and disturbs no other", async () => {
  const blob = await writeBlob(repository.dir, "here");
  const [odd, even] = await readObjects(repository.dir, [`${blob}\0${blob}`, blob]);
  expect(odd).toBeUndefined();
  expect(even?.content.toString()).toBe("here");
});

test("a git that was killed is replaced, and one that is to end leaves nothing behind", async () => {
  const blob = await writeBlob(repository.dir, "here");
  await readBlob(repository.dir, blob);
  const [pid] = processesInside();
  process.kill(Number(pid), "SIGKILL");
  await waitFor(() => expect(processesInside()).toEqual([]));
  await waitFor(async () => expect((await readBlob(repository.dir, blob))?.toString()).toBe("here"));
  endObjectReaders(dirname(repository.dir));
  await waitFor(() => expect(processesInside()).toEqual([]));
});
