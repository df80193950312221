import { randomUUID } from "node:crypto";

import type { Delivery } from "../hub/entity/delivery.ts";
import type { HubEvent } from "../hub/hub-event.ts";
import type { Hub } from "../hub/hub.ts";
import { findRecipients } from "./find-recipients.ts";
import type { PayloadRegistry } from "./payload-registry.ts";

/** Writes down what each recipient will be sent, in the transaction that made the change. */
export function recordDeliveries(hub: Hub, payloads: PayloadRegistry, event: HubEvent): Delivery[] {
  return findRecipients(hub, event).map(({ app, installation }) =>
    hub.store.deliveries.insert({
      guid: randomUUID(),
      appId: app.id,
      installationId: installation?.id ?? null,
      repositoryId: event.repositoryId,
      event: event.name,
      action: event.action,
      redelivery: false,
      body: JSON.stringify(payloads.compose(event, installation ?? undefined)),
      ...unsent(hub, app.hook.url),
    }),
  );
}

/** Another attempt with the same GUID and the same bytes. It waits behind what is queued already. */
export function recordRedelivery(hub: Hub, delivery: Delivery): Delivery {
  return hub.change(() => {
    const { guid, appId, installationId, repositoryId, event, action, body } = delivery;
    const { url } = hub.store.apps.require(appId).hook;
    return hub.store.deliveries.insert({
      ...{ guid, appId, installationId, repositoryId, event, action, body },
      redelivery: true,
      ...unsent(hub, url),
    });
  });
}

function unsent(hub: Hub, url: string) {
  return {
    url,
    state: "waiting",
    createdAt: hub.now(),
    deliveredAt: null,
    duration: 0,
    status: "",
    statusCode: 0,
    requestHeaders: {},
    responseHeaders: {},
    responseBody: "",
  } as const;
}
