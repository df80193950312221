import { CLAUDE } from "../../src/runner/harness/claude/claude.ts";
import { ANTHROPIC_WIRE } from "../support/models/anthropic-wire.ts";
import { claudeVocabulary } from "../support/models/vocabulary/claude-vocabulary.ts";
import { describeConformance } from "./conformance.ts";

describeConformance({
  name: "claude",
  model: "claude-sonnet-5",
  pricedModel: "claude-sonnet-5",
  wire: ANTHROPIC_WIRE,
  vocabulary: claudeVocabulary,
  variables: ({ baseUrl, key }) => ({ ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: key }),
  transcript: CLAUDE.transcript,
});
