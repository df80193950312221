import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderWorkflow } from "../../surfaces/cli/init/render-workflow.ts";
import { passSecrets, readVariables } from "./pass-environment.ts";

const workflow = () => renderWorkflow({ action: "baton/baton@0", server: null });

test("only the agent's step gets the secrets, and hands them on by name", async () => {
  const { jobs } = parse(
    passSecrets(await workflow(), { names: ["MODEL_KEY", "OTHER"], harnesses: ["command"] }),
  ) as {
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

test("a key by which Baton asks the agent's model is for the step alone", async () => {
  const names = ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OTHER"];
  const stepOf = async (given: readonly string[]) => {
    const text = passSecrets(await workflow(), { names: given, harnesses: ["command", "claude"] });
    const { jobs } = parse(text) as { jobs: Record<string, { steps: { env?: object; with: object }[] }> };
    return jobs["agent"]?.steps[0];
  };
  const step = await stepOf(names);
  expect(Object.keys(step?.env ?? {})).toEqual(names);
  expect(step?.with).toMatchObject({ "pass-env": "OTHER" });
  expect((await stepOf(["ANTHROPIC_API_KEY"]))?.with).not.toHaveProperty("pass-env");
});

test("without names the workflow stays as it is", async () => {
  expect(passSecrets(await workflow(), { names: [], harnesses: ["command"] })).toBe(await workflow());
});

test("a variable that is not set is named", () => {
  expect(readVariables(["A", "B"], { A: "1", B: "" })).toEqual({
    ok: false,
    error: "--pass-env names B, which is not set in this terminal.",
  });
  expect(readVariables(["A"], { A: "1" })).toEqual({ ok: true, value: new Map([["A", "1"]]) });
});
