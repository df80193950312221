import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import type { AppHook } from "../../hub/entity/account.ts";
import type { Delivery } from "../../hub/entity/delivery.ts";
import type { Hub } from "../../hub/hub.ts";
import { recordRedelivery } from "../../webhooks/record-delivery.ts";
import { presentDelivery, presentDeliverySummary } from "../present/present-delivery.ts";
import { readBody } from "../request-body.ts";
import { requireApp } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";
import { paginateByCursor } from "../paginate.ts";

/** The webhook of the App that calls: its configuration and what was delivered. */
export function registerHookResource({ rest, hub, deliveries }: ForgeContext): void {
  rest.get("/app/hook/config", (c) => c.json(presentHookConfig(requireApp(c).app.hook)));

  rest.patch("/app/hook/config", async (c) => {
    const { app } = requireApp(c);
    const body = await readBody(c);
    const insecure = body.raw("insecure_ssl");
    const hook: AppHook = {
      active: true,
      url: body.string("url") ?? app.hook.url,
      secret: body.string("secret") ?? app.hook.secret,
      contentType: body.oneOf("content_type", ["json", "form"]) ?? app.hook.contentType,
      insecureSsl: insecure === undefined ? app.hook.insecureSsl : Number(insecure) === 1 ? "1" : "0",
    };
    if (!URL.canParse(hook.url)) throw new RestRefusal(422, "Hook URL is invalid");
    hub.change(() => hub.store.apps.update(app.id, { hook, updatedAt: hub.now() }));
    return c.json(presentHookConfig(hook));
  });

  rest.get("/app/hook/deliveries", (c) => {
    const { app } = requireApp(c);
    const finished = hub.store.deliveries.find({ appId: app.id, state: "done" }, { newestFirst: true });
    const wanted = c.req.query("status");
    const matching = finished.filter(({ statusCode }) => {
      const success = statusCode >= 200 && statusCode < 400;
      return wanted === undefined || (wanted === "success") === success;
    });
    return c.json(paginateByCursor(c, hub, matching).map(presentDeliverySummary));
  });

  rest.get("/app/hook/deliveries/:id", (c) => c.json(presentDelivery(ownDelivery(c, hub))));

  rest.post("/app/hook/deliveries/:id/attempts", (c) => {
    deliveries.wake(recordRedelivery(hub, ownDelivery(c, hub)).appId);
    return c.json({}, 202);
  });
}

function ownDelivery(c: ForgeRequest, hub: Hub): Delivery {
  const { app } = requireApp(c);
  const delivery = hub.store.deliveries.get(Number(c.req.param("id")));
  if (delivery?.appId !== app.id || delivery.state !== "done") throw notFound();
  return delivery;
}

function presentHookConfig(hook: AppHook) {
  return {
    content_type: hook.contentType,
    insecure_ssl: hook.insecureSsl,
    ...(hook.secret !== null && { secret: "********" }),
    url: hook.url,
  };
}
