import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BUILT_IN_ROLES, readBuiltInRole } from "./built-in-roles.ts";
import { MAX_ROLE_CHARACTERS, parseRole } from "./role.ts";

const header = "name: tester\ndescription: Writes tests.\nstages: [test]\ntools: [read, edit]\nwrites: tests";

function file(frontMatter: string, body = "Write tests."): string {
  return `---\n${frontMatter}\n---\n\n${body}\n`;
}

describe("reading a role", () => {
  test("splits the front matter from the prompt", () => {
    expect(parseRole(file(header, "# Title\n\n---\n\nMore."))).toEqual({
      ok: true,
      value: {
        name: "tester",
        description: "Writes tests.",
        stages: ["test"],
        tools: ["read", "edit"],
        writes: "tests",
        harness: [],
        scope: { only: [], deny: [] },
        outputs: ["summary", "question"],
        prompt: "# Title\n\n---\n\nMore.",
      },
    });
  });

  test("takes all that a role may prefer", () => {
    const wishes = [
      "harness: [{ use: claude, model: big }, { use: codex }]",
      'scope: { only: ["test/api/**"], deny: ["test/api/keys/**"] }',
      "outputs: [summary]",
      "skills: [fixtures]",
      "mcp: [docs]",
      'limits: { turns: 40, budget: "1.5" }',
    ];
    expect(parseRole(file([header, ...wishes].join("\n")))).toMatchObject({
      ok: true,
      value: {
        harness: [{ use: "claude", model: "big" }, { use: "codex" }],
        scope: { only: ["test/api/**"], deny: ["test/api/keys/**"] },
        outputs: ["summary"],
        skills: ["fixtures"],
        mcp: ["docs"],
        limits: { turns: 40, budget: 1_500_000 },
      },
    });
  });

  test("takes Windows line ends and a byte order mark", () => {
    const role = parseRole(`\uFEFF${file(header).replaceAll("\n", "\r\n")}`);
    expect(role).toMatchObject({ ok: true, value: { name: "tester", prompt: "Write tests." } });
  });

  test.each([
    ["no front matter", "Write tests.", 'The role has no front matter: its first line must be "---".'],
    ["an open front matter", `---\n${header}`, 'The front matter has no end: close it with a line "---".'],
    ["no prompt", file(header, ""), "The role has no prompt: write its instructions below the front matter."],
    [
      "an unknown key",
      file(`${header}\nmodel: big`),
      'The front matter is wrong: Unrecognized key: "model".',
    ],
    [
      "a role that promises more than its stage allows",
      file(header.replace("writes: tests", "writes: code")),
      'A role of the stage "test" writes tests, but this one says "writes: code".',
    ],
    [
      "a harness that there is not",
      file(`${header}\nharness: [{ use: cluade }]`),
      'The key "harness.0.use" is wrong: Invalid option: expected one of "claude"|"codex"|"gemini"|"opencode"|"acp"|"command"|"recording".',
    ],
    [
      "a glob that cannot be read",
      file(`${header}\nscope: { only: ["!x"] }`),
      'The key "scope.only.0" is wrong: is no glob that can be read: it starts with "!", and there are no negated globs.',
    ],
    [
      "a planner without a plan",
      file(
        header.replace("[test]", "[plan]").replace("writes: tests", "writes: nothing\noutputs: [summary]"),
      ),
      'A role of the stage "plan" gives a plan: add it to "outputs".',
    ],
    [
      "an output that no stage takes",
      file(`${header}\noutputs: [summary, verdict]`),
      'No stage of this role takes a verdict: remove it from "outputs".',
    ],
    [
      "a file over the limit",
      file(header, "x".repeat(MAX_ROLE_CHARACTERS)),
      `The role has ${MAX_ROLE_CHARACTERS + file(header, "").length} characters; at most ${MAX_ROLE_CHARACTERS} are allowed.`,
    ],
  ])("refuses %s with one sentence", (_name, text, message) => {
    expect(parseRole(text)).toMatchObject({ ok: false, error: { message } });
  });

  test("names the line of a YAML mistake", () => {
    expect(parseRole(file("name: tester\ndescription: [a"))).toMatchObject({ ok: false, error: { line: 3 } });
  });

  test("refuses a front matter that multiplies itself by aliases", () => {
    const bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]";
    expect(parseRole(file(bomb)).ok).toBe(false);
  });

  test("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }).map(file)), (text) => {
        parseRole(text);
      }),
    );
  });
});

describe("the roles that ship with Baton", () => {
  test.each(BUILT_IN_ROLES)("%s is valid and named for its file", async (name) => {
    const role = await readBuiltInRole(name);
    expect(role?.name).toBe(name);
    expect(role?.prompt.length).toBeGreaterThan(500);
  });

  test("a name that is not one of them, or is a path, finds nothing", async () => {
    expect(await readBuiltInRole("../package")).toBeNull();
  });
});
