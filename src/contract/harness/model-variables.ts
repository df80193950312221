import type { ModelProtocol } from "./harness-pins.ts";

/** The agent job's variables that say how a model is reached. */
export type ModelVariables = {
  /** Hold the key; the first that is set is taken. The kind says how the vendor wants it sent. */
  readonly keys: readonly { readonly name: string; readonly kind: "api-key" | "bearer-token" }[];
  /** Holds the address, where it is not the vendor's own. */
  readonly address: string;
  readonly defaultAddress: string | null;
};

export const MODEL_VARIABLES: { readonly [Protocol in ModelProtocol]: ModelVariables } = {
  anthropic: {
    keys: [
      { name: "ANTHROPIC_API_KEY", kind: "api-key" },
      { name: "ANTHROPIC_AUTH_TOKEN", kind: "bearer-token" },
    ],
    address: "ANTHROPIC_BASE_URL",
    defaultAddress: "https://api.anthropic.com",
  },
  responses: {
    keys: [{ name: "OPENAI_API_KEY", kind: "api-key" }],
    address: "OPENAI_BASE_URL",
    defaultAddress: "https://api.openai.com/v1",
  },
  gemini: {
    keys: [{ name: "GEMINI_API_KEY", kind: "api-key" }],
    address: "GOOGLE_GEMINI_BASE_URL",
    defaultAddress: "https://generativelanguage.googleapis.com",
  },
  "chat-completions": {
    keys: [{ name: "BATON_MODEL_KEY", kind: "api-key" }],
    address: "BATON_MODEL_URL",
    defaultAddress: null,
  },
};
