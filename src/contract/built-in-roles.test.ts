import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { AgentResult } from "../runner/harness/agent-result.ts";
import { StageName } from "./briefing.ts";
import { findPrices } from "./cost/price-table.ts";
import { BUILT_IN_ROLES, readBuiltInRole } from "./built-in-roles.ts";

/**
 * How one sees that a role did well: criteria that a program can check, an answer that meets them all, and a poor one
 * that is as valid and meets none but length.
 */
const Evaluation = z.strictObject({
  stage: StageName,
  criteria: z
    .array(
      z.strictObject({
        criterion: z.string(),
        key: z.enum(["summary", "plan.text", "plan.paths"]),
        pattern: z.string(),
      }),
    )
    .min(3),
  example: AgentResult,
  poor: AgentResult,
});
type Evaluation = z.infer<typeof Evaluation>;

async function readEvaluation(role: string): Promise<Evaluation> {
  const path = new URL(`../../roles/evaluation/${role}.json`, import.meta.url);
  return Evaluation.parse(JSON.parse(await readFile(path, "utf8")));
}

function textsOf(result: AgentResult, key: Evaluation["criteria"][number]["key"]): readonly string[] {
  if (key === "summary") return [result.summary];
  return key === "plan.text" ? [result.plan?.text ?? ""] : (result.plan?.paths ?? []);
}

function missed({ criteria }: Evaluation, result: AgentResult): string[] {
  return criteria
    .filter(({ key, pattern }) => !textsOf(result, key).every((text) => new RegExp(pattern, "u").test(text)))
    .map(({ criterion }) => criterion);
}

describe.each(BUILT_IN_ROLES)("the role %s", (name) => {
  test("does the stage that it is evaluated in, and answers what that stage must give", async () => {
    const [role, { stage, example }] = await Promise.all([readBuiltInRole(name), readEvaluation(name)]);
    expect(role?.stages).toContain(stage);
    expect(example.plan !== undefined).toBe(stage === "plan");
    expect(example.verdict !== undefined).toBe(stage === "review");
  });

  test("says which harness does it best, what it gives back, and where it ends", async () => {
    const role = await readBuiltInRole(name);
    expect(new Set(role?.harness.map(({ use }) => use))).toEqual(
      new Set(["claude", "codex", "gemini", "opencode"]),
    );
    expect(role?.limits?.turns).toBeGreaterThan(0);
    const { example } = await readEvaluation(name);
    expect(role?.outputs).toEqual(expect.arrayContaining(Object.keys(example)));
  });

  test("prefers only models whose price we know, so that a budget can be kept", async () => {
    const role = await readBuiltInRole(name);
    const models = (role?.harness ?? []).flatMap(({ model }) => model ?? []);
    expect(models.map((model) => findPrices(model)?.model)).toEqual(models);
  });

  test("has an example that meets every criterion, and a poor answer that fails most of them", async () => {
    const evaluation = await readEvaluation(name);
    expect(missed(evaluation, evaluation.example)).toEqual([]);
    expect(missed(evaluation, evaluation.poor).length).toBeGreaterThan(evaluation.criteria.length / 2);
  });
});
