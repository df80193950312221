import type { ModelProtocol } from "../../../contract/harness/harness-pins.ts";
import type { WireProtocol } from "../wire-protocol.ts";
import { ANTHROPIC } from "./anthropic.ts";
import { CHAT_COMPLETIONS } from "./chat-completions.ts";
import { GEMINI } from "./gemini.ts";
import { RESPONSES } from "./responses.ts";

/** Every protocol that the proxy speaks. */
export const WIRE_PROTOCOLS: { readonly [Name in ModelProtocol]: WireProtocol } = {
  anthropic: ANTHROPIC,
  responses: RESPONSES,
  gemini: GEMINI,
  "chat-completions": CHAT_COMPLETIONS,
};
