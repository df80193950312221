import { html, type Html } from "../html.ts";
import { avatar, userLink, type UserView } from "../pieces/avatar.ts";
import { icon } from "../pieces/icon.ts";
import { labelChip, type LabelView } from "../pieces/label-chip.ts";
import { timeAgo } from "../pieces/time-ago.ts";

export interface SettingsView {
  fullName: string;
  description: string | null;
  defaultBranch: string;
  isPrivate: boolean;
  mergeMethods: string[];
  collaborators: { user: UserView; role: string; source: string }[];
  labels: LabelView[];
  protections: { branch: string; rules: string[] }[];
  apps: AppView[];
  deliveries: DeliveryRow[];
  /** Whether the visitor may change anything here. */
  mayAdminister: boolean;
  /** What was typed into the label form before a refusal. */
  labelDraft: { name: string; color: string; description: string };
  nowMs: number;
}

export interface AppView {
  name: string;
  bot: UserView;
  isSuspended: boolean;
  permissions: string[];
  events: string[];
  hookUrl: string | null;
}

export interface DeliveryRow {
  id: number;
  app: string;
  event: string;
  guid: string;
  isRedelivery: boolean;
  state: "waiting" | "ok" | "failed";
  /** What came back, in a few words. */
  answer: string;
  at: string;
}

export function settingsPage(view: SettingsView): Html {
  return html`<div class="page-head">
      <div class="titles"><h1>Settings</h1></div>
    </div>
    <div class="stack" data-live="slow">
      ${generalBox(view)} ${collaboratorsBox(view)} ${labelsBox(view)} ${protectionsBox(view)}
      ${appsBox(view)} ${deliveriesBox(view)}
    </div>`;
}

function box(id: string, title: string, content: Html, side?: Html): Html {
  return html`<section class="box" id="${id}" aria-labelledby="${id}-title">
    <div class="box-header">
      <h2 id="${id}-title">${title}</h2>
      ${side}
    </div>
    ${content}
  </section>`;
}

function generalBox(view: SettingsView): Html {
  return box(
    "general",
    "General",
    html`<dl class="facts box-body">
      <dt>Description</dt>
      <dd>${view.description ?? "None"}</dd>
      <dt>Default branch</dt>
      <dd><span class="ref">${view.defaultBranch}</span></dd>
      <dt>Visibility</dt>
      <dd>${view.isPrivate ? "Private" : "Public"}</dd>
      <dt>Merging</dt>
      <dd>${view.mergeMethods.join(", ")}</dd>
    </dl>`,
  );
}

function collaboratorsBox(view: SettingsView): Html {
  return box(
    "collaborators",
    "Collaborators",
    html`<ul class="rows">
      ${view.collaborators.map(
        ({ user, role, source }) =>
          html`<li>
            ${avatar(user)}<span class="row-main">${userLink(user)}</span> <span class="hint">${source}</span
            ><span class="tag">${role}</span>
          </li>`,
      )}
    </ul>`,
  );
}

function labelsBox(view: SettingsView): Html {
  const { fullName, labels, mayAdminister } = view;
  return box(
    "labels",
    "Labels",
    html`<div class="table-scroll">
        <table class="data-table">
          <caption class="visually-hidden">
            Labels
          </caption>
          ${labels.map(
            (label) =>
              html`<tr>
                <td>${labelChip(label, `/${fullName}/issues?label=${encodeURIComponent(label.name)}`)}</td>
                <td class="muted">${label.description}</td>
              </tr>`,
          )}
        </table>
      </div>
      ${mayAdminister && labelForm(view)}`,
  );
}

function labelForm({ fullName, labelDraft }: SettingsView): Html {
  return html`<form class="label-form box-body" method="post" action="/${fullName}/settings/labels">
    <div class="field">
      <label for="label-name">New label</label>
      <input type="text" id="label-name" name="name" value="${labelDraft.name}" required maxlength="50" />
    </div>
    <div class="field">
      <label for="label-color">Colour</label>
      <input type="color" id="label-color" name="color" value="${labelDraft.color}" />
    </div>
    <div class="field">
      <label for="label-description">Description</label>
      <input
        type="text"
        id="label-description"
        name="description"
        value="${labelDraft.description}"
        maxlength="100"
      />
    </div>
    <button>Add label</button>
  </form>`;
}

function protectionsBox(view: SettingsView): Html {
  return box(
    "protection",
    "Branch protection",
    view.protections.length === 0
      ? html`<p class="box-body muted">No branch is protected: whoever may push can push and merge.</p>`
      : html`<ul class="rows">
          ${view.protections.map(
            ({ branch, rules }) =>
              html`<li>
                <span class="row-icon tone-good">${icon("shield")}</span>
                <div class="row-main">
                  <span class="ref">${branch}</span>
                  <ul class="rule-list">
                    ${rules.map((rule) => html`<li>${rule}</li>`)}
                  </ul>
                </div>
              </li>`,
          )}
        </ul>`,
  );
}

function appsBox(view: SettingsView): Html {
  return box(
    "apps",
    "Installed Apps",
    view.apps.length === 0
      ? html`<p class="box-body muted">No App is installed on this repository.</p>`
      : html`<ul class="rows">
          ${view.apps.map(
            (app) =>
              html`<li>
                ${avatar(app.bot, "large")}
                <div class="row-main">
                  <b>${app.name}</b> ${app.isSuspended && html`<span class="tag">suspended</span>`}
                  <p class="small muted">acts as ${app.bot.login}</p>
                  <dl class="facts small">
                    <dt>May</dt>
                    <dd>${app.permissions.join(", ")}</dd>
                    <dt>Hears of</dt>
                    <dd>${app.events.length === 0 ? "nothing" : app.events.join(", ")}</dd>
                    <dt>Webhook</dt>
                    <dd class="mono">${app.hookUrl ?? "none"}</dd>
                  </dl>
                </div>
              </li>`,
          )}
        </ul>`,
  );
}

const deliveryLooks = {
  waiting: { icon: "clock", tone: "wait", text: "Waiting" },
  ok: { icon: "check-circle", tone: "good", text: "Delivered" },
  failed: { icon: "cross-circle", tone: "bad", text: "Failed" },
} as const;

function deliveriesBox(view: SettingsView): Html {
  return box(
    "deliveries",
    "Webhook deliveries",
    view.deliveries.length === 0
      ? html`<p class="box-body muted">Nothing has been delivered yet.</p>`
      : html`<div class="table-scroll" tabindex="0">
          <table class="data-table">
            <caption class="visually-hidden">
              The newest webhook deliveries
            </caption>
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col">Event</th>
                <th scope="col">To</th>
                <th scope="col">Delivery</th>
                <th scope="col">When</th>
                <th scope="col"><span class="visually-hidden">Again</span></th>
              </tr>
            </thead>
            <tbody>
              ${view.deliveries.map((row) => deliveryRow(row, view))}
            </tbody>
          </table>
        </div>`,
    html`<span class="hint push">The newest ${view.deliveries.length}</span>`,
  );
}

function deliveryRow(row: DeliveryRow, view: SettingsView): Html {
  const look = deliveryLooks[row.state];
  return html`<tr id="delivery-${row.id}">
    <td class="nowrap">
      <span class="tone-${look.tone}">${icon(look.icon)} ${look.text}</span>
      <span class="hint">${row.answer}</span>
    </td>
    <td class="nowrap mono">${row.event}</td>
    <td>${row.app}</td>
    <td class="mono small">${row.guid}${row.isRedelivery && html` <span class="tag">again</span>`}</td>
    <td class="nowrap muted">${timeAgo(row.at, view.nowMs)}</td>
    <td>
      ${
        view.mayAdminister &&
        row.state !== "waiting" &&
        html`<form method="post" action="/${view.fullName}/settings/deliveries/${row.id}/redeliver">
          <button class="button-small">${icon("rerun")}Redeliver</button>
        </form>`
      }
    </td>
  </tr>`;
}
