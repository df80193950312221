import fc from "fast-check";
import { expect, test } from "vitest";
import { commandLines, speakingLines } from "./command-lines.ts";

const word = fc.constantFrom(
  "/hold",
  "/retry",
  "@baton",
  "/",
  "@",
  "--",
  "keep:",
  "3f2a9c1",
  "me@example.org",
  "www.example.org",
  "https://example.org",
  "_so_",
  "1.",
  "-",
  "",
  "    ",
  "*not*",
  "`code`",
  "<b>",
  "|",
  "&amp;",
);
const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(" "));
const comment = fc.tuple(fc.array(line, { maxLength: 4 }), fc.constantFrom("\n", "\r\n", "\r"));

test("a comment that needs no parser is read as the parser would", () => {
  fc.assert(
    fc.property(comment, ([lines, lineBreak]) => {
      const markdown = lines.join(lineBreak);
      expect(commandLines(markdown)).toEqual(speakingLines(markdown));
    }),
    { numRuns: 2_000 },
  );
});
