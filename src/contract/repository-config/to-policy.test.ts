import { describe, expect, test } from "vitest";
import type { Policy } from "../../core/policy/policy.ts";
import { parseRole } from "../role.ts";
import { describeConfigProblem } from "./config-problem.ts";
import { readRepositoryConfig, settlePolicy } from "./parse-repository-config.ts";
import type { StageRole } from "./to-policy.ts";

function role(wishes: string, isBuiltIn = false): StageRole {
  const header = "name: x\ndescription: X.\nstages: [implement]\ntools: [read]\nwrites: code";
  const parsed = parseRole(`---\n${header}\n${wishes}\n---\nDo it.`);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { role: parsed.value, isBuiltIn };
}

function settle(text: string, implement: StageRole): Policy | string {
  const read = readRepositoryConfig(`version: 1\n${text}`);
  if (!read.ok) throw new Error(read.error.map(describeConfigProblem).join("\n"));
  const settled = settlePolicy(read.value, { implement });
  return settled.ok ? settled.value : settled.error.map(describeConfigProblem).join("\n");
}

function implementOf(text: string, given: StageRole): Policy["stages"]["implement"] {
  const policy = settle(text, given);
  if (typeof policy === "string") throw new Error(policy);
  return policy.stages.implement;
}

const WISH = "harness: [{ use: codex, model: c }, { use: claude, model: m }]";

describe("which harness a stage gets", () => {
  test.each([
    [
      "the policy's for the stage",
      "harness: { use: claude }\nstages: { implement: { harness: { use: gemini } } }",
      "gemini",
      null,
    ],
    [
      "the first that the role prefers and the policy offers",
      "harness: { use: claude }\nalternatives: [{ use: codex }]",
      "codex",
      "c",
    ],
    [
      "the one at the top, where the role prefers none that is offered",
      "harness: { use: gemini, model: g }",
      "gemini",
      "g",
    ],
    ["the one at the top, with the role's model for it", "harness: { use: claude, model: t }", "claude", "m"],
    [
      "the stage's with the role's model, where the policy names none",
      "harness: { use: gemini }\nstages: { implement: { harness: { use: claude } } }",
      "claude",
      "m",
    ],
    [
      "the stage's with its own model",
      "harness: { use: gemini }\nstages: { implement: { harness: { use: claude, model: s } } }",
      "claude",
      "s",
    ],
  ])("%s", (_name, text, name, model) => {
    expect(implementOf(text, role(WISH)).harness).toMatchObject({ name, model });
  });

  test("a built-in role's model counts only where the policy names none", () => {
    const builtIn = role(WISH, true);
    expect(implementOf("harness: { use: claude, model: t }", builtIn).harness.model).toBe("t");
    expect(implementOf("harness: { use: claude }", builtIn).harness.model).toBe("m");
  });
});

describe("which limits, skills, servers and paths a stage gets", () => {
  const wishes = "limits: { turns: 7, budget: 1 }\nskills: [own]\nmcp: [docs]\nscope: { only: [src/**] }";
  const mcp =
    "mcp: [{ name: docs, version: 1.0.0, run: [docs] }, { name: other, version: 1.0.0, run: [other] }]";

  test("the stage's go before the role's, the role's before those at the top", () => {
    const top = `harness: { use: claude }\nlimits: { turns: 50, budget: 9 }\nskills: [top]\n${mcp}`;
    const given = implementOf(top, role(wishes));
    expect(given).toMatchObject({
      limits: { maxTurns: 7, budgetMicroUsd: 1_000_000 },
      skills: ["own"],
      scope: { only: ["src/**"], deny: [] },
    });
    expect(given.mcpServers?.map(({ name }) => name)).toEqual(["docs"]);
    const stage = "stages: { implement: { limits: { turns: 3 }, skills: [stage], mcp: [other] } }";
    const staged = implementOf(`${top}\n${stage}`, role(wishes));
    expect(staged).toMatchObject({ limits: { maxTurns: 3, budgetMicroUsd: 1_000_000 }, skills: ["stage"] });
    expect(staged.mcpServers?.map(({ name }) => name)).toEqual(["other"]);
  });

  test("those at the top go before a built-in role's, which count where the policy is silent", () => {
    const builtIn = role("limits: { turns: 7, budget: 1 }", true);
    expect(implementOf("harness: { use: claude }\nlimits: { turns: 50 }", builtIn).limits).toEqual({
      maxTurns: 50,
      budgetMicroUsd: 1_000_000,
    });
  });

  test("what a role would like and its harness cannot keep is left out", () => {
    const limits = implementOf(`harness: { use: codex }\n${mcp}`, role(wishes)).limits;
    expect(limits).toEqual({ maxTurns: null, budgetMicroUsd: 1_000_000 });
  });

  test("a server that a role wants and the policy does not declare is a problem of the policy", () => {
    expect(settle("harness: { use: claude }", role(wishes))).toBe(
      '.github/baton.yml:1:1 stages.implement.role names a role that wants the MCP server "docs", which is none of mcp at the top. No server is declared there.',
    );
  });

  test("every one of them changes the policy's digest", () => {
    const digests = [
      "",
      "harness: [{ use: claude, model: m }]",
      "limits: { turns: 1 }",
      "skills: [a]",
      "scope: { deny: [b] }",
    ].map((wish) => {
      const policy = settle("harness: { use: claude }", role(wish));
      return typeof policy === "string" ? policy : policy.digest;
    });
    expect(new Set(digests).size).toBe(digests.length);
  });
});
