import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy } from "../../core/policy/policy.ts";
import type { SchemaNode } from "./config-json-schema.ts";
import { configJsonSchema, propertiesOf } from "./config-json-schema.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { describeConfigProblem } from "./config-problem.ts";
import { DEFAULT_CONFIG_TEXT } from "./default-config.ts";
import { parseRepositoryConfig } from "./parse-repository-config.ts";

const LEAST = "version: 1\nharness: { use: command, run: [agent] }\n";

function policyOf(text: string): Policy {
  const parsed = parseRepositoryConfig(text);
  if (!parsed.ok) throw new Error(parsed.error.map(describeConfigProblem).join("\n"));
  return parsed.value;
}

function problemsOf(text: string): readonly ConfigProblem[] {
  const parsed = parseRepositoryConfig(text);
  return parsed.ok ? [] : parsed.error;
}

describe("a policy", () => {
  test("needs a version and a harness, and has defaults for all else", () => {
    const { stages, retry, tiers, merge, lease, permissions, scope } = policyOf(LEAST);
    expect(stages.implement).toEqual({
      role: "developer",
      harness: { name: "command", model: null, version: null, settings: { run: ["agent"] } },
      timeoutMs: 30 * 60_000,
      limits: { maxTurns: null, budgetMicroUsd: null },
      scope: { only: [], deny: [] },
      skills: [],
      mcpServers: [],
    });
    expect(retry).toEqual({ maxRetries: 3, maxOutages: 10, backoffMs: 30_000, backoffCapMs: 600_000 });
    expect(tiers).toEqual({ default: "medium", rules: [] });
    expect(merge).toEqual({ automatic: false, method: "squash" });
    expect(lease).toEqual({ ttlMs: 90_000 });
    expect(permissions).toMatchObject({ approve: "write", start: "write" });
    expect(scope).toMatchObject({ maxFiles: 100, maxBytes: 1_048_576 });
  });

  test("has the same digest however it is written, and another when it means something else", () => {
    const digest = policyOf(LEAST).digest;
    expect(
      policyOf(`# words\nharness:\n    run: ["agent"]\n    use: command\nversion: 1\nretry: {}\n`).digest,
    ).toBe(digest);
    expect(policyOf(`${LEAST}retry: { backoff: 30000ms }\n`).digest).toBe(digest);
    expect(policyOf(`${LEAST}retry: { attempts: 2 }\n`).digest).not.toBe(digest);
  });

  test("can give a stage a harness of its own, shared by an alias", () => {
    const { stages } = policyOf(
      `version: 1\nharness: &usual { use: command, run: [agent] }\nstages:\n  plan: { harness: { use: recording, file: a/b.json, model: m } }\n  review: { harness: *usual }\n`,
    );
    expect(stages.plan.harness).toEqual({
      name: "recording",
      model: "m",
      version: null,
      settings: { file: "a/b.json" },
    });
    expect(stages.review.harness).toEqual(stages.implement.harness);
  });

  test("takes every harness, and reads money to the micro-dollar", () => {
    const { stages } = policyOf(
      `version: 1\nharness: { use: claude, model: m, version: 2.1.0 }\nlimits: { turns: 40, budget: 2.5 }\nstages:\n  plan: { limits: { budget: "0.000001" } }\n  test: { harness: { use: codex }, limits: { turns: null } }\n`,
    );
    expect(stages.implement).toMatchObject({
      harness: { name: "claude", model: "m", version: "2.1.0", settings: {} },
      limits: { maxTurns: 40, budgetMicroUsd: 2_500_000 },
    });
    expect(stages.plan.limits).toEqual({ maxTurns: 40, budgetMicroUsd: 1 });
    expect(stages.test.limits).toEqual({ maxTurns: null, budgetMicroUsd: 2_500_000 });
  });

  test("gives each stage the MCP servers that it names, and all where it names none", () => {
    const { stages } = policyOf(
      `version: 1\nharness: { use: claude }\nmcp:\n  - { name: docs, version: 1.2.3, package: "@example/docs-server" }\n  - { name: own, version: 0.1.0, run: [node, tools/mcp.mjs], env: [KEY] }\nstages:\n  plan: { mcp: [docs] }\n  test: { mcp: [] }\n`,
    );
    const docs = {
      name: "docs",
      version: "1.2.3",
      package: "@example/docs-server",
      command: ["docs-server"],
      env: [],
    };
    expect(stages.plan.mcpServers).toEqual([docs]);
    expect(stages.test.mcpServers).toEqual([]);
    expect(stages.implement.mcpServers).toEqual([
      docs,
      { name: "own", version: "0.1.0", package: null, command: ["node", "tools/mcp.mjs"], env: ["KEY"] },
    ]);
  });

  test("protects workflows and Baton's files until it says otherwise", () => {
    expect(policyOf(`${LEAST}scope: { deny: ["infra/**"] }`).scope.deny).toEqual(
      expect.arrayContaining(["infra/**", ".github/workflows/**", ".github/baton*"]),
    );
    expect(policyOf(`${LEAST}scope: { unprotect: [".github/workflows/**"] }`).scope.deny).not.toContain(
      ".github/workflows/**",
    );
  });
});

describe("the policy that baton init writes", () => {
  test("is valid", () => {
    expect(policyOf(DEFAULT_CONFIG_TEXT).tiers.rules).toHaveLength(2);
  });

  test("shows the defaults in its comments", () => {
    const uncommented = DEFAULT_CONFIG_TEXT.replace(/^( *)# ( *[a-z_]+:.*)$/gmu, "$1$2");
    expect(uncommented.match(/^[a-z]+:/gmu)).toHaveLength(
      Object.keys(propertiesOf(configJsonSchema())).length,
    );
    expect(policyOf(uncommented).digest).toBe(policyOf(DEFAULT_CONFIG_TEXT).digest);
  });
});

test.each([
  ["", '1:1  The file is empty. It needs at least "version: 1" and a harness; baton init writes an example.'],
  ["- a", "1:1  The file must be a mapping of keys, but is a list."],
  [
    "version: 2\nretyr: 1",
    "1:10 version version must be 1, but is 2. This server understands version 1 only",
  ],
  ["version: '1'", '1:10 version version must be 1, but is the text "1".'],
  ["version: 1", "1:1 harness harness is missing. Write, for example, harness: { use: claude"],
  [
    "version: 1\nharness: { use: cluade }",
    '2:17 harness.use harness.use must be claude, codex, gemini, opencode, acp, command or recording, but is the text "cluade". Did you mean "claude"?',
  ],
  [
    "version: 1\nharness: { use: command, run: [a], file: b }",
    '2:36 harness.file "file" is not a key of harness. It belongs to another kind of harness',
  ],
  [`${LEAST}retyr: {}`, '3:1 retyr "retyr" is not a key of the policy. Did you mean "retry"?'],
  [
    `${LEAST}retry:\n  atempts: 1`,
    '4:3 retry.atempts "atempts" is not a key of retry. Did you mean "attempts"?',
  ],
  [`${LEAST}retry:`, "3:7 retry retry is empty. Give it a value or remove the line."],
  [`${LEAST}stages: { verify: {} }`, '3:11 stages.verify "verify" is not a key of stages. No agent verifies'],
  [
    `${LEAST}sandbox: { hosts: [10.0.0.1] }`,
    '3:20 sandbox.hosts[0] sandbox.hosts[0] must be the name of a host, with its port where that is not 443, but is the text "10.0.0.1".',
  ],
  [
    `${LEAST}mcp: [{ name: docs, version: 1.2.3 }]`,
    "3:7 mcp[0] mcp[0] names neither a package nor a program. Give it package: <name on npm>, or run: [<program>, <arguments…>].",
  ],
  [
    `${LEAST}mcp: [{ name: docs, version: ^1.2.3, run: [a] }]`,
    '3:30 mcp[0].version mcp[0].version must be an exact version such as 1.2.3, but is the text "^1.2.3".',
  ],
  [
    `${LEAST}limits: { budget: 1.2345678 }`,
    "3:19 limits.budget limits.budget must be an amount in dollars such as 2.50, but is 1.2345678. Write it from",
  ],
  [
    `${LEAST}limits: { budget: [1] }`,
    "3:19 limits.budget limits.budget must be an amount in dollars such as 2.50, but is a list.",
  ],
  [
    `${LEAST}limits: { turns: 5 }`,
    "3:18 limits.turns limits.turns is asked of the stage plan, whose harness command cannot stop after a number of turns. Those that can are claude and gemini; or write limits.turns: null for the stage.",
  ],
  [
    "version: 1\nharness: { use: claude }\nlimits: { turns: 5 }\nstages:\n  review:\n    harness: { use: codex }",
    "3:18 limits.turns limits.turns is asked of the stage review, whose harness codex cannot stop",
  ],
  [
    `${LEAST}stages:\n  test:\n    limits: { budget: "0.5" }`,
    "5:23 stages.test.limits.budget stages.test.limits.budget is asked of the stage test, whose harness command cannot stop at a budget.",
  ],
  [
    `${LEAST}mcp: [{ name: docs, version: 1.2.3, package: docs }]`,
    "3:6 mcp mcp is asked of the stage plan, whose harness command cannot use MCP servers. Those that can are claude, codex, gemini, opencode and acp; or write mcp: [] for the stage.",
  ],
  [
    "version: 1\nharness: { use: claude }\nstages:\n  plan: { mcp: [dcos] }",
    '4:17 stages.plan.mcp[0] stages.plan.mcp[0] names "dcos", which is no server of mcp at the top. No server is declared there.',
  ],
  [
    `${LEAST}retry: { backoff: 20m }`,
    "3:1 retry.backoff_cap retry.backoff_cap must not be shorter than backoff.",
  ],
  [
    `${LEAST}lease: { ttl: 90 }`,
    "3:15 lease.ttl lease.ttl must be a duration such as 250ms, 30s, 10m or 2h, from 1s to 1h, but is 90.",
  ],
  [
    `${LEAST}lease: { ttl: 2h }`,
    '3:15 lease.ttl lease.ttl must be a time from 1s to 1h, but is the text "2h".',
  ],
  [
    `${LEAST}scope: { max_bytes: 1tb }`,
    '3:21 scope.max_bytes scope.max_bytes must be a size such as 500b, 100kb or 1mb, but is the text "1tb".',
  ],
  [
    `${LEAST}scope: { deny: ["!x"] }`,
    '3:17 scope.deny[0] scope.deny[0] is no glob that can be read: it starts with "!"',
  ],
  [
    `${LEAST}tiers: { rules: [{ tier: high }] }`,
    "3:18 tiers.rules[0] tiers.rules[0] names neither paths nor labels",
  ],
  [
    `${LEAST}merge: { automatic: yes }`,
    '3:21 merge.automatic merge.automatic must be true or false, but is the text "yes".',
  ],
  [
    `${LEAST}permissions: { approve: read }`,
    '3:25 permissions.approve permissions.approve must be write, maintain or admin, but is the text "read". On a public repository everybody has read',
  ],
  [`${LEAST}trigger: "baton:go"`, "3:10 trigger trigger must be a label of at most 50 characters"],
  [
    `${LEAST}retry: {}\nretry: {}`,
    "4:1 retry This key stands here for the second time. Keep one of the two.",
  ],
  [
    `${LEAST}retry:\n\tattempts: 1`,
    "4:1 retry This cannot be read as YAML: Tabs are not allowed as indentation. Indent with spaces",
  ],
  [`${LEAST}---\nversion: 1`, "3:1 harness A second document begins here."],
  [`${LEAST}bots: *b`, "3:7 bots Nothing before this is called &b. Write the value itself."],
  [`${LEAST}bots: &b [*b]`, "3:11 bots[0] *b would contain itself. Write the value itself."],
  [`${LEAST}trigger: !x y`, "3:10 trigger This cannot be read as YAML: Unresolved tag: !x. Remove the tag"],
  [`${LEAST}trigger: "\\ud800"`, "3:10 trigger This text holds half a character."],
])("%j is refused with its place, key and remedy", (text, expected) => {
  const [problem] = problemsOf(text);
  const shown =
    problem && `${problem.line}:${problem.column} ${problem.key} ${problem.message} ${problem.remedy}`;
  expect(shown).toContain(expected);
});

test("a file over 64 kB is refused unread", () => {
  const [problem] = problemsOf(`${LEAST}# ${"é".repeat(33_000)}\nretyr: 1\n`);
  expect(problem?.message).toBe("The file has 66063 bytes, more than the 65536 that are read.");
});

test("an alias that multiplies is refused", () => {
  const lists = Array.from({ length: 25 }, (_, index) => `  - &a${index + 1} [*a${index}, *a${index}]`);
  const [problem] = problemsOf(`${LEAST}bots:\n  - &a0 x\n${lists.join("\n")}`);
  expect(problem?.message).toBe("There are more than 20 aliases.");
});

test("all problems are told at once, in the order of the file", () => {
  const problems = problemsOf(`${LEAST}retry: { attempts: 99 }\nmerge: { method: fast }\nfoo: 1\n`);
  expect(problems.map(({ line, key }) => `${line} ${key}`)).toEqual([
    "3 retry.attempts",
    "4 merge.method",
    "5 foo",
  ]);
});

type Documented = { readonly path: readonly string[]; readonly node: SchemaNode };

/** Every key of the schema, through lists of mappings. */
function documentedKeys(node: SchemaNode, path: readonly string[] = []): Documented[] {
  return Object.entries(propertiesOf(node)).flatMap(([key, child]) => [
    { path: [...path, key], node: child },
    ...documentedKeys(child, [...path, key]),
    ...(child.items ? documentedKeys(child.items, [...path, key, "0"]) : []),
  ]);
}

const leaves = documentedKeys(configJsonSchema()).filter(
  ({ node }) => Object.keys(propertiesOf(node)).length === 0,
);

/** A file in which only this key is unusual, with the line on which it stands. */
function fileWith(path: readonly string[], value: unknown): { readonly text: string; readonly line: number } {
  const lines: string[] = [];
  path.forEach((part, depth) => {
    const indent = "  ".repeat(depth);
    if (part === "0") return;
    const isItem = path[depth - 1] === "0";
    const isLast = depth === path.length - 1;
    lines.push(
      `${isItem ? `${"  ".repeat(depth - 1)}- ` : indent}${part}:${isLast ? ` ${JSON.stringify(value)}` : ""}`,
    );
  });
  const line = lines.length;
  const keys = path.join(".");
  const beside = (...more: readonly string[]): void => {
    lines.push(...more.map((one) => `${"  ".repeat(path.length - 1)}${one}`));
  };
  if (keys.startsWith("tiers.rules.0") && !keys.endsWith("tier")) lines.push("      tier: high");
  if (keys === "tiers.rules.0.tier") lines.push('      labels: ["x"]');
  const holder = path[0] === "alternatives" ? "harness" : path.at(-2);
  if (holder === "harness") {
    if (path.at(-1) === "run") beside("use: command");
    if (path.at(-1) === "file") beside("use: recording");
    if (path.at(-1) === "model" || path.at(-1) === "version") beside("use: claude");
  }
  if (path[0] === "mcp" && path.length > 1) {
    const whole = { name: "docs", version: '"1.0.0"', run: "[docs]" };
    beside(
      ...Object.entries(whole).flatMap(([key, word]) => (path.at(-1) === key ? [] : [`${key}: ${word}`])),
    );
  }
  if (path[0] !== "version") lines.push("version: 1");
  if (path[0] !== "harness") lines.push("harness: { use: claude }");
  return { text: `${lines.join("\n")}\n`, line };
}

describe("every documented key", () => {
  test.each(leaves.map((leaf) => ({ ...leaf, key: leaf.path.join(".") })))(
    "$key is taken as documented",
    ({ path, node }) => {
      expect(node.description).toMatch(/\.$/);
      const example = node.examples?.[0] ?? node.default;
      expect(problemsOf(fileWith(path, example).text)).toEqual([]);
    },
  );

  test.each(leaves.map((leaf) => ({ ...leaf, key: leaf.path.join(".") })))(
    "$key is refused with its line where it has the wrong form",
    ({ path }) => {
      const { text, line } = fileWith(path, { nonsense: true });
      const [problem] = problemsOf(text);
      expect(problem?.line).toBe(line);
      expect(problem?.key.replaceAll("[0]", ".0")).toBe(path.join("."));
      expect(problem?.remedy).not.toBe("");
    },
  );
});

const yamlText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          LEAST,
          "version: 1\n",
          "harness:\n  use: command\n  run: [a]\n",
          "retry: ",
          "  ",
          "- ",
          "{",
          "}",
          "[",
        ),
        fc.constantFrom(
          "]",
          "&a ",
          "*a",
          "!!map ",
          "? ",
          ": ",
          "\n",
          "\t",
          "'",
          '"',
          "|\n",
          ">\n",
          "#",
          "---\n",
          "<<: *a\n",
        ),
        fc.constantFrom(
          "__proto__: ",
          "constructor: ",
          "tiers:\n  rules:\n",
          "null",
          "1e999",
          ".nan",
          '"\\ud800"',
          "\u0000",
        ),
        fc.string({ maxLength: 6 }),
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join("")),
  fc.json().map((json) => `${LEAST}stages: ${json}`),
);

test("no file makes the reader throw, and every refusal says where and what to do", () => {
  fc.assert(
    fc.property(yamlText, (text) => {
      const parsed = parseRepositoryConfig(text);
      if (parsed.ok) {
        expect(parsed.value.digest).toMatch(/^[0-9a-f]{64}$/);
        return;
      }
      expect(parsed.error.length).toBeGreaterThan(0);
      for (const { line, column, message, remedy } of parsed.error) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message.length).toBeLessThan(2_000);
        expect(remedy).toMatch(/\S/);
      }
    }),
    { numRuns: 3_000 },
  );
});
