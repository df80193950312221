import { expect, test } from "vitest";
import { MAX_REPORT_BYTES, Report } from "../../contract/report.ts";
import { fitReport, redactReport } from "./fit-report.ts";
import { makeFailure } from "./make-failure.ts";
import { createRedactor } from "./redact.ts";

test("a failure keeps the contract's limits: the end of the log, the beginning of the rest", () => {
  const failure = makeFailure({
    kind: "agent",
    summary: "s".repeat(2_000),
    failingTests: Array.from({ length: 300 }, (_, index) => `test ${index} ${"x".repeat(600)}`),
    logTail: `${"a".repeat(30_000)}the end`,
    diff: `the beginning${"d".repeat(70_000)}`,
  });
  expect(Report.safeParse({ outcome: "failed", failure }).success).toBe(true);
  expect(failure.logTail.endsWith("the end")).toBe(true);
  expect(failure.diff.startsWith("the beginning")).toBe(true);
});

test("a failure without words still says something", () => {
  expect(makeFailure({ kind: "agent", summary: " " }).summary).toBe("It failed without a reason.");
});

test("a report that keeps every limit of characters still fits the limit of bytes", () => {
  const escapes = "\u0001".repeat(60_000);
  const failure = makeFailure({ kind: "agent", summary: "Failed.", logTail: escapes, diff: escapes });
  expect(JSON.stringify({ outcome: "failed", failure }).length).toBeGreaterThan(MAX_REPORT_BYTES);
  const fitted = fitReport({ outcome: "failed", failure });
  expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(MAX_REPORT_BYTES);
  expect(Report.safeParse(fitted).success).toBe(true);
});

test("credentials are masked in every text of a report, however deep", () => {
  const redactor = createRedactor();
  redactor.add("secret-token");
  const plan = { text: "use secret-token", paths: ["secret-token/**"] };
  expect(redactReport({ outcome: "done", summary: "It is secret-token.", plan }, redactor)).toEqual({
    outcome: "done",
    summary: "It is ***.",
    plan: { text: "use ***", paths: ["***/**"] },
  });
});
