import { inlineText } from "./inline-text.ts";

/** Why a command was not carried out, as the one line that answers its comment; what it quotes calls nobody. */
export function answerLine(refusal: { readonly message: string }): string {
  return inlineText(refusal.message, 500);
}
