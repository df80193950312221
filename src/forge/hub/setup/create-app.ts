import { generateKeyPairSync, randomBytes } from "node:crypto";

import type { Account, App, AppHook, ManifestConversion } from "../entity/account.ts";
import { personAsActor } from "../caller.ts";
import type { PermissionSet } from "../entity/permission.ts";
import type { Hub } from "../hub.ts";
import { timestamp } from "../timestamp.ts";
import { createBot } from "./create-account.ts";

export interface NewApp {
  name: string;
  owner: Account;
  description?: string;
  externalUrl?: string;
  public?: boolean;
  permissions: PermissionSet;
  events: string[];
  /** Leave out for an App without webhooks. */
  webhookUrl?: string;
  /** Made up when absent. */
  webhookSecret?: string;
}

export interface CreatedApp {
  app: App;
  /** PKCS#1 PEM, as GitHub hands it out. It is shown once and not stored. */
  privateKey: string;
}

export function createApp(hub: Hub, request: NewApp): CreatedApp {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const slug = slugOf(request.name);
  const app = hub.change(() => {
    if (hub.store.apps.findOne({ slug }) !== undefined) throw new Error(`The App name '${slug}' is taken`);
    const now = hub.now();
    const created = hub.store.apps.insert({
      slug,
      name: request.name,
      ownerId: request.owner.id,
      botId: createBot(hub, slug).id,
      description: request.description ?? null,
      externalUrl: request.externalUrl ?? hub.url,
      public: request.public ?? false,
      clientId: `Iv1.${randomBytes(8).toString("hex")}`,
      clientSecret: randomBytes(20).toString("hex"),
      publicKey,
      hook: hookOf(request),
      permissions: { ...request.permissions, metadata: "read" },
      events: request.events,
      createdAt: now,
      updatedAt: now,
    });
    const actor = personAsActor(request.owner);
    hub.emit({ name: "ping", action: null, repositoryId: null, actor, appId: created.id });
    return created;
  });
  return { app, privateKey };
}

function hookOf(request: NewApp): AppHook {
  return {
    active: request.webhookUrl !== undefined,
    url: request.webhookUrl ?? "",
    secret: request.webhookSecret ?? randomBytes(20).toString("hex"),
    contentType: "json",
    insecureSsl: "0",
  };
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (slug === "") throw new Error(`'${name}' has no letters to name an App with`);
  return slug;
}

/** How long GitHub keeps the code of a manifest before the App is abandoned. */
const conversionMs = 60 * 60 * 1000;

/**
 * The first half of the manifest flow: a person confirmed the form, the App exists, and the returned code is what
 * the redirect carries. `POST /app-manifests/{code}/conversions` is the second half.
 */
export function createAppFromManifest(hub: Hub, request: NewApp): ManifestConversion {
  const { app, privateKey } = createApp(hub, request);
  return hub.change(() =>
    hub.store.manifestConversions.insert({
      code: randomBytes(20).toString("hex"),
      appId: app.id,
      privateKey,
      expiresAt: timestamp(new Date(hub.date().getTime() + conversionMs)),
    }),
  );
}

/** @returns `undefined` for codes that are unknown, used or expired. */
export function convertManifest(hub: Hub, code: string): CreatedApp | undefined {
  return hub.change(() => {
    const conversion = hub.store.manifestConversions.findOne({ code });
    if (conversion === undefined) return undefined;
    hub.store.manifestConversions.delete(conversion.id);
    if (Date.parse(conversion.expiresAt) <= hub.date().getTime()) return undefined;
    return { app: hub.store.apps.require(conversion.appId), privateKey: conversion.privateKey };
  });
}
