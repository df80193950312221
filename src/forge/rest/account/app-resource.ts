import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import type { Installation } from "../../hub/entity/account.ts";
import { findAccount, findRepository } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { convertManifest } from "../../hub/setup/create-app.ts";
import {
  findInstallation,
  suspendInstallation,
  uninstallApp,
  unsuspendInstallation,
} from "../../hub/setup/install-app.ts";
import { paginate } from "../paginate.ts";
import { presentApp, presentInstallation } from "../present/present-app.ts";
import { requireApp } from "../require-access.ts";
import { notFound } from "../rest-refusal.ts";

/** What an App does as itself, and how it comes into being. */
export function registerAppResource({ rest, hub }: ForgeContext): void {
  rest.get("/app", (c) => {
    const { app } = requireApp(c);
    const installations = hub.store.installations.count({ appId: app.id });
    return c.json({ ...presentApp(hub, app), installations_count: installations });
  });

  rest.get("/apps/:slug", (c) => {
    const app = hub.store.apps.findOne({ slug: c.req.param("slug") });
    if (app === undefined) throw notFound();
    return c.json(presentApp(hub, app));
  });

  rest.get("/app/installations", (c) => {
    const { app } = requireApp(c);
    const installations = hub.store.installations.find({ appId: app.id });
    const page = paginate(c, hub, installations);
    return c.json(page.map((installation) => presentInstallation(hub, installation)));
  });

  rest.get("/app/installations/:id", (c) => c.json(presentInstallation(hub, ownInstallation(c, hub))));

  rest.delete("/app/installations/:id", (c) => {
    const installation = ownInstallation(c, hub);
    uninstallApp(hub, { installation, by: hub.store.accounts.require(installation.accountId) });
    return c.body(null, 204);
  });

  rest.put("/app/installations/:id/suspended", (c) => {
    const installation = ownInstallation(c, hub);
    suspendInstallation(hub, { installation, by: hub.store.accounts.require(installation.accountId) });
    return c.body(null, 204);
  });

  rest.delete("/app/installations/:id/suspended", (c) => {
    const installation = ownInstallation(c, hub);
    unsuspendInstallation(hub, { installation, by: hub.store.accounts.require(installation.accountId) });
    return c.body(null, 204);
  });

  rest.get("/repos/:owner/:repo/installation", (c) => {
    const { app } = requireApp(c);
    const repository = findRepository(hub, c.req.param("owner"), c.req.param("repo"));
    const installation = repository && findInstallation(hub, app.id, repository);
    if (installation === undefined) throw notFound();
    return c.json(presentInstallation(hub, installation));
  });

  rest.get("/users/:username/installation", (c) => c.json(installationOn(c, hub, c.req.param("username"))));
  rest.get("/orgs/:org/installation", (c) => c.json(installationOn(c, hub, c.req.param("org"))));

  rest.post("/app-manifests/:code/conversions", (c) => {
    const converted = convertManifest(hub, c.req.param("code"));
    if (converted === undefined) throw notFound();
    const { app, privateKey } = converted;
    return c.json(
      {
        ...presentApp(hub, app),
        client_secret: app.clientSecret,
        webhook_secret: app.hook.secret,
        pem: privateKey,
      },
      201,
    );
  });
}

/** @throws RestRefusal 404 for the installations of other Apps. */
export function ownInstallation(c: ForgeRequest, hub: Hub): Installation {
  const { app } = requireApp(c);
  const installation = hub.store.installations.get(Number(c.req.param("id")));
  if (installation?.appId !== app.id) throw notFound();
  return installation;
}

function installationOn(c: ForgeRequest, hub: Hub, login: string) {
  const { app } = requireApp(c);
  const account = findAccount(hub, login);
  const installation = account && hub.store.installations.findOne({ appId: app.id, accountId: account.id });
  if (installation === undefined) throw notFound();
  return presentInstallation(hub, installation);
}
