import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { lintActionsFile } from "../../../../test/support/actions-language-service.ts";
import { DELIVER_ENVIRONMENT, VERIFY_ENVIRONMENT } from "../../../contract/attempt-api.ts";
import { WORKFLOW_PATH } from "../../../contract/workflow-path.ts";
import { renderWorkflow } from "./render-workflow.ts";

const ACTION = `octo/baton@${"a".repeat(40)}`;

async function manifest(): Promise<string> {
  return readFile(new URL("../../../../action.yml", import.meta.url), "utf8");
}

describe("the workflow that init writes", () => {
  test("is valid to GitHub's own language service, and fits the action's inputs", async () => {
    const text = await renderWorkflow({
      action: ACTION,
      server: "https://baton.example",
      harness: "command",
    });
    expect(await lintActionsFile(WORKFLOW_PATH, text, { uses: ACTION, text: await manifest() })).toEqual([]);
  });

  test("would be told of a mistake", async () => {
    const text = await renderWorkflow({ action: ACTION, server: null });
    const broken = text.replace("job: agent", "jop: agent").replace("inputs.server", "input.server");
    const found = await lintActionsFile(WORKFLOW_PATH, broken, { uses: ACTION, text: await manifest() });
    expect(found.join("\n")).toMatch(/jop/);
    expect(found.join("\n")).toMatch(/input/);
  });

  test("gives nothing at the top, and to each job only what it needs", async () => {
    const workflow = parse(await renderWorkflow({ action: ACTION, server: null })) as {
      permissions: unknown;
      jobs: Record<string, { permissions: unknown; environment?: { name: string } }>;
    };
    expect(workflow.permissions).toEqual({});
    const least = { contents: "read", "id-token": "write" };
    expect(Object.values(workflow.jobs).map(({ permissions }) => permissions)).toEqual([least, least, least]);
    expect(workflow.jobs["agent"]?.environment).toBeUndefined();
    expect(workflow.jobs["deliver"]?.environment?.name).toBe(DELIVER_ENVIRONMENT);
    expect(workflow.jobs["verify"]?.environment?.name).toBe(VERIFY_ENVIRONMENT);
  });

  test.each([
    ["claude", { ANTHROPIC_API_KEY: "${{ secrets.ANTHROPIC_API_KEY }}" }],
    ["codex", { OPENAI_API_KEY: "${{ secrets.OPENAI_API_KEY }}" }],
    ["gemini", { GEMINI_API_KEY: "${{ secrets.GEMINI_API_KEY }}" }],
    [
      "opencode",
      { BATON_MODEL_KEY: "${{ secrets.BATON_MODEL_KEY }}", BATON_MODEL_URL: "${{ vars.BATON_MODEL_URL }}" },
    ],
    ["acp", undefined],
    ["command", undefined],
  ] as const)(
    "has the key of the model of %s in the agent's step, and nowhere else",
    async (harness, env) => {
      const text = await renderWorkflow({ action: ACTION, server: null, harness });
      expect(await lintActionsFile(WORKFLOW_PATH, text, { uses: ACTION, text: await manifest() })).toEqual(
        [],
      );
      const { jobs } = parse(text) as { jobs: Record<string, { steps: readonly { env?: unknown }[] }> };
      expect(jobs["agent"]?.steps.map((step) => step.env)).toEqual([env]);
      const others = Object.entries(jobs).filter(([name]) => name !== "agent");
      expect(others.flatMap(([, { steps }]) => steps.map((step) => step.env))).toEqual([
        undefined,
        undefined,
      ]);
    },
  );

  test("names every action by its full commit", async () => {
    const text = await renderWorkflow({ action: ACTION, server: null });
    const uses = Array.from(text.matchAll(/uses: (\S+)/g), (match) => match[1]);
    expect(uses).toEqual([ACTION, ACTION, ACTION]);
  });

  test("has the server as its input's default only where one was given", async () => {
    const server = async (given: string | null): Promise<unknown> => {
      const workflow = parse(await renderWorkflow({ action: ACTION, server: given })) as {
        on: { workflow_dispatch: { inputs: { server: { default?: string } } } };
      };
      return workflow.on.workflow_dispatch.inputs.server.default;
    };
    expect(await server("https://baton.example")).toBe("https://baton.example");
    expect(await server(null)).toBeUndefined();
  });
});

test("the action's manifest is valid to GitHub's own language service", async () => {
  expect(await lintActionsFile("action.yml", await manifest())).toEqual([]);
});
