import { expect, test } from "vitest";
import { exampleTask } from "../../test/support/task/example-task.ts";
import { samplePolicy } from "../../test/support/task/sample-policy.ts";
import type { AppContext } from "./context.ts";
import { resolveRole } from "./resolve-role.ts";

const WITHOUT_FILES = {
  github: async () => ({ readFile: async () => ({ kind: "absent" }) }),
} as unknown as AppContext;

async function resolve(stage: "plan" | "test" | "implement", role: string) {
  const { stages } = samplePolicy();
  const policy = samplePolicy({ stages: { ...stages, [stage]: { ...stages[stage], role } } });
  return resolveRole(WITHOUT_FILES, exampleTask({ policy }), stage);
}

test.each([
  ["plan", "product-manager"],
  ["test", "breaker"],
  ["implement", "devops"],
  ["implement", "prompt-engineer"],
] as const)("the %s stage can be given to the %s", async (stage, role) => {
  expect(await resolve(stage, role)).toMatchObject({ ok: true, value: { name: role } });
});

test("a built-in role is not given a stage that it is not for", async () => {
  expect(await resolve("plan", "breaker")).toEqual({
    ok: false,
    error: 'The built-in role "breaker" is not for the plan stage: its front matter names test.',
  });
});
