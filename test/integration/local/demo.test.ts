import { type Entry, eventsOf } from "../../../src/core/task/events.ts";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runDemo } from "./local-process.ts";

const shell = promisify(execFile);

let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "baton-demo-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

test("the demo goes from a label to a merged pull request, and leaves commit and record to look at", async () => {
  const played = join(dir, "played");
  const { code, out, errors } = await runDemo(["--dir", played, "--seconds", "500"]);
  expect({ code, errors }, out).toEqual({ code: 0, errors: "" });
  const [, command = ""] = /Merged +(git .+)$/m.exec(out) ?? [];
  expect((await shell("sh", ["-c", command])).stdout).toContain("normalize(");
  const [, events] = /(\d+) events, hash chain intact/.exec(out) ?? [];
  const record = await readFile(join(played, "record.jsonl"), "utf8");
  const recorded = record
    .trim()
    .split("\n")
    .map((line) => JSON.parse((JSON.parse(line) as { readonly canonical: string }).canonical) as Entry);
  expect(eventsOf(recorded)).toHaveLength(Number(events));
});
