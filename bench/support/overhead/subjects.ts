import type { Subject } from "../../../test/conformance/subject.ts";
import { ANTHROPIC_WIRE } from "../../../test/support/models/anthropic-wire.ts";
import { CHAT_COMPLETIONS_WIRE } from "../../../test/support/models/chat-completions-wire.ts";
import { GEMINI_WIRE } from "../../../test/support/models/gemini-wire.ts";
import { RESPONSES_WIRE } from "../../../test/support/models/responses-wire.ts";
import { claudeVocabulary } from "../../../test/support/models/vocabulary/claude-vocabulary.ts";
import { codexVocabulary } from "../../../test/support/models/vocabulary/codex-vocabulary.ts";
import { geminiVocabulary } from "../../../test/support/models/vocabulary/gemini-vocabulary.ts";
import { opencodeVocabulary } from "../../../test/support/models/vocabulary/opencode-vocabulary.ts";

const OF_GEMINI = {
  model: "gemini-2.5-pro",
  pricedModel: "gpt-5-nano",
  wire: GEMINI_WIRE,
  vocabulary: geminiVocabulary,
  variables: ({ baseUrl, key }) => ({ GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_API_KEY: key }),
} as const satisfies Omit<Subject, "name">;

/** Every harness that talks to a model by itself. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "claude",
    model: "claude-sonnet-5",
    pricedModel: "claude-sonnet-5",
    wire: ANTHROPIC_WIRE,
    vocabulary: claudeVocabulary,
    variables: ({ baseUrl, key }) => ({ ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: key }),
  },
  {
    name: "codex",
    model: "gpt-5.5",
    pricedModel: "gpt-5-codex",
    wire: RESPONSES_WIRE,
    vocabulary: codexVocabulary,
    variables: ({ baseUrl, key }) => ({ OPENAI_BASE_URL: `${baseUrl}/v1`, OPENAI_API_KEY: key }),
  },
  { name: "gemini", ...OF_GEMINI },
  {
    name: "opencode",
    model: "gpt-5-nano",
    pricedModel: "gpt-5-nano",
    wire: CHAT_COMPLETIONS_WIRE,
    vocabulary: opencodeVocabulary,
    variables: ({ baseUrl, key }) => ({ BATON_MODEL_URL: `${baseUrl}/v1`, BATON_MODEL_KEY: key }),
  },
  { name: "acp", program: "gemini", settings: { run: ["gemini", "--acp"] }, ...OF_GEMINI },
];
