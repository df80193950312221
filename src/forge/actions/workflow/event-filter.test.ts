import { expect, test } from "vitest";

import { passesFilter, type TriggerOccurrence } from "./event-filter.ts";
import type { EventFilter } from "./workflow.ts";

function occurrence(changes: Partial<TriggerOccurrence>, files: string[] = []): TriggerOccurrence {
  return { event: "push", action: null, ref: "refs/heads/main", changedFiles: async () => files, ...changes };
}

const push = (ref: string, files?: string[]) => occurrence({ ref }, files);
const pull = (action: string, ref = "main") => occurrence({ event: "pull_request", action, ref });

test.each<[string, EventFilter, TriggerOccurrence, boolean]>([
  ["no filter takes branches", {}, push("refs/heads/x"), true],
  ["no filter takes tags", {}, push("refs/tags/v1"), true],
  ["a branch filter", { branches: ["main"] }, push("refs/heads/main"), true],
  ["another branch", { branches: ["main"] }, push("refs/heads/x"), false],
  ["a branch filter leaves out tags", { branches: ["**"] }, push("refs/tags/v1"), false],
  ["a tag filter leaves out branches", { tags: ["v*"] }, push("refs/heads/v1"), false],
  ["both filters take either", { branches: ["main"], tags: ["v*"] }, push("refs/tags/v1"), true],
  ["an ignored branch", { "branches-ignore": ["wip/**"] }, push("refs/heads/wip/a"), false],
  ["a changed path", { paths: ["src/**"] }, push("refs/heads/x", ["docs/a", "src/b"]), true],
  ["no changed path", { paths: ["src/**"] }, push("refs/heads/x", ["docs/a"]), false],
  ["only ignored paths", { "paths-ignore": ["docs/**"] }, push("refs/heads/x", ["docs/a"]), false],
  ["not only ignored paths", { "paths-ignore": ["docs/**"] }, push("refs/heads/x", ["docs/a", "b"]), true],
  ["paths do not matter for tags", { paths: ["src/**"] }, push("refs/tags/v1", []), true],
  ["pull requests default to three types", {}, pull("synchronize"), true],
  ["a label is not among them", {}, pull("labeled"), false],
  ["unless named", { types: ["labeled"] }, pull("labeled"), true],
  ["a pull request's base", { branches: ["release/*"] }, pull("opened", "main"), false],
  ["issues take every type", {}, occurrence({ event: "issues", action: "labeled", ref: null }), true],
  ["a named type", { types: ["opened"] }, occurrence({ event: "issues", action: "labeled" }), false],
  [
    "workflow_run asks for the workflow by name",
    { workflows: ["CI"] },
    occurrence({ event: "workflow_run", action: "completed", workflowName: "Other" }),
    false,
  ],
])("%s", async (_name, filter, happened, passes) => {
  expect(await passesFilter(filter, happened)).toBe(passes);
});
