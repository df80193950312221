import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_SKILL_CHARACTERS, MAX_SKILL_FILES, parseSkill } from "./skill.ts";

const MAIN = {
  path: "SKILL.md",
  text: "---\nname: migrations\ndescription: How we write migrations.\nlicense: MIT\n---\n\n# How\n",
};

describe("reading a skill", () => {
  test("takes its name and description, and keeps its files as they are", () => {
    const files = [MAIN, { path: "examples/one.sql", text: "select 1;" }];
    expect(parseSkill("migrations", files)).toEqual({
      ok: true,
      value: { name: "migrations", description: "How we write migrations.", files },
    });
  });

  test.each([
    ["a folder without it", [{ path: "README.md", text: "" }], "The skill has no SKILL.md."],
    [
      "one without front matter",
      [{ path: "SKILL.md", text: "# How" }],
      'The skill has no front matter: its first line must be "---".',
    ],
    [
      "one without a description",
      [{ path: "SKILL.md", text: "---\nname: migrations\n---\n" }],
      'The key "description" is wrong: Invalid input: expected string, received undefined.',
    ],
    [
      "one by another name",
      [{ ...MAIN, text: MAIN.text.replace("migrations\n", "other\n") }],
      'The skill calls itself "other", but its folder is migrations.',
    ],
    [
      "too many files",
      [MAIN, ...Array.from({ length: MAX_SKILL_FILES }, (_, index) => ({ path: `${index}`, text: "" }))],
      `The skill has ${MAX_SKILL_FILES + 1} files; at most ${MAX_SKILL_FILES} are allowed.`,
    ],
    [
      "too much text",
      [MAIN, { path: "a", text: "x".repeat(MAX_SKILL_CHARACTERS) }],
      `The skill has ${MAX_SKILL_CHARACTERS + MAIN.text.length} characters; at most ${MAX_SKILL_CHARACTERS} are allowed.`,
    ],
  ])("refuses %s with one sentence", (_name, files, error) => {
    expect(parseSkill("migrations", files)).toEqual({ ok: false, error });
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseSkill("a", [{ path: "SKILL.md", text: `---\n${text}\n---\n` }]);
      }),
    );
  });
});
