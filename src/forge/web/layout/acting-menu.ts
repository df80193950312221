import { html, type Html } from "../html.ts";
import { avatar, type UserView } from "../pieces/avatar.ts";
import { icon } from "../pieces/icon.ts";

interface ActingFrame {
  actor: UserView | null;
  people: readonly UserView[];
  address: string;
}

/** Who the visitor acts as, and a way to act as somebody else: a local forge has users but no passwords. */
export function actingMenu({ actor, people, address }: ActingFrame): Html {
  if (!actor) return html`<span class="muted small">No users yet</span>`;
  const choices = people.map((person) => {
    const isActor = person.login === actor.login;
    return html`<button name="login" value="${person.login}" ${isActor && html`aria-current="true"`}>
      <span class="mark">${isActor && icon("check")}</span>${avatar(person)} ${person.login}
    </button>`;
  });
  return html`<details class="menu" id="acting-menu">
    <summary>
      <span class="acting-name muted small">acting as</span>${avatar(actor)}<span class="acting-name"
        >${actor.login}</span
      ><span class="menu-caret">${icon("chevron")}</span>
    </summary>
    <form class="menu-panel" method="post" action="/_web/act-as">
      <p class="menu-title">Act as</p>
      <input type="hidden" name="return_to" value="${address}" />
      ${choices}
    </form>
  </details>`;
}
