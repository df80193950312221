import { reactionContents, type ReactionContent } from "../../hub/entity/issue.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import type { ReactionView } from "./timeline-item.ts";

const faces: Record<ReactionContent, { sign: string; name: string }> = {
  "+1": { sign: "👍", name: "thumbs up" },
  "-1": { sign: "👎", name: "thumbs down" },
  laugh: { sign: "😄", name: "laugh" },
  confused: { sign: "😕", name: "confused" },
  heart: { sign: "❤️", name: "heart" },
  hooray: { sign: "🎉", name: "hooray" },
  rocket: { sign: "🚀", name: "rocket" },
  eyes: { sign: "👀", name: "eyes" },
};

/**
 * The reactions to a comment and a way to add one.
 * @param action where a reaction is sent; null shows them only
 */
export function reactionBar(reactions: readonly ReactionView[], action: string | null): Html | null {
  if (action === null && reactions.length === 0) return null;
  const shown = reactions.map((reaction) => reactionButton(reaction, action));
  if (action === null) return html`<div class="reactions">${shown}</div>`;
  return html`<form class="reactions" method="post" action="${action}">
    ${shown}
    <details class="menu reaction-picker">
      <summary title="Add a reaction">
        ${icon("smile")}<span class="visually-hidden">Add a reaction</span>
      </summary>
      <div class="menu-panel">${reactionContents.map(choice)}</div>
    </details>
  </form>`;
}

function choice(content: ReactionContent): Html {
  const { sign, name } = faces[content];
  return html`<button name="content" value="${content}" title="${name}" aria-label="React with ${name}">
    ${sign}
  </button>`;
}

function reactionButton({ content, count, isMine, logins }: ReactionView, action: string | null): Html {
  const face = content in faces ? faces[content as ReactionContent] : { sign: content, name: content };
  const who = `${face.name}: ${logins.join(", ")}`;
  return html`<button
    class="reaction"
    name="content"
    value="${content}"
    title="${who}"
    aria-label="${who}"
    aria-pressed="${isMine ? "true" : "false"}"
    ${action === null && html`disabled`}
  >
    ${face.sign} ${count}
  </button>`;
}
