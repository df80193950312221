import { GEMINI } from "../../src/runner/harness/gemini/gemini.ts";
import { GEMINI_WIRE } from "../support/models/gemini-wire.ts";
import { geminiVocabulary } from "../support/models/vocabulary/gemini-vocabulary.ts";
import { describeConformance } from "./conformance.ts";

describeConformance({
  name: "gemini",
  model: "gemini-2.5-pro",
  // The price table has none of Google's yet, and the program asks for any that it is told.
  pricedModel: "gpt-5-nano",
  wire: GEMINI_WIRE,
  vocabulary: geminiVocabulary,
  variables: ({ baseUrl, key }) => ({ GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_API_KEY: key }),
  transcript: GEMINI.transcript,
});
