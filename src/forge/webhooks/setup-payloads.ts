import type { Hub } from "../hub/hub.ts";
import { fullName } from "../hub/find-repository.ts";
import { nodeId } from "../hub/node-id.ts";
import { zen } from "../rest/account/meta-resource.ts";
import { apiUrl } from "../rest/present/api-url.ts";
import { presentInstallation } from "../rest/present/present-app.ts";
import { presentLabel } from "../rest/present/present-label.ts";
import type { PayloadRegistry } from "./payload-registry.ts";

/** Payloads about Apps, installations, repositories and their labels. */
export function registerSetupPayloads(hub: Hub, payloads: PayloadRegistry): void {
  payloads.register("ping", (event) => ({
    zen,
    hook_id: event.appId,
    hook: presentHook(hub, event.appId),
  }));

  payloads.register("installation", (event) => ({
    installation: presentInstallation(hub, hub.store.installations.require(event.installationId)),
    repositories: event.repositoryIds.map((id) => presentReach(hub, id)),
    requester: null,
  }));

  payloads.register("installation_repositories", (event) => {
    const installation = hub.store.installations.require(event.installationId);
    const repositories = event.repositoryIds.map((id) => presentReach(hub, id));
    return {
      installation: presentInstallation(hub, installation),
      repository_selection: installation.repositorySelection,
      repositories_added: event.action === "added" ? repositories : [],
      repositories_removed: event.action === "removed" ? repositories : [],
      requester: null,
    };
  });

  payloads.register("repository", (event) => (event.changes === undefined ? {} : { changes: event.changes }));

  payloads.register("label", (event) => {
    const repository = hub.store.repositories.require(event.repositoryId);
    const label = presentLabel(hub, repository, { ...event.label, repositoryId: repository.id });
    return { label, ...(event.changes !== undefined && { changes: event.changes }) };
  });
}

/** Repositories inside installation events: just enough to ask for more. */
function presentReach(hub: Hub, repositoryId: number) {
  const repository = hub.store.repositories.require(repositoryId);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(hub, repository),
    private: repository.private,
  };
}

function presentHook(hub: Hub, appId: number) {
  const app = hub.store.apps.require(appId);
  return {
    type: "App",
    id: app.id,
    name: "web",
    active: app.hook.active,
    events: app.events,
    config: {
      content_type: app.hook.contentType,
      insecure_ssl: app.hook.insecureSsl,
      secret: "********",
      url: app.hook.url,
    },
    updated_at: app.updatedAt,
    created_at: app.createdAt,
    app_id: app.id,
    deliveries_url: `${apiUrl(hub)}/app/hook/deliveries`,
  };
}
