import type { HarnessName } from "./harness-name.ts";

/** What is spoken between an agent program and its model's vendor. */
export type ModelProtocol = "anthropic" | "responses" | "gemini" | "chat-completions";

/** Those that come as one program from npm, at the version that their adapter was written and tested against. */
export type PinnedHarness = Exclude<HarnessName, "acp" | "command" | "recording">;

export type HarnessPin = {
  /** On npm. */
  readonly package: string;
  readonly version: string;
  /** The package's program. */
  readonly program: string;
  readonly protocol: ModelProtocol;
};

export const HARNESS_PINS: { readonly [Name in PinnedHarness]: HarnessPin } = {
  claude: {
    package: "@anthropic-ai/claude-code",
    version: "2.1.197",
    program: "claude",
    protocol: "anthropic",
  },
  codex: { package: "@openai/codex", version: "0.169.0", program: "codex", protocol: "responses" },
  gemini: { package: "@google/gemini-cli", version: "0.61.0", program: "gemini", protocol: "gemini" },
  opencode: { package: "opencode-ai", version: "1.18.33", program: "opencode", protocol: "chat-completions" },
};

export function isPinned(name: HarnessName): name is PinnedHarness {
  return Object.hasOwn(HARNESS_PINS, name);
}
