import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { lintActionsFile } from "./support/actions-language-service.ts";
import { listFiles } from "./support/list-files.ts";

/** What `baton init` writes is tested beside its source, and action.yml with it. Here is what runs by itself. */
const WORKFLOWS = [
  ...(await listFiles(".github/workflows")),
  ...(await listFiles("demo/repository/.github/workflows")),
];

const CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8";

/** Of its action.yml the inputs that a workflow here may want; any other one is a problem. */
const CHECKOUT_MANIFEST = `
name: Checkout
description: Checkout a Git repository at a particular version
inputs:
  ref: { description: The branch, tag or SHA to checkout. }
  fetch-depth: { description: Number of commits to fetch., default: 1 }
  persist-credentials: { description: Whether to keep the token in the local git config., default: true }
runs: { using: node24, main: dist/index.js }
`;

type Workflow = {
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: unknown; readonly "timeout-minutes"?: number }>
  >;
};

test("there are workflows to look at, in both places", () => {
  expect(WORKFLOWS.map((path) => path.split("/")[0])).toEqual(expect.arrayContaining([".github", "demo"]));
});

describe.each(WORKFLOWS)("%s", (path) => {
  test("is valid to GitHub's own language service", async () => {
    const checkout = { uses: CHECKOUT, text: CHECKOUT_MANIFEST };
    expect(await lintActionsFile(path, await readFile(path, "utf8"), checkout)).toEqual([]);
  });

  test("names every action by its full commit, with the version for the reader", async () => {
    const text = await readFile(path, "utf8");
    const uses = Array.from(text.matchAll(/uses: (.+)$/gm), ([, used = ""]) => used);
    for (const used of uses) expect(used).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d/);
  });

  test("gives its token no right to write", async () => {
    const { permissions, jobs } = parse(await readFile(path, "utf8")) as Workflow;
    expect(permissions).toBeDefined();
    const granted = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})];
    expect(JSON.stringify(granted)).not.toContain("write");
  });
});
