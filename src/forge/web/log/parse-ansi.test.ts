import { expect, test } from "vitest";
import { parseAnsi } from "./parse-ansi.ts";

function check(line: string): string {
  return parseAnsi(line)
    .map(({ text, classes }) => (classes.length === 0 ? text : `<${classes.join(" ")}>${text}</>`))
    .join("");
}

test.each([
  ["plain", "plain"],
  ["\x1b[32mok\x1b[0m done", "<ansi-green>ok</> done"],
  ["\x1b[1;91mbad\x1b[22m x\x1b[39m y", "<ansi-bold ansi-red>bad</><ansi-red> x</> y"],
  ["\x1b[mreset", "reset"],
  ["\x1b[38;5;208morange\x1b[0m", "orange"],
  ["\x1b[38;2;1;31;4mrgb", "rgb"],
  ["\x1b[2K\x1b[1Gcursor", "cursor"],
  ["\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"],
  ["cut \x1b[", "cut "],
])("reads %j", (line, expected) => {
  expect(check(line)).toBe(expected);
});
