import { expect, test } from "vitest";
import { CLAUDE } from "../../src/runner/harness/claude/claude.ts";
import { ANTHROPIC_WIRE } from "../support/models/anthropic-wire.ts";
import { claudeVocabulary } from "../support/models/vocabulary/claude-vocabulary.ts";
import { describeConformance } from "./conformance.ts";
import { withScene } from "./open-scene.ts";
import type { Subject } from "./subject.ts";

const SUBJECT: Subject = {
  name: "claude",
  model: "claude-sonnet-5",
  pricedModel: "claude-sonnet-5",
  wire: ANTHROPIC_WIRE,
  vocabulary: claudeVocabulary,
  variables: ({ baseUrl, key }) => ({ ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: key }),
  transcript: CLAUDE.transcript,
};

describeConformance(SUBJECT);

test("the program itself tells its model of the skills, and has the tool to read them", async () => {
  const text = "---\nname: migrations\ndescription: Ours are striped.\n---\nDo it so.\n";
  const skill = { name: "migrations", description: "Ours are striped.", files: [{ path: "SKILL.md", text }] };
  await withScene(SUBJECT, async ({ model, run }) => {
    const { outcome } = await run([{ say: "Done." }], { briefing: { skills: [skill] } });
    expect(outcome.kind).toBe("result");
    const asked = JSON.stringify(model.requests);
    expect(asked).toMatch(/"name\\*":\\*"Skill\\*"/);
    expect(asked).toContain("Ours are striped.");
  });
});
