import type { App, Installation } from "../../hub/entity/account.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { apiUrl } from "./api-url.ts";
import { presentAccount, presentAccountById } from "./present-account.ts";

/** GitHub's "integration": the App as others see it, in checks and comments too. */
export function presentApp(hub: Hub, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: presentAccountById(hub, app.ownerId),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: `${hub.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.updatedAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function presentAppById(hub: Hub, id: number | null) {
  return id === null ? null : presentApp(hub, hub.store.apps.require(id));
}

export function presentInstallation(hub: Hub, installation: Installation) {
  const app = hub.store.apps.require(installation.appId);
  const account = hub.store.accounts.require(installation.accountId);
  const settings = account.type === "Organization" ? `organizations/${account.login}/settings` : "settings";
  return {
    id: installation.id,
    client_id: app.clientId,
    account: presentAccount(hub, account),
    repository_selection: installation.repositorySelection,
    access_tokens_url: `${apiUrl(hub)}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${apiUrl(hub)}/installation/repositories`,
    html_url: `${hub.url}/${settings}/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: presentAccountById(hub, installation.suspendedById),
    suspended_at: installation.suspendedAt,
  };
}
