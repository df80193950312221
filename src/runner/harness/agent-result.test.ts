import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MAX_REPORT_BYTES } from "../../contract/report.ts";
import { parseAgentResult, readAgentResult } from "./agent-result.ts";

describe("reading what an agent gives back", () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "agent-result-"));
    file = join(directory, "result.json");
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  test("takes a result with a plan", async () => {
    const result = { summary: "Planned.", plan: { text: "Do it.", paths: ["src/**"] } };
    await writeFile(file, JSON.stringify(result));
    expect(await readAgentResult(file)).toEqual({ ok: true, value: result });
  });

  test("tells a missing file from a bad one", async () => {
    expect(await readAgentResult(file)).toBeNull();
  });

  test.each([
    ["binary garbage", Buffer.from([0x7b, 0xff, 0xfe, 0x00]), "The agent's result is not UTF-8 text."],
    ["text that is not JSON", "done!", "The agent's result is not JSON."],
    [
      "an unknown key",
      '{"summary":"x","sumary":"y"}',
      'The agent\'s result is not valid: Unrecognized key: "sumary".',
    ],
    [
      "a file over the limit",
      "x".repeat(MAX_REPORT_BYTES + 1),
      `The agent's result has ${MAX_REPORT_BYTES + 1} bytes; at most ${MAX_REPORT_BYTES} are allowed.`,
    ],
  ])("says in one sentence what is wrong with %s", async (_name, content, error) => {
    await writeFile(file, content);
    expect(await readAgentResult(file)).toEqual({ ok: false, error });
  });

  test("does not follow a link to another file", async () => {
    await symlink("/etc/passwd", file);
    expect(await readAgentResult(file)).toEqual({
      ok: false,
      error: "The agent's result is not an ordinary file.",
    });
  });

  test("does not wait for a pipe that nobody writes to", async () => {
    execFileSync("/bin/sh", ["-c", 'mkfifo "$0"', file]);
    expect(await readAgentResult(file)).toEqual({
      ok: false,
      error: "The agent's result is not an ordinary file.",
    });
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          parseAgentResult(text);
        },
      ),
    );
  });
});
