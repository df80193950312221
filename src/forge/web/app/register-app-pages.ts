import type { App, Installation } from "../../hub/entity/account.ts";
import { fullName } from "../../hub/find-repository.ts";
import { installationReaches } from "../../hub/repository-access.ts";
import { html, type Html } from "../html.ts";
import type { Page } from "../layout/page-layout.ts";
import { avatar } from "../pieces/avatar.ts";
import { maySee, type Visit } from "../visit/visit.ts";
import type { WebSite } from "../visit/web-site.ts";

/** Pages of Apps and their installations, to which the API's `html_url` of both lead. They change nothing. */
export function registerAppPages(site: WebSite): void {
  site.page("/apps/:slug", (visit) => {
    const app = visit.hub.store.apps.findOne({ slug: visit.request.req.param("slug") ?? "" });
    return app ? appPage(visit, app) : null;
  });
  site.page("/settings/installations/:installation{[0-9]+}", installationPage);
  site.page("/organizations/:organization/settings/installations/:installation{[0-9]+}", installationPage);
}

function installationPage(visit: Visit): Page | null {
  const installation = visit.hub.store.installations.get(Number(visit.request.req.param("installation")));
  return installation ? appPage(visit, visit.hub.store.apps.require(installation.appId)) : null;
}

function appPage(visit: Visit, app: App): Page {
  const installations = visit.hub.store.installations.find({ appId: app.id });
  return {
    title: app.name,
    content: html`<div class="page-head">
        ${avatar({ login: app.slug, isBot: true }, "large")}
        <div class="titles">
          <h1>${app.name}</h1>
          <p class="muted">${app.description ?? "An App on this forge"}</p>
        </div>
      </div>
      <div class="stack">
        ${installations.length === 0 && html`<p class="box box-body muted">It is not installed anywhere.</p>`}
        ${installations.map((installation) => installationBox(visit, installation))}
      </div>`,
  };
}

function installationBox(visit: Visit, installation: Installation): Html {
  const { store } = visit.hub;
  const repositories = store.repositories
    .find({ ownerId: installation.accountId })
    .filter((repository) => installationReaches(installation, repository) && maySee(visit, repository))
    .map((repository) => fullName(visit.hub, repository));
  return html`<section class="box" aria-label="Installation">
    <div class="box-header">
      <h2>Installed for ${store.accounts.require(installation.accountId).login}</h2>
      ${installation.suspendedAt !== null && html`<span class="tag">suspended</span>`}
    </div>
    <dl class="facts box-body">
      <dt>Repositories</dt>
      <dd>${repositories.map((name) => html`<a href="/${name}">${name}</a> `)}</dd>
      <dt>Permissions</dt>
      <dd>
        ${Object.entries(installation.permissions)
          .map(([name, access]) => `${access} ${name.replaceAll("_", " ")}`)
          .join(", ")}
      </dd>
      <dt>Events</dt>
      <dd>${installation.events.length === 0 ? "none" : installation.events.join(", ")}</dd>
    </dl>
  </section>`;
}
