import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "./progress.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv("TERM", "xterm");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function openTerminal(shape: { readonly isTTY: boolean; readonly columns?: number }) {
  const stream = Object.assign(new PassThrough(), shape);
  let text = "";
  stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const progress = new Progress(stream as unknown as NodeJS.WriteStream);
  return { progress, text: () => text };
}

/** What stands on the last line of a terminal after it was written to again and again. */
function lastLine(text: string): string {
  return stripVTControlCharacters(text).split("\n").at(-1)?.split("\r").at(-1) ?? "";
}

test("the line that moves is never wider than the terminal, however narrow", () => {
  const { progress, text } = openTerminal({ isTTY: true, columns: 30 });
  progress.waitFor("waiting for somebody to approve the plan, which may take a while");
  vi.advanceTimersByTime(1_000);
  progress.end();
  const drawn = stripVTControlCharacters(text()).split("\r");
  expect(drawn.filter((line) => line.includes("waiting")).length).toBeGreaterThan(2);
  expect(Math.max(...drawn.map((line) => line.length))).toBe(29);
});

test("a line that is said goes above the one that moves, which ends without a trace", () => {
  const { progress, text } = openTerminal({ isTTY: true, columns: 80 });
  progress.waitFor("waiting");
  progress.say("Said.");
  expect(text()).toContain("\r\u001b[2KSaid.\n\r");
  expect(lastLine(text())).toMatch(/^ +\d+\.\ds {2}\S waiting$/);
  progress.end();
  expect(text().endsWith("\r\u001b[K")).toBe(true);
});

test.for([
  { where: "a file", isTTY: false, term: "xterm" },
  { where: "a terminal that cannot move back", isTTY: true, term: "dumb" },
])("$where gets the lines and nothing that moves", ({ isTTY, term }) => {
  vi.stubEnv("TERM", term);
  const { progress, text } = openTerminal({ isTTY });
  progress.waitFor("waiting");
  vi.advanceTimersByTime(1_000);
  progress.say("Said.");
  progress.end();
  expect(text()).toBe("Said.\n");
});
