import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_SNAPSHOT_BYTES } from "../../contract/snapshot.ts";
import { readTranscriptFiles, writeTranscriptFiles } from "./transcript-files.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "transcript-"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test("a session's file is the same on another machine, wherever its place is there", async () => {
  writeFileSync(join(root, "s.jsonl"), '{"é":1}\n');
  const files = await readTranscriptFiles(join(root, "s.jsonl"));
  await writeTranscriptFiles(join(root, "there/deep/t.jsonl"), files ?? []);
  expect(readFileSync(join(root, "there/deep/t.jsonl"), "utf8")).toBe('{"é":1}\n');
});

test("of a directory, only the database and what belongs to it goes along", async () => {
  const here = join(root, "here");
  mkdirSync(join(here, "log"), { recursive: true });
  for (const name of ["agent.db", "agent.db-wal", "auth.json"]) writeFileSync(join(here, name), name);
  const files = await readTranscriptFiles(here);
  await writeTranscriptFiles(join(root, "there"), files ?? []);
  expect(readdirSync(join(root, "there")).toSorted()).toEqual(["agent.db", "agent.db-wal"]);
});

test("what is too large stays where it is", async () => {
  writeFileSync(join(root, "s.jsonl"), Buffer.alloc(MAX_SNAPSHOT_BYTES + 1));
  expect(await readTranscriptFiles(join(root, "s.jsonl"))).toBeNull();
});
