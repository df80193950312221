import { html, type Html } from "../html.ts";

export interface UserView {
  login: string;
  isBot: boolean;
}

/** A round initial for people, a square one for bots; the login stands beside it, so it is hidden from readers. */
export function avatar(user: UserView, size: "small" | "large" = "small"): Html {
  const shape = user.isBot ? "avatar-bot" : "avatar-person";
  return html`<span class="avatar avatar-${size} ${shape} hue-${hueOf(user.login)}" aria-hidden="true"
    >${user.login.slice(0, 1).toUpperCase()}</span
  >`;
}

export function userLink(user: UserView): Html {
  const shown = user.isBot ? user.login.replace(/\[bot\]$/, "") : user.login;
  const mark = user.isBot && html` <span class="bot-mark">bot</span>`;
  return html`<a class="user" href="/${encodeURIComponent(user.login)}">${shown}</a>${mark}`;
}

/** One of twelve hues of the stylesheet, always the same for a login. */
function hueOf(login: string): number {
  let sum = 0;
  for (const character of login) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % 12;
}
