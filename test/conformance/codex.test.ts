import { CODEX } from "../../src/runner/harness/codex/codex.ts";
import { RESPONSES_WIRE } from "../support/models/responses-wire.ts";
import { codexVocabulary } from "../support/models/vocabulary/codex-vocabulary.ts";
import { describeConformance } from "./conformance.ts";

describeConformance({
  name: "codex",
  model: "gpt-5.5",
  pricedModel: "gpt-5-codex",
  wire: RESPONSES_WIRE,
  vocabulary: codexVocabulary,
  variables: ({ baseUrl, key }) => ({ OPENAI_BASE_URL: `${baseUrl}/v1`, OPENAI_API_KEY: key }),
  transcript: CODEX.transcript,
});
