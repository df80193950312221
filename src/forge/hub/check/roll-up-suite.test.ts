import { describe, expect, it } from "vitest";

import type { CheckConclusion, CheckRun, CheckStatus } from "../entity/check.ts";
import { rollUpSuite } from "./roll-up-suite.ts";

function run(name: string, status: CheckStatus, conclusion: CheckConclusion | null = null): CheckRun {
  return {
    id: 0,
    repositoryId: 1,
    suiteId: 1,
    appId: 1,
    name,
    headSha: "",
    externalId: "",
    detailsUrl: null,
    status,
    conclusion,
    startedAt: null,
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
  };
}

describe("rollUpSuite", () => {
  it("waits while nothing has begun", () => {
    expect(rollUpSuite([])).toEqual({ status: "queued", conclusion: null });
    expect(rollUpSuite([run("a", "queued")])).toEqual({ status: "queued", conclusion: null });
  });

  it("is in progress from the first run that begins to the last that ends", () => {
    const begun = { status: "in_progress", conclusion: null };
    expect(rollUpSuite([run("a", "in_progress"), run("b", "queued")])).toEqual(begun);
    expect(rollUpSuite([run("a", "completed", "success"), run("b", "queued")])).toEqual(begun);
  });

  it("concludes with the worst news", () => {
    const conclude = (...conclusions: CheckConclusion[]) =>
      rollUpSuite(conclusions.map((conclusion, index) => run(`${index}`, "completed", conclusion)))
        .conclusion;
    expect(conclude("success", "skipped")).toBe("success");
    expect(conclude("success", "failure", "cancelled")).toBe("failure");
    expect(conclude("success", "action_required")).toBe("action_required");
    expect(conclude("neutral", "skipped")).toBe("neutral");
  });

  it("forgets earlier runs of the same name", () => {
    const runs = [run("a", "completed", "failure"), run("a", "completed", "success")];
    expect(rollUpSuite(runs)).toEqual({ status: "completed", conclusion: "success" });
  });
});
