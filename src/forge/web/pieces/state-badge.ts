import { html, type Html } from "../html.ts";
import { icon, type IconName } from "./icon.ts";

/** Colours of the stylesheet, by meaning. Wherever one is used, an icon and words say the same. */
export type Tone = "good" | "bad" | "wait" | "run" | "done" | "quiet";

export type ConversationState = "open" | "closed" | "not planned" | "draft" | "merged";

interface StateLook {
  icon: IconName;
  tone: Tone;
  text: string;
}

export function lookOf(state: ConversationState, isPull: boolean): StateLook {
  switch (state) {
    case "open":
      return { icon: isPull ? "pull" : "issue-open", tone: "good", text: "Open" };
    case "closed":
      return isPull
        ? { icon: "pull-closed", tone: "bad", text: "Closed" }
        : { icon: "issue-closed", tone: "done", text: "Closed" };
    case "not planned":
      return { icon: "skip", tone: "quiet", text: "Closed as not planned" };
    case "draft":
      return { icon: "pull-draft", tone: "quiet", text: "Draft" };
    case "merged":
      return { icon: "merge", tone: "done", text: "Merged" };
  }
}

export function stateBadge(state: ConversationState, isPull: boolean): Html {
  const look = lookOf(state, isPull);
  return html`<span class="badge tone-${look.tone}">${icon(look.icon)}${look.text}</span>`;
}
