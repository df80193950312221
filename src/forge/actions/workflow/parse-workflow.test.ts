import { expect, test } from "vitest";

import { parseActionManifest } from "./parse-action-manifest.ts";
import { parseWorkflow } from "./parse-workflow.ts";

const path = ".github/workflows/ci.yml";

async function parsed(text: string) {
  const result = await parseWorkflow(path, text);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.workflow;
}

test("structure and conditions come from GitHub's parser, values from YAML", async () => {
  const workflow = await parsed(`
name: CI
on: { push: { branches: [main] }, issues: { types: [labeled] } }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: first
        if: github.ref == 'x'
        run: |
          echo \${{ github.sha }}
            indented
      - uses: actions/checkout@v4
        if: always()
        with: { fetch-depth: 0 }
  b:
    needs: a
    if: \${{ needs.a.result == 'success' }}
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`);
  expect(workflow.triggers).toEqual({ push: { branches: ["main"] }, issues: { types: ["labeled"] } });
  expect(workflow.jobs.map((job) => [job.key, job.needs, job.if])).toEqual([
    ["a", [], "success()"],
    ["b", ["a"], "success() && (needs.a.result == 'success')"],
  ]);
  expect(workflow.jobs[0]?.steps).toMatchObject([
    { id: "first", if: "success() && (github.ref == 'x')", run: "echo ${{ github.sha }}\n  indented\n" },
    { uses: "actions/checkout@v4", if: "always()", with: { "fetch-depth": 0 } },
  ]);
});

test("dispatch inputs keep their types, which GitHub's parser loses for numbers", async () => {
  const workflow = await parsed(`
on:
  workflow_dispatch:
    inputs:
      count: { type: number, default: 3 }
      mode: { type: choice, options: [fast, slow], required: true }
      plain: { description: text }
jobs: { a: { runs-on: x, steps: [{ run: "true" }] } }
`);
  expect(workflow.name).toBe(path);
  expect(workflow.inputs).toEqual({
    count: { type: "number", required: false, default: 3, options: [] },
    mode: { type: "choice", required: true, default: null, options: ["fast", "slow"] },
    plain: { type: "string", required: false, default: null, options: [] },
  });
});

test("a job names what the forge cannot give it", async () => {
  const workflow = await parsed(`
on: push
jobs:
  a: { runs-on: x, container: node, services: { db: { image: postgres } }, steps: [{ run: "true" }] }
  b: { uses: ./.github/workflows/other.yml }
`);
  expect(workflow.jobs.map((job) => job.unsupported)).toEqual([
    ["container", "services"],
    ["reusable workflows (./.github/workflows/other.yml)"],
  ]);
});

test.each([
  ["on: push\njobs: { a: { steps: [{ run: x }] } }", "Required property is missing: runs-on"],
  ["on: push\njobs: { a: { runs-on: x, needs: b, steps: [{ run: x }] } }", "no dependencies"],
  ["on: push\njobs: { a: { runs-on: x, if: nothing.here, steps: [{ run: x }] } }", "nothing"],
  ["on: [push\njobs: {}", "Flow"],
])("a broken file is refused with GitHub's words: %j", async (text, problem) => {
  const result = await parseWorkflow(path, text);
  expect(result.ok ? [] : result.problems.join("\n")).toContain(problem);
});

test("action manifests: composite, JavaScript and what the forge does not run", () => {
  const composite = parseActionManifest(
    "action.yml",
    `
name: Greet
description: greets
inputs: { who: { default: world, required: true } }
outputs: { said: { value: "\${{ steps.say.outputs.said }}" } }
runs: { using: composite, steps: [{ id: say, run: echo hi, shell: bash }] }
`,
  );
  expect(composite).toMatchObject({
    ok: true,
    manifest: {
      name: "Greet",
      inputs: { who: { default: "world", required: true } },
      outputs: { said: "${{ steps.say.outputs.said }}" },
      runs: { using: "composite", steps: [{ id: "say", if: "success()", shell: "bash" }] },
    },
  });
  const node = "name: x\ndescription: y\nruns: { using: node24, main: a.js, post: b.js, post-if: success() }";
  expect(parseActionManifest("action.yml", node)).toMatchObject({
    manifest: { runs: { using: "node", main: "a.js", pre: null, post: "b.js", postIf: "success()" } },
  });
  const docker = "name: x\ndescription: y\nruns: { using: docker, image: Dockerfile }";
  expect(parseActionManifest("action.yml", docker)).toMatchObject({
    manifest: { runs: { using: "unsupported", what: "runs.using: docker" } },
  });
});
