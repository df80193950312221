import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSession, type TestSession } from "../../../test/support/harness/open-session.ts";
import { sampleBriefing } from "../../../test/support/harness/sample-briefing.ts";
import { giveBack } from "./give-back.ts";
import type { HarnessOutcome, SessionEnd } from "./harness.ts";
import { resultSchema } from "./result-schema.ts";
import { endOfFailed, endOfResult } from "./session-end.ts";

const ENDED: SessionEnd = { ...endOfResult({ summary: "The last words." }), exitCode: 0 };

let session: TestSession;

beforeEach(() => {
  session = openSession();
});

afterEach(() => {
  session.close();
});

function give(end: Partial<SessionEnd>, stage = "implement"): Promise<HarnessOutcome> {
  return giveBack({ ...session, briefing: sampleBriefing({ stage }) }, { ...ENDED, ...end });
}

describe("what an agent gives back", () => {
  test("is its file before its answer by a schema, and that before its last words", async () => {
    const structuredOutput = { summary: "By schema.", question: null };
    expect(await give({})).toMatchObject({ kind: "result", result: { summary: "The last words." } });
    expect(await give({ structuredOutput })).toMatchObject({ result: { summary: "By schema." } });
    await writeFile(session.resultFile, '{"summary":"In the file."}');
    expect(await give({ structuredOutput })).toMatchObject({ result: { summary: "In the file." } });
  });

  test("is more than last words where the stage needs more", async () => {
    expect(await give({}, "plan")).toMatchObject({
      kind: "failed",
      failure: "report",
      summary: "The agent ended without writing its result to $BATON_RESULT.",
    });
  });

  test("is checked, whoever promised its form", async () => {
    expect(await give({ structuredOutput: { summary: "" } })).toMatchObject({
      kind: "failed",
      failure: "report",
    });
  });

  test("is nothing where the session failed, whatever was written before", async () => {
    await writeFile(session.resultFile, '{"summary":"In the file."}');
    const failed = await give(endOfFailed("The model's provider is overloaded.", { class: "overloaded" }));
    expect(failed).toMatchObject({ kind: "failed", failure: "agent", error: { class: "overloaded" } });
  });
});

describe("the schema of a result", () => {
  test("has every key required and none beside, as all providers want it", () => {
    for (const stage of ["plan", "implement", "review"]) {
      const schema = resultSchema(sampleBriefing({ stage }));
      const { properties, required } = schema as { properties: object; required: string[] };
      expect(required).toEqual(Object.keys(properties));
      expect(schema).toMatchObject({ additionalProperties: false });
    }
  });

  test("has no question of a role that asks none", () => {
    const role = { name: "developer", prompt: "You.", outputs: ["summary"] };
    expect(resultSchema(sampleBriefing({ role }))["required"]).toEqual(["summary"]);
  });
});
