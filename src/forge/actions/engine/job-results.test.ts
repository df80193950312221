import { expect, test } from "vitest";

import {
  ancestorsOf,
  combineResults,
  jobStatusFunctions,
  runConclusion,
  type JobResult,
} from "./job-results.ts";
import type { JobDefinition } from "../workflow/workflow.ts";

const of = (result: JobResult["result"], outputs: Record<string, string> = {}): JobResult => ({
  result,
  outputs,
});

test("a matrix fails when one cell fails, and later cells overwrite outputs", () => {
  expect(combineResults([of("success", { a: "1" }), of("failure"), of("cancelled")]).result).toBe("failure");
  expect(combineResults([of("success", { a: "1", b: "1" }), of("success", { a: "2" })])).toEqual({
    result: "success",
    outputs: { a: "2", b: "1" },
  });
  expect(combineResults([]).result).toBe("skipped");
});

test("success() asks for all ancestors, failure() for any, and a cancellation silences both", () => {
  const functions = jobStatusFunctions(
    new Map([
      ["a", of("failure")],
      ["b", of("success")],
    ]),
    false,
  );
  expect([functions["success"]?.(), functions["failure"]?.(), functions["success"]?.("b")]).toEqual([
    false,
    true,
    true,
  ]);
  const cancelled = jobStatusFunctions(new Map([["a", of("success")]]), true);
  expect(["success", "failure", "cancelled", "always"].map((name) => cancelled[name]?.())).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test("ancestors are found through other jobs", () => {
  const job = (key: string, ...needs: string[]) => [key, { key, needs } as JobDefinition] as const;
  const jobs = new Map([job("a"), job("b", "a"), job("c", "b"), job("d")]);
  expect([...ancestorsOf(jobs.get("c") as JobDefinition, jobs)]).toEqual(["b", "a"]);
});

test.each<[JobResult["result"][], boolean, string]>([
  [["success", "skipped"], false, "success"],
  [["success", "failure", "cancelled"], false, "failure"],
  [["failure", "cancelled"], true, "cancelled"],
  [["success"], true, "success"],
  [["skipped"], false, "skipped"],
])("a run of %j (cancelled: %s) is a %s", (results, cancelled, conclusion) => {
  expect(
    runConclusion(
      results.map((result) => of(result)),
      cancelled,
    ),
  ).toBe(conclusion);
});
