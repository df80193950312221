import { CHAT_COMPLETIONS_WIRE } from "../support/models/chat-completions-wire.ts";
import { opencodeVocabulary } from "../support/models/vocabulary/opencode-vocabulary.ts";
import { describeConformance } from "./conformance.ts";

describeConformance({
  name: "acp",
  program: "opencode",
  settings: { run: ["opencode", "acp"] },
  model: "gpt-5-nano",
  pricedModel: "gpt-5-nano",
  wire: CHAT_COMPLETIONS_WIRE,
  vocabulary: opencodeVocabulary,
  variables: ({ baseUrl, key }) => ({ BATON_MODEL_URL: `${baseUrl}/v1`, BATON_MODEL_KEY: key }),
});
