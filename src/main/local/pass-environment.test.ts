import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderWorkflow } from "../../surfaces/cli/init/render-workflow.ts";
import { passSecrets, readVariables } from "./pass-environment.ts";

const workflow = () => renderWorkflow({ action: "baton/baton@0", server: null });

test("only the agent's step gets the secrets, and hands them on by name", async () => {
  const { jobs } = parse(passSecrets(await workflow(), ["MODEL_KEY", "OTHER"])) as {
    jobs: Record<string, { steps: { env?: object; with: object }[] }>;
  };
  expect(jobs["agent"]?.steps).toMatchObject([
    {
      env: { MODEL_KEY: "${{ secrets.MODEL_KEY }}", OTHER: "${{ secrets.OTHER }}" },
      with: { job: "agent", "pass-env": "MODEL_KEY, OTHER" },
    },
  ]);
  for (const job of ["deliver", "verify"]) expect(jobs[job]?.steps[0]).not.toHaveProperty("env");
});

test("without names the workflow stays as it is", async () => {
  expect(passSecrets(await workflow(), [])).toBe(await workflow());
});

test("a variable that is not set is named", () => {
  expect(readVariables(["A", "B"], { A: "1", B: "" })).toEqual({
    ok: false,
    error: "--pass-env names B, which is not set in this terminal.",
  });
  expect(readVariables(["A"], { A: "1" })).toEqual({ ok: true, value: new Map([["A", "1"]]) });
});
