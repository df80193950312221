import { expect, test } from "vitest";
import { parseLog } from "./parse-log.ts";

function check(...lines: string[]): string[] {
  const stamped = lines.map((line) => `2026-01-02T03:04:05.1234567Z ${line}\n`).join("");
  return parseLog(stamped).map((node) => {
    if (node.kind === "group") return `${node.number} ${node.title}{${node.lines.map(lineText).join("|")}}`;
    return lineText(node);
  });
}

function lineText(line: { number: number; level: string; parts: { text: string }[] }): string {
  const level = line.level === "plain" ? "" : `${line.level}:`;
  return `${line.number} ${level}${line.parts.map(({ text }) => text).join("")}`;
}

test("folds groups and keeps the numbers of the lines", () => {
  expect(check("a", "##[group]Run npm test", "b", "c", "##[endgroup]", "d")).toEqual([
    "1 a",
    "2 Run npm test{3 b|4 c}",
    "6 d",
  ]);
});

test("a group ends where the next begins and with the log", () => {
  expect(check("##[group]one", "a", "##[group]two", "b")).toEqual(["1 one{2 a}", "3 two{4 b}"]);
});

test("reads levels and leaves other markers as they are", () => {
  expect(check("##[error]no", "##[warning]hm", "##[add-matcher]x", "")).toEqual([
    "1 error:no",
    "2 warning:hm",
    "3 ##[add-matcher]x",
    "4 ",
  ]);
});
