import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-time.ts";
import { STAGES } from "../task/state.ts";
import { formatCommand } from "./parsed-command.ts";
import type { ParsedCommand } from "./parsed-command.ts";
import { MAX_COMMENT_LENGTH, parseCommands } from "./parse-commands.ts";

const app = { appSlug: "baton-app" };

function commandsIn(markdown: string): string[] {
  return parseCommands(markdown, app).commands.map(formatCommand);
}

function problemsIn(markdown: string): string[] {
  return parseCommands(markdown, app).problems.map(({ line, message }) => `${line}: ${message}`);
}

describe("a line is a command", () => {
  test.each([
    ["/approve", "/approve"],
    ["/Approve 3F2A9C1", "/approve 3f2a9c1"],
    ["/approve `3f2a9c1`", "/approve 3f2a9c1"],
    ["  /approve  ", "/approve"],
    ["/baton approve 3f2a9c1", "/approve 3f2a9c1"],
    ["/baton /approve", "/approve"],
    ["@baton-app approve", "/approve"],
    ["@Baton-App[bot], approve", "/approve"],
    ["@baton-app: /retry", "/retry"],
    ["@baton-app status.", "/status"],
    ["/baton", "/help"],
    ["@baton-app", "/help"],
    ["/retry", "/retry"],
    ["/rerun TEST", "/retry test"],
    ["/retry implement -- keep `parse()` as it is", "/retry implement -- keep `parse()` as it is"],
    ["/retry -- see [the docs](https://example.org/x)", "/retry -- see [the docs](https://example.org/x)"],
    ["/retry — a long dash from a phone", "/retry -- a long dash from a phone"],
    ["/retry --", "/retry"],
    ["/cancel -- not needed -- really", "/cancel -- not needed -- really"],
    ["/stop", "/cancel"],
    ["/pause", "/hold"],
    ["/unhold", "/resume"],
    ["\uFEFF/approve", "/approve"],
    ["/approve abcdef1\\\nand a hard break", "/approve abcdef1"],
    ["- looks good\n- thanks\n/approve", "/approve"],
    ["/approve\n-- \nA mail's signature", "/approve"],
    ["text\r\n/hold\r\nmore text", "/hold"],
  ])("%j", (markdown, command) => {
    expect(commandsIn(markdown)).toEqual([command]);
    expect(problemsIn(markdown)).toEqual([]);
  });
});

describe("a line is nobody's command of ours", () => {
  test.each([
    ["> /approve"],
    ["> quoted\n/approve"],
    ["`/approve`"],
    ["`a\n/approve\nb`"],
    ["```\n/approve\n```"],
    ["~~~\n/baton approve\n"],
    ["    /approve"],
    ["- > /approve"],
    ["<!--\n/approve\n-->"],
    ["text <!--\n/approve\n-->"],
    ["<pre>\n\n/approve\n</pre>"],
    ["<details>\n\n/approve\n\n</details>"],
    ["<blockquote>\n\n/approve\n\n</blockquote>"],
    ["some <code>\n/approve\n</code> of ours"],
    ["[a link\n/approve](https://example.org)"],
    ["/approve | b\n--- | ---\n1 | 2"],
    ["| a |\n|---|\n| /approve |"],
    ["# /approve"],
    ["* /approve"],
    ["1. /approve"],
    ["\\/approve"],
    ["&#47;approve"],
    ["please /approve"],
    ["**/approve**"],
    ["/approved"],
    ["/etc/passwd"],
    ["/help/topics"],
    ["/lgtm"],
    ["/assign @someone"],
    ["//approve"],
    ["/ approve"],
    ["/batons approve"],
    ["@baton-application approve"],
    ["@someone approve"],
    [""],
  ])("%j", (markdown) => {
    expect(parseCommands(markdown, app)).toEqual({ commands: [], problems: [] });
  });
});

test("HTML that is closed again hides nothing after it", () => {
  expect(commandsIn("<details>\n\n/hold\n\n</details>\n\n/approve")).toEqual(["/approve"]);
});

test("several commands come in the order in which they were written", () => {
  expect(commandsIn("/hold\n\nsome words\n\n/retry plan\n/status")).toEqual([
    "/hold",
    "/retry plan",
    "/status",
  ]);
  expect(parseCommands("a\n\n/hold", app).commands[0]?.line).toBe(3);
});

test("what is meant for Baton and wrong is answered with the remedy", () => {
  const wrong = [
    "/baton aprove",
    "@baton-app thanks!",
    "/approve looks good to me",
    "/approve 3f2a",
    "/approve!",
    "/retry fix the tests",
    "/retry implment",
    "/retry deploy -- now",
    "/cancel because",
    "/hold please",
  ];
  expect(wrong.flatMap(problemsIn)).toMatchInlineSnapshot(`
    [
      "1: "aprove" is not a command of Baton. Did you mean "/approve"?",
      "1: "thanks" is not a command of Baton. Write "/baton help" for the list.",
      "1: "looks good to me" is not a digest, which is 7 to 64 of the characters 0-9 and a-f. Usage: /approve [digest]",
      "1: "3f2a" is not a digest, which is 7 to 64 of the characters 0-9 and a-f. Usage: /approve [digest]",
      "1: "/approve!" is not a command: write "/approve" without the punctuation.",
      "1: "fix the tests" is not a stage (plan, test, implement, verify, review). Guidance comes after two dashes: /retry -- fix the tests",
      "1: "implment" is not a stage (plan, test, implement, verify, review). Did you mean "/retry implement"?",
      "1: "deploy" is not a stage (plan, test, implement, verify, review).",
      "1: The reason comes after two dashes: /cancel -- because",
      "1: "/hold" stands alone on its line, without "please".",
    ]
  `);
});

test("a comment that is too long or too nested to search says so, if it seems to hold a command", () => {
  const long = "x".repeat(MAX_COMMENT_LENGTH);
  expect(problemsIn(`${long}\n\n/approve`)).toEqual([expect.stringContaining("too long")]);
  expect(problemsIn(`${">".repeat(500)}\n\n/approve`)).toEqual([expect.stringContaining("too nested")]);
  expect(parseCommands(`${long}\n\nnothing`, app)).toEqual({ commands: [], problems: [] });
});

test("no more than ten commands are taken from a comment", () => {
  const { commands, problems } = parseCommands("/status\n".repeat(500), app);
  expect(commands).toHaveLength(10);
  expect(problems).toHaveLength(1);
});

const line = fc.constant(1);
const freeText = fc
  .stringMatching(/^[a-z][a-z0-9 .,'()-]{0,60}[a-z]$/)
  .map((text) => text.replace(/\s+/g, " "));
const command: fc.Arbitrary<ParsedCommand> = fc.oneof(
  fc.record({
    name: fc.constant("approve" as const),
    digest: fc.option(fc.stringMatching(/^[0-9a-f]{7,64}$/)),
    line,
  }),
  fc.record({
    name: fc.constant("retry" as const),
    stage: fc.option(fc.constantFrom(...STAGES)),
    guidance: fc.option(freeText),
    line,
  }),
  fc.record({ name: fc.constant("cancel" as const), why: fc.option(freeText), line }),
  fc.record({
    name: fc.constantFrom("hold" as const, "resume" as const, "status" as const, "help" as const),
    line,
  }),
);

test("every command survives being written and read, in each way to address Baton", () => {
  fc.assert(
    fc.property(
      command,
      fc.constantFrom("/", "/baton ", "/baton /", "@baton-app ", "@baton-app[bot]: "),
      (given, address) => {
        const text = `${address}${formatCommand(given).slice(1)}`;
        expect(parseCommands(text, app)).toEqual({ commands: [given], problems: [] });
      },
    ),
    { numRuns: 500 },
  );
});

test("no command is read out of a quote or code", () => {
  const quotings = [
    (text: string) => `> ${text}`,
    (text: string) => `\`\`\`\n${text}\n\`\`\``,
    (text: string) => `    ${text}`,
    (text: string) => `\`${text}\``,
    (text: string) => `<!-- ${text} -->`,
  ];
  fc.assert(
    fc.property(command, fc.constantFrom(...quotings), (given, quote) => {
      expect(parseCommands(quote(formatCommand(given)), app)).toEqual({ commands: [], problems: [] });
    }),
    { numRuns: 500 },
  );
});

const fragment = fc.oneof(
  fc.constantFrom(
    "/approve",
    "/baton x",
    "@baton-app",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "`",
    "```\n",
    "<",
    "<!--",
    "-->",
  ),
  fc.constantFrom(
    "|",
    "\n---|---\n",
    "[",
    "](",
    "![",
    "**",
    "~~",
    "\t",
    "\r",
    "\u0000",
    "&#",
    "<pre>",
    "</pre>",
    "\\",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);

test("no comment makes the parser throw", () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 60 }), (fragments) => {
      const { commands, problems } = parseCommands(fragments.join(""), app);
      expect(commands.length + problems.length).toBeLessThanOrEqual(11);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  "[",
  "[a](",
  ">",
  "*a_b",
  "`",
  "<a ",
  "- ",
  "a|b\n-|-\n",
  "[a]: x\n",
  "![",
  "*_",
  "/status\n",
  " ",
  "<!-- ",
])("a comment full of %j is read in good time", (piece) => {
  const hostile = `/status\n\n${piece.repeat(Math.floor((MAX_COMMENT_LENGTH - 100) / piece.length))}`;
  const started = cpuMs();
  expect(parseCommands(hostile, app).problems.length).toBeLessThanOrEqual(1);
  expect(cpuMs() - started).toBeLessThan(4_000);
});
